/**
 * The embedding model driven by ONNX Runtime alone, for comparison: nothing of the product runs here. Reads texts
 * (JSON array of strings, prefix included) from standard input, prints `{tokens, modelMs, tokenizeMs}`.
 *
 *   bun bench/harness/onnx-direct.ts MODEL_FOLDER THREADS
 */
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { InferenceSession, Tensor } from "onnxruntime-node";

/** The product's own limits of one run (`knowledge/ingest-thread.ts`). */
const batchTokens = 1536;
const maxBatchRows = 16;
const maxTokens = 512;

const [folder = "", threads = "2"] = Bun.argv.slice(2);
const texts = (await Bun.stdin.json()) as readonly string[];

const tokenizer = new Tokenizer(await Bun.file(join(folder, "tokenizer.json")).json(), {});
const session = await InferenceSession.create(join(folder, "model.onnx"), {
  intraOpNumThreads: Number(threads),
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
});

async function run(rows: readonly (readonly number[])[]): Promise<void> {
  const length = Math.max(...rows.map((row) => row.length));
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  for (const [index, row] of rows.entries())
    for (const [position, id] of row.entries()) {
      ids[index * length + position] = BigInt(id);
      mask[index * length + position] = 1n;
    }
  const shape = [rows.length, length];
  await session.run({
    input_ids: new Tensor("int64", ids, shape),
    attention_mask: new Tensor("int64", mask, shape),
  });
}

/** Longest first; as many rows as fit with their padding. */
function batches(rows: readonly (readonly number[])[]): (readonly number[])[][] {
  const made: (readonly number[])[][] = [];
  let batch: (readonly number[])[] = [];
  for (const row of [...rows].sort((a, b) => b.length - a.length)) {
    const longest = Math.max(row.length, batch[0]?.length ?? 0);
    if (batch.length > 0 && (longest * (batch.length + 1) > batchTokens || batch.length === maxBatchRows)) {
      made.push(batch);
      batch = [];
    }
    batch.push(row);
  }
  if (batch.length > 0) made.push(batch);
  return made;
}

const beforeTokens = performance.now();
const rows = texts.map((text) => {
  const { ids } = tokenizer.encode(text, { add_special_tokens: true });
  return ids.length <= maxTokens ? ids : [...ids.slice(0, maxTokens - 1), ids.at(-1) ?? 0];
});
const tokenizeMs = performance.now() - beforeTokens;
const planned = batches(rows);
await run(planned.at(-1) ?? []);
const beforeModel = performance.now();
for (const batch of planned) await run(batch);
const modelMs = performance.now() - beforeModel;
console.log(JSON.stringify({ tokens: rows.reduce((sum, row) => sum + row.length, 0), modelMs, tokenizeMs }));
