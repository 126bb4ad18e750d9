const mostKept = 64;

/** What was made by one call and waits for the next; the oldest is let go when its job never came back for it. */
export class Kept<T> {
  readonly #items = new Map<number, T>();
  #next = 1;

  keep(item: T): number {
    const ticket = this.#next++;
    this.#items.set(ticket, item);
    for (const [oldest] of this.#items) {
      if (this.#items.size <= mostKept) break;
      this.#items.delete(oldest);
    }
    return ticket;
  }

  /** @throws when there is none: the thread ended in between */
  take(ticket: number): T {
    const item = this.#items.get(ticket);
    if (item === undefined) throw new Error("the vectors to write are gone: the thread was started anew");
    this.#items.delete(ticket);
    return item;
  }
}
