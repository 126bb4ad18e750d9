import { afterAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { shippedFiles } from "../native/embedded.ts";
import { fileSha256 } from "../native/install.ts";
import { Embedder } from "./embedder.ts";
import {
  anchorsOf,
  builtInModels,
  defaultEmbedder,
  findModel,
  modelFiles,
  shippedModels,
} from "./model-store.ts";

const dataDir = mkdtempSync(join(tmpdir(), "metachat-embedder-"));
const embedder = await Embedder.load({ modelId: defaultEmbedder, dataDir, threads: 1 });
afterAll(async () => {
  await embedder.release();
  rmSync(dataDir, { recursive: true });
});

const goldenSchema = z.array(
  z.object({ text: z.string(), ids: z.array(z.number()), vector: z.array(z.number()) }),
);
const golden = goldenSchema.parse(
  await Bun.file(shippedFiles.models[`${defaultEmbedder}/golden.json`]?.path ?? "").json(),
);

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

test("the golden texts get the reference's token ids and, within .98, its vectors", async () => {
  expect(golden.length).toBeGreaterThan(10);
  for (const { text, ids, vector } of golden) {
    expect(embedder.tokenizer.encode(text)).toEqual(ids);
    const kind = text.startsWith("query: ") ? "query" : "passage";
    const [own] = await embedder.embed([text.replace(/^(query|passage): /, "")], kind);
    expect(dot(own ?? [], vector)).toBeGreaterThanOrEqual(0.98);
  }
});

test("vectors have length one, in a batch too", async () => {
  const vectors = await embedder.embed(
    ["short", "a rather longer text about opening hours and prices"],
    "passage",
  );
  for (const vector of vectors) expect(dot(vector, vector)).toBeCloseTo(1, 4);
});

test("a text longer than the model takes is cut, and keeps its end mark", () => {
  const ids = embedder.encode("word ".repeat(5000), "passage");
  expect(ids).toHaveLength(512);
  expect(ids.at(-1)).toBe(2);
});

test("a question lies nearer to its answer than to another text, across languages", async () => {
  const [question] = await embedder.embed(["Wie lange kann ich etwas zurückgeben?"], "query");
  const [right, wrong] = await embedder.embed(
    ["Items can be returned within 30 days.", "The shop opens at nine."],
    "passage",
  );
  expect(dot(question ?? [], right ?? [])).toBeGreaterThan(dot(question ?? [], wrong ?? []));
});

test("the sentence model gives its golden token ids and vectors", async () => {
  const id = "e5-small-v2-int8";
  const companion = await Embedder.loadCompanion({ modelId: id, dataDir, threads: 1 });
  const cases = goldenSchema.parse(
    await Bun.file(shippedFiles.models[`${id}/golden.json`]?.path ?? "").json(),
  );
  expect(cases.length).toBeGreaterThan(5);
  for (const { text, ids, vector } of cases) {
    expect(companion.tokenizer.encode(text)).toEqual([...ids]);
    const [made] = await companion.embedIds([ids]);
    expect(dot(made ?? [], vector)).toBeGreaterThan(0.99);
  }
  await companion.release();
  expect(Embedder.loadCompanion({ modelId: defaultEmbedder, dataDir, threads: 1 })).rejects.toThrow(
    `no sentence model "${defaultEmbedder}"`,
  );
});

test("every file of the built-in models is what the manifest says", async () => {
  for (const model of await shippedModels())
    for (const file of model.files)
      expect([file.path, await fileSha256(shippedFiles.models[file.path]?.path ?? "")]).toEqual([
        file.path,
        file.sha256,
      ]);
});

test("the anchors are the mean vectors of their sentences", async () => {
  const model = await findModel(defaultEmbedder, dataDir);
  const anchors = await anchorsOf(model, dataDir);
  const stored = z
    .object({ languages: z.array(z.object({ language: z.string(), sentences: z.array(z.string()) })) })
    .parse(await Bun.file(shippedFiles.models[`${model.id}/anchors.json`]?.path ?? "").json());
  const english = stored.languages.findIndex((item) => item.language === "en");
  const vectors: Float32Array[] = [];
  for (const sentence of stored.languages[english]?.sentences ?? [])
    vectors.push(...(await embedder.embed([sentence], "passage")));
  const mean = Float32Array.from(
    { length: model.dims },
    (_, index) => vectors.reduce((sum, vector) => sum + (vector[index] ?? 0), 0) / vectors.length,
  );
  const anchor = anchors[english]?.mean ?? new Float32Array();
  expect(dot(mean, anchor) / Math.sqrt(dot(mean, mean) * dot(anchor, anchor))).toBeGreaterThan(0.995);
});

test("a model that is not there is refused by name", async () => {
  expect(await findModel("no-such-model", dataDir).catch((error: unknown) => String(error))).toContain(
    '"no-such-model"',
  );
});

test("weights in a file of their own belong to an added model too, and have to be whole", async () => {
  const id = "added";
  const folder = join(dataDir, "models", id);
  mkdirSync(folder, { recursive: true });
  const [builtIn] = await builtInModels();
  const files = (builtIn?.files ?? []).map((file) => {
    const path = file.path.replace(defaultEmbedder, id);
    copyFileSync(shippedFiles.models[file.path]?.path ?? "", join(dataDir, "models", path));
    return { ...file, path };
  });
  const manifest = { models: [{ ...builtIn, id, files }] };
  writeFileSync(join(dataDir, "models", "manifest.json"), JSON.stringify(manifest));
  const added = await Embedder.load({ modelId: id, dataDir, threads: 1 });
  const [[same], [wanted]] = [await added.embed(["tea"], "query"), await embedder.embed(["tea"], "query")];
  await added.release();
  expect(same).toEqual(wanted ?? new Float32Array());
  truncateSync(join(folder, "model.onnx.data"), 1_000_000);
  expect(modelFiles(id, dataDir)).rejects.toThrow("model.onnx.data is missing or not what the manifest says");
});
