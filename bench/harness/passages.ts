/** Knowledge bases of any size from real passages: their texts, and vectors that the embedder itself made. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Embedder, type TextKind } from "../../src/inference/embedder.ts";
import { defaultEmbedder } from "../../src/inference/model-store.ts";
import { fileSha256 } from "../../src/native/install.ts";
import { cache, root } from "./paths.ts";
import { passagesOf, squad } from "./squad.ts";
import { seededRandom } from "./stats.ts";

export interface VectorText {
  readonly title: string;
  readonly text: string;
  /** L2-normalised. */
  readonly vector: Float32Array;
}

const batchRows = 4;

/** SHA-256 of a model's weights, hex: the manifest also holds figures that are tuned often. */
export async function modelHash(model: string = defaultEmbedder): Promise<string> {
  return String(await fileSha256(join(root, "models", model, "model.onnx.data")));
}

/** The vectors of the texts; made once (half a minute), then read from `.cache/bench/`. */
export async function vectorsOf(
  texts: readonly string[],
  kind: TextKind = "passage",
  model: string = defaultEmbedder,
): Promise<Float32Array[]> {
  const name = createHash("sha256")
    .update(await modelHash(model))
    .update(kind === "passage" ? "" : kind)
    .update(JSON.stringify(texts))
    .digest("hex")
    .slice(0, 16);
  const path = join(cache, `${name}.f32`);
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true });
    const vectors = await embed(texts, kind, model);
    writeFileSync(`${path}.tmp`, Buffer.concat(vectors.map((vector) => Buffer.from(vector.buffer))));
    renameSync(`${path}.tmp`, path);
  }
  const all = new Float32Array(new Uint8Array(readFileSync(path)).buffer);
  const dims = all.length / texts.length;
  return texts.map((_, index) => all.slice(index * dims, (index + 1) * dims));
}

async function embed(texts: readonly string[], kind: TextKind, modelId: string): Promise<Float32Array[]> {
  // Questions one by one, as the product does it: their vectors are compared with each other.
  const rows = kind === "query" ? 1 : batchRows;
  const options = { modelId, dataDir: cache, threads: 2 };
  const embedder = await (modelId === defaultEmbedder
    ? Embedder.load(options)
    : Embedder.loadCompanion(options));
  const order = texts
    .map((_, index) => index)
    .sort((a, b) => (texts[a] ?? "").length - (texts[b] ?? "").length);
  const vectors: Float32Array[] = [];
  for (let from = 0; from < order.length; from += rows) {
    const batch = order.slice(from, from + rows);
    const found = await embedder.embed(
      batch.map((index) => texts[index] ?? ""),
      kind,
    );
    for (const [position, index] of batch.entries()) {
      const vector = found[position];
      if (vector !== undefined) vectors[index] = vector;
    }
  }
  await embedder.release();
  return vectors;
}

/** The 857 passages of SQuAD 1.1, as they are. */
export async function realPassages(): Promise<VectorText[]> {
  const passages = passagesOf(await squad());
  const vectors = await vectorsOf(
    passages.map((passage) => passage.text),
    "passage",
  );
  return passages.flatMap(({ article, text }, index) => {
    const vector = vectors[index];
    return vector === undefined ? [] : [{ title: article.title, text, vector }];
  });
}

/** As `recombined` takes a text apart. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
}

/** About what the product makes of a long text: 380 tokens on average. */
const recombinedLength = 1_700;
/** Of the noise, beside a vector of length 1. */
const noise = 0.25;

/**
 * `count` passages put together from sentences of real ones; the vector is the mean of the vectors of the passages
 * that the sentences come from, with a little noise, normalised. The same in every run.
 */
export function* recombined(base: readonly VectorText[], count: number): Generator<VectorText> {
  const random = seededRandom(42);
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  const sentences = base.map((passage) => sentencesOf(passage.text));
  for (let made = 0; made < count; made += 1) {
    const parts: string[] = [];
    const vector = new Float32Array(base[0]?.vector.length ?? 0);
    let length = 0;
    while (length < recombinedLength) {
      const from = Math.floor(random() * base.length);
      const sentence = pick(sentences[from] ?? [""]);
      parts.push(sentence);
      length += sentence.length + 1;
      for (const [at, value] of (base[from]?.vector ?? []).entries()) vector[at] = (vector[at] ?? 0) + value;
    }
    yield { title: pick(base).title, text: parts.join(" "), vector: withNoise(vector, random) };
  }
}

function withNoise(vector: Float32Array, random: () => number): Float32Array {
  const unit = normalised(vector);
  const scale = noise * Math.sqrt(12 / unit.length);
  return normalised(unit.map((value) => value + (random() - 0.5) * scale));
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
