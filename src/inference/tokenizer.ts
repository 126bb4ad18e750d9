/** A model's own tokenizer. */
import { Tokenizer } from "@huggingface/tokenizers";

export class TextTokenizer {
  readonly #tokenizer: Tokenizer;

  private constructor(definition: object) {
    this.#tokenizer = new Tokenizer(definition, {});
  }

  /** @param path tokenizer.json, readable through `Bun.file` */
  static async load(path: string): Promise<TextTokenizer> {
    return new TextTokenizer(await Bun.file(path).json());
  }

  /** Token ids, special tokens included. */
  encode(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: true }).ids;
  }

  /** Number of tokens without the special ones. */
  count(text: string): number {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids.length;
  }
}
