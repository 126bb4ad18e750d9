/** Doing many things and taking the time of each. */

/** Calls `work` for every item, `width` at a time, in order of the items. @returns results in that order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  let next = 0;
  const one = async () => {
    for (;;) {
      const index = next++;
      const item = items[index];
      if (item === undefined) return;
      done[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: width }, one));
  return done;
}

/** @returns milliseconds that each call took, one after the other. */
export async function timed<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (const item of items) {
    const started = performance.now();
    await work(item);
    samples.push(performance.now() - started);
  }
  return samples;
}

/** Asks again every `everyMs` until `look` gives something. @throws after `withinMs`. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  options: { readonly everyMs?: number; readonly withinMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + (options.withinMs ?? 120_000);
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await Bun.sleep(options.everyMs ?? 10);
  }
}
