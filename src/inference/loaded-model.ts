/** A model that a thread loads when it is first asked for. */

/** One model at a time: another one is loaded in its place. */
export class LoadedModel<T extends { release(): Promise<void> }> {
  #current: { readonly model: string; readonly value: Promise<T> } | undefined;

  constructor(readonly load: (model: string) => Promise<T>) {}

  get(model: string): Promise<T> {
    if (this.#current?.model === model) return this.#current.value;
    const before = this.#current?.value;
    const value = (async () => {
      await (await before)?.release();
      return this.load(model);
    })();
    value.catch(() => {
      if (this.#current?.value === value) this.#current = undefined;
    });
    this.#current = { model, value };
    return value;
  }

  async release(): Promise<void> {
    await (await this.#current?.value)?.release();
  }
}
