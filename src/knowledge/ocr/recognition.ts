/** What one upload may have of text recognition, together with the files inside it. */
import type { Recogniser } from "./recogniser.ts";

/** A page takes one to three seconds, and other files wait meanwhile. */
const mostPages = 60;
/** From the beginning of its reading. The process that reads is ended after 120 s. */
const mostMs = 75_000;

export class Recognition {
  #pages = mostPages;
  readonly #until = performance.now() + mostMs;

  constructor(readonly recogniser: Recogniser) {}

  /** Whether there is no time left. */
  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** @returns false when no more pages may be read */
  takePage(): boolean {
    if (this.#pages === 0 || this.isOver) return false;
    this.#pages -= 1;
    return true;
  }
}
