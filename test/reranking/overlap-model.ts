/** A cross-encoder that counts shared words, put into a data folder as an operator would. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const overlapModel = "overlap";
const words = "how long may a parcel be kept at the post office two weeks seven days letter stamp".split(" ");

/** The smallest tokenizer that knows pairs. */
function tokenizer(): string {
  const vocab = Object.fromEntries(["[UNK]", "[CLS]", "[SEP]", ...words].map((word, index) => [word, index]));
  const special = (content: string, at: number) => ({
    id: at,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  return JSON.stringify({
    version: "1.0",
    added_tokens: [special("[UNK]", 0), special("[CLS]", 1), special("[SEP]", 2)],
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
      ],
      pair: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
        { Sequence: { id: "B", type_id: 1 } },
        { SpecialToken: { id: "[SEP]", type_id: 1 } },
      ],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [1], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [2], tokens: ["[SEP]"] },
      },
    },
    decoder: null,
    model: {
      type: "WordPiece",
      vocab,
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
    },
  });
}

/** @param change of its entry in the manifest */
export function putOverlapModel(dataDir: string, change: Readonly<Record<string, unknown>> = {}): void {
  const id = overlapModel;
  const folder = join(dataDir, "models", id);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dir, "model.onnx"), join(folder, "model.onnx"));
  writeFileSync(join(folder, "tokenizer.json"), tokenizer());
  const files = ["model.onnx", "tokenizer.json"].map((name) => ({
    path: `${id}/${name}`,
    bytes: statSync(join(folder, name)).size,
    sha256: createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex"),
  }));
  const rerank = { depth: 10, weight: 100 };
  const entry = { id, task: "reranking", files, maxTokens: 64, licence: "Apache-2.0", rerank, ...change };
  writeFileSync(join(dataDir, "models", "manifest.json"), JSON.stringify({ models: [entry] }));
}
