/** A model's own tokenizer: packed where the model has one, else by the library. */
import { Tokenizer } from "@huggingface/tokenizers";
import { UnigramTokenizer } from "./unigram.ts";

export interface TextTokenizer {
  /** Token ids, special tokens included. */
  encode(text: string): number[];
  /** Number of tokens without the special ones. */
  count(text: string): number;
}

/** Paths readable through `Bun.file`. */
export type TokenizerFile =
  /** Made by `scripts/models/pack-tokenizer.ts`. */
  { readonly packed: string } | { readonly json: string };

/** @throws when the file is missing, damaged, or of a kind that is not known. */
export async function loadTokenizer(file: TokenizerFile): Promise<TextTokenizer> {
  if ("packed" in file) return new UnigramTokenizer(await Bun.file(file.packed).arrayBuffer());
  const tokenizer = new Tokenizer(await Bun.file(file.json).json(), {});
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: true }).ids,
    count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length,
  };
}
