import { DocumentBuilder } from "./document-builder.ts";
import type { LoadedDocument } from "./loader.ts";

/**
 * Writes a presentation slide by slide. A slide without a title gets its number as heading where another one stands
 * before it: its text would otherwise be read as a part of that one.
 */
export class SlideWriter {
  readonly builder = new DocumentBuilder();
  #slide = 0;
  #hidden = 0;

  /** Place of the blocks of the current slide. */
  get place(): { readonly page: number } {
    return { page: this.#slide };
  }

  /** @param title "" when it has none */
  startSlide(title: string): void {
    this.#slide++;
    if (title !== "") this.builder.add("heading", title, { level: 1, page: this.#slide });
    else if (!this.builder.isEmpty)
      this.builder.add("heading", `Slide ${this.#slide}`, { level: 1, page: this.#slide });
  }

  /** A slide that is not shown keeps its number. */
  skipHiddenSlide(): void {
    this.#slide++;
    this.#hidden++;
  }

  build(title: string | undefined): LoadedDocument {
    const { title: found, ...document } = this.builder.build({ title, pages: this.#slide });
    const slides = this.#hidden === 1 ? "1 hidden slide was" : `${this.#hidden} hidden slides were`;
    return {
      ...document,
      ...(found !== undefined && !/^Slide \d+$/.test(found) ? { title: found } : {}),
      ...(this.#hidden > 0 ? { note: `${slides} left out.` } : {}),
    };
  }
}
