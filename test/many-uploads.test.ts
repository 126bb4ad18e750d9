/** Many tenants upload at the same moment: each document becomes ready, without a single failed try. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { getDocument } from "../src/knowledge/documents.ts";
import { maxBatchRows } from "../src/knowledge/ingest-thread.ts";
import { startTestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { addSecondModel, secondModel, secondModelFolder } from "./second-model.ts";

const textOf = (name: string, paragraphs: number) =>
  Array.from(
    { length: paragraphs },
    (_, n) =>
      `## Shelf ${n}\n\n${name} keeps the goods of shelf ${n} behind the green door number ${n}. ${"They are counted every week by two people who write the numbers into the book. ".repeat(6)}`,
  ).join("\n\n");

test("eight tenants at once", async () => {
  await using app = await startTestApp();
  const tenants = await Promise.all(Array.from({ length: 8 }, (_, n) => app.createTenant(`Shop ${n}`)));
  const uploads = await Promise.all(
    tenants.map(async ({ apiKey }, n) => {
      const response = await app.api(apiKey, "POST", "/api/v1/documents", {
        title: `Shop ${n}`,
        text: textOf(`Shop ${n}`, 12),
      });
      return { apiKey, id: ((await response.json()) as { items: { id: string }[] }).items[0]?.id ?? "" };
    }),
  );
  for (const { apiKey, id } of uploads)
    expect((await waitForDocument(app, apiKey, id, 110_000)).status).toBe("ready");
  expect(app.app.queue.failed).toBe(0);
});

test("a page of one tenant waits for a few batches of another's long document, not for all of it", async () => {
  await using app = await startTestApp();
  const long = await app.createTenant("Long");
  const short = await app.createTenant("Short");
  const post = async (apiKey: string, title: string, text: string) => {
    const response = await app.api(apiKey, "POST", "/api/v1/documents", { title, text });
    return ((await response.json()) as { items: { id: string }[] }).items[0]?.id ?? "";
  };
  const book = await post(long.apiKey, "Book", textOf("The library", 300));
  const embedded = () =>
    app.app.store.read(long.id, (reader) => getDocument(reader, book)).then((document) => document.embedded);
  await until(async () => (await embedded()) > 0, "the long document's first batch", 60_000);
  const page = await post(short.apiKey, "Page", textOf("The shop", 1));
  // Its words do not wait for the other's batches at all: they are cut and written beside them.
  const isCut = () =>
    app.app.store.read(short.id, (reader) => getDocument(reader, page)).then(({ chunks }) => chunks > 0);
  await until(isCut, "the page's words", 60_000);
  const before = await embedded();
  expect((await waitForDocument(app, short.apiKey, page, 60_000)).status).toBe("ready");
  // One batch that was under way, at most one more before its own, and one until the next look at the page's state.
  expect((await embedded()) - before).toBeLessThanOrEqual(3 * maxBatchRows);
  expect(await embedded()).toBeLessThan(300 / 2);
});

if (existsSync(secondModelFolder))
  test("the embedding model is changed while a document is taken in: no vector of one in the index of the other", async () => {
    await using app = await startTestApp();
    const { apiKey, id: tenant } = await app.createTenant("Shop");
    await addSecondModel(app.dataDir);
    const response = await app.api(apiKey, "POST", "/api/v1/documents", {
      title: "Shop",
      text: textOf("Shop", 40),
    });
    const id = ((await response.json()) as { items: { id: string }[] }).items[0]?.id ?? "";
    await Bun.sleep(500);
    const retrieval = { embeddingModel: secondModel };
    expect((await app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval })).status).toBe(200);
    expect((await waitForDocument(app, apiKey, id, 110_000)).status).toBe("ready");
    const model = () => app.app.search.modelOf(tenant);
    const until = Date.now() + 60_000;
    while ((await model()).id !== secondModel && Date.now() < until) await Bun.sleep(50);
    expect((await model()).id).toBe(secondModel);
    expect(app.app.queue.failed).toBe(0);
    // Each passage lies where its own text lies.
    const chunks = await app.app.store.read(tenant, (reader) =>
      reader.all<{ key: number; text: string; heading: string | null }>(
        "SELECT key, text, heading FROM chunks",
      ),
    );
    const entry = await model();
    for (const chunk of chunks.slice(0, 10)) {
      const question = chunk.text.slice(0, 300);
      const found = await app.app.search.search(tenant, { question, limit: 3, mode: "vector" });
      expect(found.model.id).toBe(entry.id);
      expect(found.passages[0]?.cosine ?? 0).toBeGreaterThan(0.5);
    }
  });
else console.log("not run: 1 test of changing the embedding model (../shared/models is missing)");
