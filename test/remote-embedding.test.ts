/** Vectors from model servers: chosen, learnt with, searched with, and what happens when such a server fails. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeOllama, startFakeOllama } from "../src/testing/fake-ollama.ts";
import { type FakeOpenAi, startFakeOpenAi } from "../src/testing/fake-openai.ts";
import { type FakeEmbedder, fakeVector } from "../src/testing/fake-vectors.ts";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(90_000);

const nomic = "ollama:nomic-embed-text";
const openAiModel = "openai:text-embedding-test";
const loopback = { METACHAT_EGRESS_ALLOW: "127.0.0.1/32" };
const returnsText = "Customers may bring goods back within thirty days of buying them.";

interface SettingsBody {
  readonly retrieval: { readonly embeddingModel: string | null };
  readonly learning: { readonly state: string; readonly progress: number; readonly problem: string | null };
}

function ollamaWith(embedder: Partial<FakeEmbedder> = {}, port?: number): FakeOllama {
  return startFakeOllama({
    embedder: { models: ["nomic-embed-text"], dims: 384, ...embedder },
    ...(port === undefined ? {} : { port }),
  });
}

async function settingsOf(app: TestApp, key: string): Promise<SettingsBody> {
  return (await (await app.api(key, "GET", "/api/v1/settings")).json()) as SettingsBody;
}

async function choose(app: TestApp, key: string, embeddingModel: string | null): Promise<Response> {
  return app.api(key, "PATCH", "/api/v1/settings", { retrieval: { embeddingModel } });
}

async function setOpenAi(app: TestApp, apiKey: string, fake: FakeOpenAi, key?: string): Promise<void> {
  const body = { url: fake.url, ...(key === undefined ? {} : { key }) };
  const response = await app.api(apiKey, "PATCH", "/api/v1/providers/openai-compatible", body);
  expect(response.status).toBe(200);
}

async function search(app: TestApp, key: string, query: string, mode = "vector") {
  const response = await app.api(key, "POST", "/api/v1/search", { query, mode, limit: 3 });
  return (await response.json()) as { items: { text: string; match: string }[]; notes: string[] };
}

const learnt = (app: TestApp, key: string) =>
  until(async () => (await settingsOf(app, key)).learning.state === "ready", "all is learnt", 60_000);

async function events(app: TestApp, tenant: string, type: string): Promise<unknown[]> {
  const rows = await app.app.store.read(tenant, (reader) =>
    reader.all<{ data: string }>("SELECT data FROM events WHERE type = ? ORDER BY seq", type),
  );
  return rows.map((row) => JSON.parse(row.data));
}

async function startDocument(app: TestApp, key: string, title: string, text: string): Promise<string> {
  const response = await app.api(key, "POST", "/api/v1/documents", { title, text });
  return ((await response.json()) as { items: { id: string }[] }).items[0]?.id ?? "";
}

interface DocumentBody {
  readonly status: string;
  readonly searchable: string;
  readonly note?: string;
}

async function documentOf(app: TestApp, key: string, id: string): Promise<DocumentBody> {
  return (await (await app.api(key, "GET", `/api/v1/documents/${id}`)).json()) as DocumentBody;
}

test("documents are learnt anew with a model of the operator's Ollama without a gap, and back again", async () => {
  using ollama = ollamaWith();
  await using app = await startTestApp({ env: { OLLAMA_HOST: ollama.url } });
  const { apiKey, id } = await app.createTenant("Shop");
  for (let n = 0; n < 40; n += 1)
    await startDocument(app, apiKey, `Note ${n}`, `Note ${n}. Parcel ${n} lies in the cellar.`);
  await addText(app, apiKey, "Returns", returnsText);
  expect((await choose(app, apiKey, nomic)).status).toBe(200);
  while ((await settingsOf(app, apiKey)).learning.state !== "ready")
    expect((await search(app, apiKey, "Can goods be returned?", "hybrid")).items[0]?.text).toBe(returnsText);
  const { items, notes } = await search(app, apiKey, "refund");
  expect(items[0]).toMatchObject({ text: returnsText, match: "vector" });
  expect(notes).toEqual([]);
  const sent = ollama.embeds.flat();
  expect(sent).toContain(`search_document: ${returnsText}`);
  expect(sent).toContain("search_query: refund");
  expect(Math.max(...ollama.embeds.map((texts) => texts.length))).toBeLessThanOrEqual(33);
  const indexes = await app.app.store.read(id, (reader) =>
    reader.all("SELECT model, dims, state FROM embedding_indexes"),
  );
  expect(indexes).toEqual([{ model: `${nomic}#1`, dims: 384, state: "active" }]);
  expect(await events(app, id, "embedding_model.changed")).toEqual([{ model: nomic }]);
  await addText(app, apiKey, "Hours", "On Sundays everything stays shut.");
  expect((await search(app, apiKey, "opening hours")).items[0]?.text).toContain("Sundays");
  const before = ollama.embeds.length;
  expect((await choose(app, apiKey, null)).status).toBe(200);
  await learnt(app, apiKey);
  expect((await search(app, apiKey, "Can I return an item?")).items[0]?.text).toBe(returnsText);
  expect(ollama.embeds.length).toBe(before);
  expect(app.app.queue.failed).toBe(0);
});

test("a service with OpenAI's interface learns the first document too, with the key and in the order it says", async () => {
  using openAi = startFakeOpenAi();
  openAi.key = "canary-0123456789";
  await using app = await startTestApp({ env: loopback });
  const { apiKey } = await app.createTenant("Shop");
  await setOpenAi(app, apiKey, openAi, openAi.key);
  expect((await choose(app, apiKey, openAiModel)).status).toBe(200);
  const text = Array.from(
    { length: 60 },
    (_, n) =>
      `## Shelf ${n}\n\nShelf ${n} holds the goods number ${n}. ${"They are counted often. ".repeat(60)}`,
  ).join("\n\n");
  await addText(app, apiKey, "Shelves", text);
  await addText(app, apiKey, "Returns", returnsText);
  expect((await search(app, apiKey, "refund")).items[0]?.text).toBe(returnsText);
  const stored = await app.app.store.read((await app.app.tenants.list())[0]?.id ?? "", (reader) =>
    reader.all<{ text: string; heading: string | null; vector: Uint8Array }>(
      `SELECT text, heading, embedding AS vector FROM chunks JOIN vectors_1 ON vectors_1.rowid = key`,
    ),
  );
  expect(stored.length).toBeGreaterThan(40);
  for (const { text: passage, heading, vector } of stored) {
    const floats = new Float32Array(vector.slice().buffer);
    const expected = fakeVector(
      heading === null || passage.startsWith(heading)
        ? passage
        : `${heading.split(" › ").at(-1)}\n${passage}`,
      256,
    );
    const length = Math.hypot(...expected);
    expect(Math.hypot(...floats)).toBeCloseTo(1, 4);
    expect(floats[0]).toBeCloseTo((expected[0] ?? 0) / length, 4);
  }
});

const nonsense: readonly (readonly [string, Partial<FakeEmbedder>, RegExp])[] = [
  ["numbers that are none", { vectors: (texts) => texts.map(() => [1, null, 3]) }, /no numbers/],
  [
    "JSON with NaN",
    { body: '{"embeddings":[[NaN,1]],"data":[{"embedding":[NaN]}]}' },
    /not (as Ollama|JSON)/,
  ],
  ["zeros", { vectors: (texts) => texts.map(() => [0, 0, 0]) }, /zeros/],
  ["too few vectors", { vectors: (texts) => texts.slice(1).map(() => [1, 2]) }, /came for/],
  ["too many vectors", { vectors: (texts) => [...texts, "x"].map(() => [1, 2]) }, /came for/],
  ["more dimensions than can be used", { dims: 4_097 }, /4097 dimensions/],
  [
    "other dimensions each time",
    { vectors: (texts) => texts.map((_, n) => [1, 2, 3].slice(n % 2)) },
    /instead of/,
  ],
  [
    "other vectors each time",
    { vectors: (texts) => texts.map(() => Array.from({ length: 64 }, () => Math.random() - 0.5)) },
    /another vector each time/,
  ],
  ["words", { body: '{"embeddings":"no","data":"no"}' }, /else than vectors/],
  ["deep nesting", { body: `{"embeddings":${"[".repeat(100_000)}` }, /else than vectors/],
  ["an error", { failWith: 500 }, /error \(500\)/],
  ["no such model", { models: [] }, /model/],
];

for (const [what, embedder, message] of nonsense)
  test(`a server that answers with ${what} is refused in plain words, and nothing changes`, async () => {
    using ollama = ollamaWith(embedder);
    using openAi = startFakeOpenAi(embedder);
    await using app = await startTestApp({ env: { ...loopback, OLLAMA_HOST: ollama.url } });
    const { apiKey, id } = await app.createTenant("Shop");
    await setOpenAi(app, apiKey, openAi);
    for (const model of [nomic, openAiModel]) {
      const refused = await choose(app, apiKey, model);
      expect(refused.status).toBe(502);
      const { code, detail } = (await refused.json()) as { code: string; detail: string };
      expect(code).toBe("provider_failed");
      expect(detail).toMatch(message);
      expect(detail).toStartWith("Nothing was changed.");
    }
    expect((await settingsOf(app, apiKey)).retrieval.embeddingModel).toBeNull();
    const kept = await app.app.store.read(id, (reader) => reader.all("SELECT id FROM remote_embedders"));
    expect(kept).toEqual([]);
  });

test("a server that sends without end is left, and one that is not there is named", async () => {
  let sent = 0;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
  using openAi = startFakeOpenAi({ body: endless() });
  await using app = await startTestApp({ env: loopback });
  const { apiKey } = await app.createTenant("Shop");
  expect(await (await choose(app, apiKey, openAiModel)).text()).toContain("No address is set");
  await setOpenAi(app, apiKey, openAi);
  expect(await (await choose(app, apiKey, openAiModel)).text()).toContain("else than vectors");
  expect(sent).toBeLessThan(20_000_000);
  const gone = await choose(app, apiKey, nomic);
  expect(gone.status).toBe(502);
  expect(await gone.text()).toContain("No Ollama answers");
  for (const name of ["ollama:", "ollama:two words", "openai:\u0000"])
    expect((await choose(app, apiKey, name)).status).toBe(400);
});

test("a tenant's server on a private network is not reached for vectors either", async () => {
  using inside = startFakeOpenAi();
  using insideOllama = ollamaWith();
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Mallory");
  await setOpenAi(app, apiKey, inside);
  await app.api(apiKey, "PATCH", "/api/v1/providers/ollama", { url: insideOllama.url });
  for (const model of [nomic, openAiModel]) {
    const refused = await choose(app, apiKey, model);
    expect(refused.status).toBe(502);
    expect(await refused.text()).toContain("METACHAT_EGRESS_ALLOW");
  }
  expect(inside.requests).toEqual([]);
  expect(insideOllama.embeds).toEqual([]);
});

test("while the server is down documents are found by their words and say why; they go on by themselves, also after a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-remote-"));
  const first = ollamaWith();
  const port = Number(new URL(first.url).port);
  const env = { OLLAMA_HOST: first.url };
  let ids: string[];
  let apiKey: string;
  let tenant: string;
  {
    await using app = await startTestApp({ dataDir, env });
    ({ apiKey, id: tenant } = await app.createTenant("Shop"));
    expect((await choose(app, apiKey, nomic)).status).toBe(200);
    first[Symbol.dispose]();
    ids = [
      await startDocument(app, apiKey, "Returns", returnsText),
      await startDocument(app, apiKey, "Hours", "On Sundays everything stays shut."),
    ];
    for (const id of ids) {
      const waiting = await until(async () => {
        const document = await documentOf(app, apiKey, id);
        return document.note === undefined ? null : document;
      }, "the document says why it waits");
      expect(waiting).toMatchObject({ status: "processing", searchable: "words" });
      expect(waiting.note).toContain("No Ollama answers");
    }
    const found = await search(app, apiKey, "Which goods may customers bring?", "hybrid");
    expect(found.items[0]).toMatchObject({ text: returnsText, match: "keyword" });
    expect(found.notes).toEqual(["The embedding model could not be used: only words were compared."]);
    expect(await settingsOf(app, apiKey)).toMatchObject({ learning: { state: "waiting" } });
    expect(await events(app, tenant, "embedding_model.unavailable")).toHaveLength(1);
    expect(app.app.queue.failed).toBe(0);
  }
  using _second = ollamaWith({}, port);
  {
    await using app = await startTestApp({ dataDir, env });
    for (const id of ids) expect((await waitForDocument(app, apiKey, id)).status).toBe("ready");
    expect((await search(app, apiKey, "refund")).items[0]?.text).toBe(returnsText);
    expect(await events(app, tenant, "embedding_model.available")).toEqual([{ model: nomic }]);
    expect((await documentOf(app, apiKey, ids[0] ?? "")).note).toBeUndefined();
  }
  rmSync(dataDir, { recursive: true, force: true });
});

test("a change that a server interrupts goes on where it was once the server is back; the old vectors are searched meanwhile", async () => {
  using openAi = startFakeOpenAi({ dims: 4_096 });
  await using app = await startTestApp({ env: loopback });
  const { apiKey, id } = await app.createTenant("Shop");
  await addText(app, apiKey, "Returns", returnsText);
  for (let n = 0; n < 20; n += 1)
    await addText(app, apiKey, `Note ${n}`, `Note ${n}. Parcel ${n} lies in the cellar.`);
  await setOpenAi(app, apiKey, openAi);
  const atTrial = openAi.requests.length;
  openAi.embedder.before = () => {
    // The trial is over once a passage of the documents comes; then two requests go through.
    const learning = openAi.requests.filter((texts) => texts.some((text) => text.includes("Parcel"))).length;
    if (learning > 2) openAi.embedder.failWith = 503;
  };
  expect((await choose(app, apiKey, openAiModel)).status).toBe(200);
  expect(openAi.requests.length).toBeGreaterThan(atTrial);
  const waiting = await until(async () => {
    const { learning } = await settingsOf(app, apiKey);
    return learning.state === "waiting" ? learning : null;
  }, "it waits");
  expect(waiting.problem).toContain("503");
  expect(waiting.progress).toBeGreaterThan(0);
  expect(waiting.progress).toBeLessThan(1);
  const found = await search(app, apiKey, "Can I give an item back?", "hybrid");
  expect(found.items[0]?.text).toBe(returnsText);
  expect(found.notes).toEqual([]);
  delete openAi.embedder.before;
  delete openAi.embedder.failWith;
  openAi.requests.length = 0;
  await learnt(app, apiKey);
  // What was learnt before is not sent again, but for the batch that failed.
  expect(openAi.requests.flat().filter((text) => text.includes("Parcel")).length).toBeLessThan(20);
  expect((await search(app, apiKey, "refund")).items[0]?.text).toBe(returnsText);
  expect(await events(app, id, "embedding_model.unavailable")).toHaveLength(1);
  expect(await events(app, id, "embedding_model.available")).toHaveLength(1);
});

test("a server that says when to come back is not asked before that", async () => {
  using openAi = startFakeOpenAi();
  await using app = await startTestApp({ env: loopback });
  const { apiKey, id: tenant } = await app.createTenant("Shop");
  await setOpenAi(app, apiKey, openAi);
  await choose(app, apiKey, openAiModel);
  openAi.embedder.failWith = 429;
  openAi.embedder.retryAfter = "600";
  const from = Date.now();
  const id = await startDocument(app, apiKey, "Returns", returnsText);
  const other = await startDocument(app, apiKey, "Hours", "On Sundays everything stays shut.");
  await until(async () => (await documentOf(app, apiKey, other)).note?.includes("429"), "both wait");
  await until(async () => (await documentOf(app, apiKey, id)).note?.includes("429"), "both wait");
  const waits = await until(async () => {
    const jobs = await app.app.store.read(tenant, (reader) =>
      reader.all<{ at: number }>(
        "SELECT run_at AS at FROM jobs WHERE type = 'embed-remote' AND state = 'ready'",
      ),
    );
    return jobs.length === 2 && jobs.every(({ at }) => at >= from + 590_000) ? jobs : null;
  }, "both jobs wait");
  expect(waits).toHaveLength(2);
  const asked = openAi.requests.flat().filter((text) => text === returnsText || text.includes("Sundays"));
  expect(asked).toHaveLength(1);
  delete openAi.embedder.failWith;
  // What is set anew is tried at once.
  expect((await choose(app, apiKey, openAiModel)).status).toBe(200);
  for (const each of [id, other]) expect((await waitForDocument(app, apiKey, each)).status).toBe("ready");
});

test("a model that gives other vectors under its name is not mixed in; chosen again, everything is learnt with it", async () => {
  using ollama = ollamaWith();
  await using app = await startTestApp({ env: { OLLAMA_HOST: ollama.url } });
  const { apiKey, id: tenant } = await app.createTenant("Shop");
  await choose(app, apiKey, nomic);
  await addText(app, apiKey, "Returns", returnsText);
  // As after a pull of another model: shifted, so that nothing is where it was.
  const other = (texts: readonly string[]) =>
    texts.map((text) => fakeVector(text, 384).map((_, at, all) => (all[(at + 7) % 384] ?? 0) - 0.2));
  ollama.options.embedder = { models: ["nomic-embed-text"], dims: 384, vectors: other };
  app.app.remoteEmbedding.forget(tenant);
  const id = await startDocument(app, apiKey, "Hours", "On Sundays everything stays shut.");
  await until(async () => (await documentOf(app, apiKey, id)).note?.includes("other vectors"), "it says so");
  expect((await search(app, apiKey, "opening hours", "hybrid")).notes).toHaveLength(1);
  expect((await choose(app, apiKey, nomic)).status).toBe(200);
  expect((await waitForDocument(app, apiKey, id)).status).toBe("ready");
  await learnt(app, apiKey);
  expect((await app.app.search.modelOf(tenant)).id).toBe(`${nomic}#2`);
  expect((await search(app, apiKey, "refund")).items[0]?.text).toBe(returnsText);
});

test("a change that cannot succeed ends with an event and a reason, and goes on when it is tried again", async () => {
  using openAi = startFakeOpenAi();
  await using app = await startTestApp({ env: loopback });
  const { apiKey, id } = await app.createTenant("Shop");
  await addText(app, apiKey, "Returns", returnsText);
  await setOpenAi(app, apiKey, openAi);
  openAi.embedder.before = () => {
    if (openAi.requests.at(-1)?.includes(returnsText)) openAi.embedder.failWith = 401;
  };
  expect((await choose(app, apiKey, openAiModel)).status).toBe(200);
  const failed = await until(async () => {
    const { learning } = await settingsOf(app, apiKey);
    return learning.state === "failed" ? learning : null;
  }, "it failed");
  expect(failed.problem).toContain("refuses the key");
  expect(await events(app, id, "embedding_model.failed")).toHaveLength(1);
  expect((await search(app, apiKey, "Can I return an item?", "hybrid")).items[0]?.text).toBe(returnsText);
  delete openAi.embedder.before;
  delete openAi.embedder.failWith;
  expect((await choose(app, apiKey, openAiModel)).status).toBe(200);
  await learnt(app, apiKey);
  expect((await app.app.search.modelOf(id)).id).toBe(`${openAiModel}#1`);
});

test("texts that are too long for the model are cut, the others are not", async () => {
  using openAi = startFakeOpenAi({ mostCharacters: 600 });
  await using app = await startTestApp({ env: loopback });
  const { apiKey } = await app.createTenant("Shop");
  await setOpenAi(app, apiKey, openAi);
  await choose(app, apiKey, openAiModel);
  await addText(
    app,
    apiKey,
    "Long",
    `## Long\n\n${"The cellar is dry and cool. ".repeat(60)}\n\n## Returns\n\n${returnsText}`,
  );
  await addText(app, apiKey, "Returns", returnsText);
  expect(app.app.queue.failed).toBe(0);
  expect(openAi.requests.flat()).toContain(returnsText);
  expect((await search(app, apiKey, "cellar cool")).items[0]?.text).toContain("The cellar");
});

test("what one tenant's server says of a question is no other tenant's, though their models have one name", async () => {
  using mine = startFakeOpenAi();
  using theirs = startFakeOpenAi();
  await using app = await startTestApp({ env: loopback });
  for (const [name, fake] of [
    ["Mine", mine],
    ["Theirs", theirs],
  ] as const) {
    const { apiKey } = await app.createTenant(name);
    await setOpenAi(app, apiKey, fake);
    await choose(app, apiKey, openAiModel);
    await addText(app, apiKey, "Returns", returnsText);
    for (let times = 0; times < 2; times += 1)
      expect((await search(app, apiKey, "refund")).items[0]?.text).toBe(returnsText);
    // Asked once, the second time its vector is known.
    expect(fake.requests.flat().filter((text) => text === "refund")).toHaveLength(1);
  }
});

test("a server that is slow to answer a question does not hold it up, and is used again once it has answered", async () => {
  using ollama = ollamaWith();
  await using app = await startTestApp({ env: { OLLAMA_HOST: ollama.url } });
  const { apiKey } = await app.createTenant("Shop");
  await choose(app, apiKey, nomic);
  await addText(app, apiKey, "Returns", returnsText);
  const gate = Promise.withResolvers<void>();
  const embedder = ollama.options.embedder;
  if (embedder === undefined) throw new Error("the fake has no embedder");
  embedder.before = () => gate.promise;
  const early = await search(app, apiKey, "Which goods may customers bring?", "hybrid");
  expect(early.items[0]?.match).toBe("keyword");
  expect(early.notes).toHaveLength(1);
  const asked = ollama.embeds.length;
  expect((await search(app, apiKey, "Which other goods?", "hybrid")).notes).toHaveLength(1);
  expect(ollama.embeds.length).toBe(asked);
  gate.resolve();
  await until(
    async () => (await search(app, apiKey, "refund")).items[0]?.text === returnsText,
    "questions are asked by meaning again",
  );
});

test("a key that a server repeats in its errors is shown nowhere", async () => {
  using openAi = startFakeOpenAi();
  const secret = "canary-key-0123456789abcdef";
  openAi.key = secret;
  await using app = await startTestApp({ env: loopback });
  const { apiKey, id: tenant } = await app.createTenant("Shop");
  await setOpenAi(app, apiKey, openAi, secret);
  openAi.embedder.failWith = 500;
  const shown = [await (await choose(app, apiKey, openAiModel)).text()];
  expect(shown[0]).toContain("500");
  delete openAi.embedder.failWith;
  await choose(app, apiKey, openAiModel);
  openAi.embedder.failWith = 400;
  const id = await startDocument(app, apiKey, "Returns", returnsText);
  await until(async () => (await documentOf(app, apiKey, id)).note, "it waits");
  for (const path of [
    "/api/v1/settings",
    "/api/v1/documents",
    "/api/v1/providers",
    "/api/v1/jobs?state=ready",
  ])
    shown.push(await (await app.api(apiKey, "GET", path)).text());
  shown.push(
    JSON.stringify(await app.app.store.read(tenant, (reader) => reader.all("SELECT * FROM events"))),
  );
  shown.push(
    JSON.stringify(
      await app.app.store.read(tenant, (reader) => reader.all("SELECT failure FROM remote_embedders")),
    ),
  );
  shown.push(...app.logged);
  expect(shown.filter((text) => text.includes(secret))).toEqual([]);
});

test("a stored answer is learnt by the server too, and only its own words are taken for its question", async () => {
  using ollama = ollamaWith();
  await using app = await startTestApp({ env: { OLLAMA_HOST: ollama.url } });
  const { apiKey, id } = await app.createTenant("Shop");
  await addText(app, apiKey, "Returns", returnsText);
  expect((await choose(app, apiKey, nomic)).status).toBe(200);
  await learnt(app, apiKey);
  const pair = { question: "Do you repair lamps?", answer: "Yes, within a week." };
  const response = await app.api(apiKey, "POST", "/api/v1/documents", pair);
  const { items } = (await response.json()) as { items: { id: string }[] };
  const document = items[0]?.id ?? "";
  expect((await waitForDocument(app, apiKey, document)).status).toBe("ready");
  expect((await documentOf(app, apiKey, document)).searchable).toBe("full");
  expect(ollama.embeds.flat().some((text) => text.includes("Yes, within a week."))).toBe(true);
  const ask = async (message: string) => {
    const answer = await app.api(apiKey, "POST", "/api/v1/chat", { message });
    return ((await answer.json()) as { message: { model: string; text: string } }).message;
  };
  expect(await ask("do you repair lamps")).toMatchObject({ model: "stored-answer", text: pair.answer });
  // From which cosine on two questions are the same was measured for the built-in model only.
  expect((await ask("Do you repair a lamp?")).model).not.toBe("stored-answer");
  const vectors = await app.app.store.read(id, (reader) =>
    reader.all("SELECT model FROM stored_questions WHERE model IS NOT NULL"),
  );
  expect(vectors).toEqual([]);
});
