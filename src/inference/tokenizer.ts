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

export interface TokenPair {
  readonly ids: number[];
  /** 0 for the first text, 1 for the second. */
  readonly types: number[];
}

/** Two texts as one row of tokens, special tokens included, as a cross-encoder takes them. */
export type PairTokenizer = (first: string, second: string) => TokenPair;

/** @throws when the file is missing, damaged, or of a kind that is not known. */
export async function loadPairTokenizer(file: TokenizerFile): Promise<PairTokenizer> {
  if ("packed" in file) throw new Error("a packed tokenizer knows no pairs: list tokenizer.json");
  const tokenizer = new Tokenizer(await Bun.file(file.json).json(), {});
  return (first, second) => {
    const { ids, token_type_ids: types } = tokenizer.encode(first, {
      text_pair: second,
      add_special_tokens: true,
      return_token_type_ids: true,
    });
    // What the library does not know of a tokenizer it leaves out without a word.
    if (!ids.every(Number.isInteger)) throw new Error(`${file.json} is of a kind that gives no token ids`);
    return { ids, types };
  };
}

/** @throws when the file is missing, damaged, or of a kind that is not known. */
export async function loadTokenizer(file: TokenizerFile): Promise<TextTokenizer> {
  if ("packed" in file) return new UnigramTokenizer(await Bun.file(file.packed).arrayBuffer());
  const tokenizer = new Tokenizer(await Bun.file(file.json).json(), {});
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: true }).ids,
    count: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length,
  };
}
