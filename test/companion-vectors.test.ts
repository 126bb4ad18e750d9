/** The model for English beside the embedding model: its vectors of sentences, made in idle time, order English passages. */
import { expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Reader } from "../src/db/transaction.ts";
import type { ChatResponse, SearchHitBody } from "../src/http/schemas.ts";
import { defaultEmbedder, findModel } from "../src/inference/model-store.ts";
import { activeIndex } from "../src/knowledge/embedding-index.ts";
import { shippedFiles } from "../src/native/embedded.ts";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

const model = "e5-small-v2-int8";

const pages = {
  "city-bikes": `A deposit of 50 euros is paid at the desk. Helmets are free of charge. Bring it back by six.

Repairs after a fall cost up to 80 euros.`,
  "cargo-trikes": `A deposit of 200 euros is paid at the desk. Straps are free of charge. Bring it back by six.

Repairs after a fall cost up to 300 euros.`,
  Öffnungszeiten: `Die Werkstatt ist von Montag bis Freitag von neun bis achtzehn Uhr geöffnet. Am Samstag ist sie bis Mittag für Sie da.

Am Sonntag und an Feiertagen ist die Werkstatt nicht geöffnet.`,
};

async function titlesWithVectors(app: TestApp, tenant: string): Promise<string[]> {
  const rows = await app.app.store.read(tenant, (reader) =>
    reader.all<{ title: string; model: string }>(
      `SELECT title, model FROM companion_vectors JOIN chunks ON chunks.key = companion_vectors.key
       JOIN documents ON documents.id = document_id ORDER BY title`,
    ),
  );
  expect(rows.every((row) => row.model === model)).toBe(true);
  return rows.map(({ title }) => title);
}

/** Waits for the last thing that is made in idle time. */
async function made(app: TestApp, tenant: string, titles: readonly string[]): Promise<void> {
  await until(
    async () => Bun.deepEquals(await titlesWithVectors(app, tenant), [...titles]),
    `vectors of ${titles.join(", ")}`,
  );
}

async function filledApp() {
  const app = await startTestApp();
  const { id, apiKey } = await app.createTenant("Wheels");
  const documents = new Map<string, string>();
  for (const [title, text] of Object.entries(pages))
    documents.set(title, await addText(app, apiKey, title, text));
  await made(app, id, ["cargo-trikes", "city-bikes"]);
  const find = async (question: string) =>
    (await app.app.search.search(id, { question, limit: 8 })).passages.map(
      ({ title, byCompanion, score }) => ({
        title,
        byCompanion,
        score,
      }),
    );
  return { app, id, apiKey, documents, find, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

test("of passages that say the same, the one whose title fits comes first; other languages go without", async () => {
  await using filled = await filledApp();
  const { app, apiKey, find } = filled;
  const trikes = await find("What deposit is paid for a cargo trike?");
  const bikes = await find("What deposit is paid for a city bike?");
  expect([trikes[0]?.title, bikes[0]?.title]).toEqual(["cargo-trikes", "city-bikes"]);
  for (const [first, second] of [trikes, bikes]) {
    expect(first?.byCompanion).toBeGreaterThan(second?.byCompanion ?? 1);
    expect(first?.score).toBeGreaterThan(second?.score ?? 1);
  }
  // What cannot be told by its small words is asked in the language of the documents that hold its words.
  const short = await find("cargo trikes deposit");
  expect([short[0]?.title, typeof short[0]?.byCompanion]).toEqual(["cargo-trikes", "number"]);

  const german = await find("Wann ist die Werkstatt geöffnet?");
  expect(german[0]?.title).toBe("Öffnungszeiten");
  expect(german.map(({ byCompanion }) => byCompanion)).toEqual(german.map(() => null));
  const english = await find("When is the workshop open on Sunday?");
  expect(english.find(({ title }) => title === "Öffnungszeiten")).toMatchObject({ byCompanion: null });

  const response = await app.api(apiKey, "POST", "/api/v1/search", {
    query: "What deposit is paid for a cargo trike?",
  });
  const { items } = (await response.json()) as { items: { reasons: SearchHitBody["reasons"] }[] };
  expect(items[0]?.reasons.nearestUnderTitle).toBeCloseTo(trikes[0]?.byCompanion ?? 0, 5);
  expect(items[0]?.reasons.nearestSentence).toBeUndefined();
});

test("what only the title says is answered, and not what none says", async () => {
  await using filled = await filledApp();
  const { app, apiKey } = filled;
  const ask = async (message: string) => {
    const response = await app.api(apiKey, "POST", "/api/v1/chat", { message });
    expect(response.status).toBe(200);
    return ((await response.json()) as ChatResponse).message;
  };
  for (const [question, title, quote] of [
    [
      "What deposit is paid for a cargo trike?",
      "cargo-trikes",
      "A deposit of 200 euros is paid at the desk.",
    ],
    [
      "How much is the deposit for the city bike?",
      "city-bikes",
      "A deposit of 50 euros is paid at the desk.",
    ],
    ["What do repairs of a cargo trike cost?", "cargo-trikes", "Repairs after a fall cost up to 300 euros."],
  ] as const) {
    const { action, citations } = await ask(question);
    expect([question, action, citations?.[0]?.title, citations?.[0]?.quote]).toEqual([
      question,
      "sent",
      title,
      quote,
    ]);
  }
  expect((await ask("How high is the deposit for a canoe?")).action).toBe("handed_over");
});

test("only words count in a search by words, and a question with no English in it asks no model for English", async () => {
  await using filled = await filledApp();
  const { app, id, find } = filled;
  const { passages } = await app.app.search.search(id, {
    question: "What deposit is paid for a cargo trike?",
    limit: 8,
    mode: "keyword",
  });
  expect(passages.length).toBeGreaterThan(0);
  for (const question of ["Fahrradverleih Kaution?", "你们几点开门", "Сколько стоит залог?", "👍"])
    expect((await find(question)).filter(({ byCompanion }) => byCompanion !== null)).toEqual([]);
  expect(passages.filter(({ byCompanion }) => byCompanion !== null)).toEqual([]);
});

test("they go with their passages: made anew for a new version, gone with the document", async () => {
  await using filled = await filledApp();
  const { app, id, apiKey, documents, find } = filled;
  const document = documents.get("cargo-trikes") ?? "";
  await app.api(apiKey, "PUT", `/api/v1/documents/${document}`, {
    title: "cargo-trikes",
    text: "The deposit is 250 euros from May on. It is paid at the desk.",
  });
  await waitForDocument(app, apiKey, document);
  await made(app, id, ["cargo-trikes", "city-bikes"]);
  expect((await find("What deposit is paid for a cargo trike?"))[0]?.title).toBe("cargo-trikes");
  await app.api(apiKey, "DELETE", `/api/v1/documents/${document}`);
  await made(app, id, ["city-bikes"]);
});

const activeModel = (reader: Reader) => activeIndex(reader)?.model;

/** A data folder with a copy of the built-in model whose companion is on no server. */
async function withoutItsCompanion(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-test-"));
  const builtIn = await findModel(defaultEmbedder, dataDir);
  const files = builtIn.files.map((file) => {
    const path = file.path.replace(defaultEmbedder, "added");
    mkdirSync(dirname(join(dataDir, "models", path)), { recursive: true });
    copyFileSync(shippedFiles.models[file.path]?.path ?? "", join(dataDir, "models", path));
    return { ...file, path };
  });
  const companion = { ...builtIn.retrieval.companion, model: "nowhere" };
  const retrieval = { ...builtIn.retrieval, companion };
  const manifest = { models: [{ ...builtIn, id: "added", files, retrieval }] };
  writeFileSync(join(dataDir, "models", "manifest.json"), JSON.stringify(manifest));
  return dataDir;
}

test("a companion that is not there holds up nothing else", async () => {
  const dataDir = await withoutItsCompanion();
  await using folder = new AsyncDisposableStack();
  folder.defer(() => rmSync(dataDir, { recursive: true }));
  await using app = await startTestApp({ dataDir });
  const { id, apiKey } = await app.createTenant("Wheels");
  const set = await app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval: { embeddingModel: "added" } });
  expect(set.status).toBe(200);
  await addText(app, apiKey, "city-bikes", pages["city-bikes"]);
  await until(
    () =>
      app.app.store.read(
        id,
        (reader) =>
          reader.get("SELECT 1 FROM sentence_vectors") !== undefined && activeModel(reader) === "added",
      ),
    "the vectors of the model's own",
  );
  const { passages } = await app.app.search.search(id, { question: "What deposit is paid?", limit: 8 });
  expect(passages.map(({ title, byCompanion }) => [title, byCompanion])).toEqual([["city-bikes", null]]);
  expect(await titlesWithVectors(app, id)).toEqual([]);
});
