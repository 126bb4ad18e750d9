/** The highest scores seen so far, in order; of equal ones the first that was offered comes first. */
export class BestScores {
  readonly ids: number[] = [];
  readonly #scores: number[] = [];
  #least = Number.NEGATIVE_INFINITY;

  /** @param wanted how many are kept, 1 or more */
  constructor(readonly wanted: number) {}

  /** Only a score above this one is taken; -Infinity while there is room. */
  get least(): number {
    return this.#least;
  }

  /** Of `ids`, in their order. */
  get scores(): readonly number[] {
    return this.#scores;
  }

  offer(id: number, score: number): void {
    // Written so that a score that is no number is left out.
    if (!(score > this.#least)) return;
    let low = 0;
    let high = this.#scores.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#scores[middle] ?? 0) >= score) low = middle + 1;
      else high = middle;
    }
    this.#scores.splice(low, 0, score);
    this.ids.splice(low, 0, id);
    if (this.ids.length > this.wanted) {
      this.#scores.pop();
      this.ids.pop();
    }
    if (this.ids.length === this.wanted) this.#least = this.#scores.at(-1) ?? 0;
  }
}
