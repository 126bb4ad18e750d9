/**
 * Source marks in a model's streamed text. The model names sources by the numbers it was given; the reader sees them
 * numbered 1, 2, 3 in the order of their first use. Marks may be split anywhere between two pieces of the stream,
 * and marks of sources that do not exist are dropped.
 */

const longestMark = 32;
const complete = /^\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]/;
const mayBecome = /^\[[\d\s,;]*$/;

export class CitationStream {
  readonly #sources: number;
  #held = "";
  /** Source numbers (1-based, as the model was given them) in the order of their first use. */
  readonly used: number[] = [];

  constructor(sources: number) {
    this.#sources = sources;
  }

  /** Takes a piece of the model's text. @returns what can be shown of it and of what was held back before. */
  push(piece: string): string {
    this.#held += piece;
    let shown = "";
    for (;;) {
      const at = this.#held.indexOf("[");
      if (at === -1) {
        shown += this.#held;
        this.#held = "";
        return shown;
      }
      shown += this.#held.slice(0, at);
      this.#held = this.#held.slice(at);
      const mark = complete.exec(this.#held);
      if (mark !== null) {
        shown += this.#numbered(mark[1] ?? "");
        this.#held = this.#held.slice(mark[0].length);
      } else if (this.#held.length < longestMark && mayBecome.test(this.#held)) return shown;
      else {
        shown += "[";
        this.#held = this.#held.slice(1);
      }
    }
  }

  /** What was still held back when the stream ended. */
  end(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }

  #numbered(list: string): string {
    const marks: string[] = [];
    for (const part of list.split(/[,;]/)) {
      const source = Number(part.trim());
      if (source < 1 || source > this.#sources) continue;
      if (!this.used.includes(source)) this.used.push(source);
      marks.push(`[${this.used.indexOf(source) + 1}]`);
    }
    return [...new Set(marks)].join("");
  }
}
