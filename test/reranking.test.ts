/** A cross-encoder in the data folder, as an operator puts it there: test/reranking/model.onnx counts shared words. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SearchResponse } from "../src/http/schemas.ts";
import { addText, startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { overlapModel as id, putOverlapModel as putModel } from "./reranking/overlap-model.ts";

/** Search alone prefers the passage that says it best, the model the one that says it most. */
const twice = "A parcel, a parcel, a parcel: how long may it be? Stamp it at the post office.";
const once = "The post office keeps what arrives for two weeks, so a parcel may wait there that long.";
const question = "how long may a parcel be kept at the post office";

let app: TestApp;
let apiKey: string;

async function search(change: Readonly<Record<string, unknown>> = {}): Promise<SearchResponse> {
  const response = await app.api(apiKey, "POST", "/api/v1/search", { query: question, ...change });
  expect(response.status).toBe(200);
  return (await response.json()) as SearchResponse;
}
const texts = ({ items }: SearchResponse) => items.map(({ text }) => text);

function setReranker(reranker: string | null): Promise<Response> {
  return app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval: { reranker } });
}

beforeAll(async () => {
  app = await startTestApp();
  ({ apiKey } = await app.createTenant("Post"));
  for (const [title, text] of [
    ["Rules", once],
    ["Poem", twice],
    ["Stamps", "Letters need a stamp. It costs ninety cents."],
  ] as const)
    await addText(app, apiKey, title, text);
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
});

describe("a reranking model", () => {
  test("that is not there cannot be chosen, and the error says which are", async () => {
    const response = await setReranker(id);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { detail: string }).detail).toContain("There are none yet");
    putModel(app.dataDir);
    const other = await setReranker("another");
    expect(((await other.json()) as { detail: string }).detail).toContain(`There are: ${id}`);
  });

  test("puts the best passages in its order, says what it thought of each, and how long it took", async () => {
    const before = await search();
    expect(texts(before)[0]).toBe(once);
    expect(before.timings.rerankMs).toBe(0);
    expect(before.items[0]?.reasons.reranked).toBeUndefined();
    expect((await setReranker(id)).status).toBe(200);
    const after = await search();
    expect(texts(after).slice(0, 2)).toEqual([twice, once]);
    // "a" and "parcel" three times each, eight others once; seven words; and the two [SEP] are a pair too.
    const values = after.items.map(({ reasons }) => reasons.reranked);
    expect(values.slice(0, 2)).toEqual([15, 8]);
    expect(after.timings.rerankMs).toBeGreaterThan(0);
    const scores = after.items.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(after.notes).toEqual([]);
  });

  test("is asked for hybrid search alone, and keeps to the limit", async () => {
    for (const mode of ["vector", "keyword"]) {
      const { items, timings } = await search({ mode });
      expect([items[0]?.reasons.reranked, timings.rerankMs]).toEqual([undefined, 0]);
    }
    expect(texts(await search({ limit: 1 }))).toEqual([twice]);
  });

  test("weighs as much as its manifest says", async () => {
    putModel(app.dataDir, { rerank: { depth: 10, weight: 1e-6 } });
    expect(texts(await search())[0]).toBe(once);
    putModel(app.dataDir);
    expect(texts(await search())[0]).toBe(twice);
  });

  test("that is damaged or gone costs a note, not the answer", async () => {
    const broken = await startTestApp();
    try {
      const post = await broken.createTenant("Post");
      await addText(broken, post.apiKey, "Rules", once);
      putModel(broken.dataDir);
      await broken.api(post.apiKey, "PATCH", "/api/v1/settings", { retrieval: { reranker: id } });
      writeFileSync(join(broken.dataDir, "models", id, "model.onnx"), "not a model");
      const ask = async () => {
        const response = await broken.api(post.apiKey, "POST", "/api/v1/search", { query: question });
        return (await response.json()) as SearchResponse;
      };
      const note = "The reranking model could not be used: passages are in the order of search alone.";
      const damaged = await ask();
      expect([texts(damaged), damaged.notes]).toEqual([[once], [note]]);
      rmSync(join(broken.dataDir, "models"), { recursive: true });
      const gone = await ask();
      expect([texts(gone), gone.notes]).toEqual([[once], [note]]);
    } finally {
      await broken[Symbol.asyncDispose]();
    }
  });

  test("is left out again", async () => {
    await setReranker(null);
    expect(texts(await search())[0]).toBe(once);
  });
});
