/** A new version of a document takes the old one's place only when it is indexed. */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { activeIndex, insertVector, readVectors, removeVectors } from "../src/knowledge/embedding-index.ts";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

async function texts(app: TestApp, key: string, query: string): Promise<string[]> {
  const response = await app.api(key, "POST", "/api/v1/search", { query, limit: 10 });
  return ((await response.json()) as { items: { text: string }[] }).items.map((item) => item.text);
}

interface DocumentBody {
  readonly id: string;
  readonly version: number;
  readonly checksum: string;
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
}

async function get(app: TestApp, key: string, id: string): Promise<DocumentBody> {
  return (await (await app.api(key, "GET", `/api/v1/documents/${id}`)).json()) as DocumentBody;
}

test("after a new version is ready, only its text is found, and the original is the new one", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const id = await addText(app, apiKey, "Prices", "Delivery costs four euros and takes two days.");
  const replaced = await app.api(apiKey, "PUT", `/api/v1/documents/${id}`, {
    title: "Prices",
    text: "Delivery is free of charge from today.",
  });
  expect(replaced.status).toBe(200);
  await waitForDocument(app, apiKey, id);
  expect(await get(app, apiKey, id)).toMatchObject({ version: 2, status: "ready" });
  expect(await texts(app, apiKey, "What does delivery cost?")).toEqual([
    "Delivery is free of charge from today.",
  ]);
  const original = await (await app.api(apiKey, "GET", `/api/v1/documents/${id}/original`)).text();
  expect(original).toBe("Delivery is free of charge from today.");
});

test("a new version that cannot be read leaves the old one in use, says so, and can be left behind by a retry", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const id = await addText(app, apiKey, "Prices", "Delivery costs four euros and takes two days.");
  const before = await get(app, apiKey, id);
  const form = new FormData();
  form.append(
    "file",
    new File([new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x2e, 0x37, 0x0a, 0x00])], "broken.pdf"),
  );
  await app.api(apiKey, "PUT", `/api/v1/documents/${id}`, form);
  await waitForDocument(app, apiKey, id);
  const failed = await get(app, apiKey, id);
  expect(failed).toMatchObject({ status: "failed", version: 1, checksum: before.checksum });
  expect(failed.error?.message).toContain("the one before still is");
  expect(await texts(app, apiKey, "delivery")).toEqual(["Delivery costs four euros and takes two days."]);
  await app.api(apiKey, "POST", `/api/v1/documents/${id}/retry`);
  expect((await waitForDocument(app, apiKey, id)).status).toBe("ready");
});

test("the same content changes nothing, and another document's content is a conflict", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const id = await addText(app, apiKey, "A", "The first text is about lamps.");
  await addText(app, apiKey, "B", "The second text is about chairs.");
  const same = await app.api(apiKey, "PUT", `/api/v1/documents/${id}`, {
    title: "A",
    text: "The first text is about lamps.",
  });
  expect((await same.json()) as DocumentBody).toMatchObject({ version: 1, status: "ready" });
  expect(
    (
      await app.api(apiKey, "PUT", `/api/v1/documents/${id}`, {
        title: "A",
        text: "The second text is about chairs.",
      })
    ).status,
  ).toBe(409);
  const unknown = await app.api(apiKey, "PUT", `/api/v1/documents/${Bun.randomUUIDv7()}`, {
    title: "A",
    text: "x",
  });
  expect(unknown.status).toBe(404);
});

const put = (app: TestApp, key: string, id: string, title: string, text: string) =>
  app.api(key, "PUT", `/api/v1/documents/${id}`, { title, text });

test("content that is becoming a document's new version is that document's already", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const id = await addText(app, apiKey, "A", "Delivery costs four euros and takes two days.");
  const text = "Delivery is free of charge from today.";
  const [replaced, added] = await Promise.all([
    put(app, apiKey, id, "A2", text),
    app.api(apiKey, "POST", "/api/v1/documents", { title: "X", text }),
  ]);
  // Whoever came first has it; the other is told, and nothing is stored twice.
  const outcomes = [replaced.status, added.status];
  expect([
    [200, 200],
    [409, 201],
  ]).toContainEqual(outcomes);
  const list = (await (await app.api(apiKey, "GET", "/api/v1/documents")).json()) as {
    items: DocumentBody[];
  };
  for (const item of list.items) await waitForDocument(app, apiKey, item.id);
  const after = (await (await app.api(apiKey, "GET", "/api/v1/documents")).json()) as {
    items: DocumentBody[];
  };
  expect(after.items.map((item) => item.status)).toEqual(after.items.map(() => "ready"));
  expect(await texts(app, apiKey, "What does delivery cost?")).toContain(text);
});

test("sent again while it is being read, a new version is the same document", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const id = await addText(app, apiKey, "A", "Delivery costs four euros and takes two days.");
  const text = "Delivery is free of charge from today.";
  expect((await put(app, apiKey, id, "A2", text)).status).toBe(200);
  const again = await app.api(apiKey, "POST", "/api/v1/documents", { title: "X", text });
  expect(again.status).toBe(200);
  expect(((await again.json()) as { items: DocumentBody[] }).items[0]?.id).toBe(id);
  await waitForDocument(app, apiKey, id);
  expect(await get(app, apiKey, id)).toMatchObject({ status: "ready", version: 2 });
});

test("a version that is refused or changes nothing leaves no file behind", async () => {
  await using app = await startTestApp();
  const { apiKey, id: tenant } = await app.createTenant("Shop");
  const first = await addText(app, apiKey, "A", "Delivery costs four euros and takes two days.");
  await addText(app, apiKey, "B", "Secret pricing of B.");
  expect((await put(app, apiKey, first, "A", "Secret pricing of B.")).status).toBe(409);
  expect((await put(app, apiKey, first, "A", "Delivery costs four euros and takes two days.")).status).toBe(
    200,
  );
  const folder = join(app.app.store.folder(tenant), "files", first);
  expect(readdirSync(folder).sort()).toEqual(["original", "text"]);
  const broken = new FormData();
  broken.append(
    "file",
    new File([new Uint8Array([0x25, 0x50, 0x44, 0x46, 0x2d, 0x31, 0x0a, 0x00])], "b.pdf"),
  );
  await app.api(apiKey, "PUT", `/api/v1/documents/${first}`, broken);
  expect((await waitForDocument(app, apiKey, first)).status).toBe("failed");
  // It goes just after the failure is written.
  await until(() => readdirSync(folder).sort().join() === "original,text", "the refused version to go");
});

test("a passage that did not change keeps its vector, in this document and in another", async () => {
  await using app = await startTestApp();
  const { apiKey, id: tenant } = await app.createTenant("Shop");
  const section = (name: string) =>
    `# ${name}\n\n${`Everything about ${name} is written down here, sentence after sentence. `.repeat(8)}`;
  const id = await addText(app, apiKey, "Rules", `${section("keys")}\n\n${section("lamps")}`);
  const { store } = app.app;
  const index = await store.read(tenant, activeIndex);
  if (index === null) throw new Error("no index");
  const mark = Float32Array.from({ length: index.dims }, (_, at) => (at === 0 ? 1 : 0));
  const keyOf = (documentId: string, heading: string) =>
    store.read(
      tenant,
      (reader) =>
        reader.get<{ key: number }>(
          "SELECT key FROM chunks WHERE document_id = ? AND heading = ?",
          documentId,
          heading,
        )?.key ?? -1,
    );
  const isMarked = async (key: number) => {
    const [stored] = await store.read(tenant, (reader) => [...readVectors(reader, index, [key])]);
    return stored?.vector[0] === 1;
  };
  // A vector that no model makes: wherever it stands afterwards, it was taken over.
  const before = await keyOf(id, "keys");
  await store.transact(tenant, (writer) => {
    removeVectors(writer, [before]);
    insertVector(writer, index, before, mark);
  });
  await put(app, apiKey, id, "Rules", `${section("lamps, new")}\n\n${section("keys")}`);
  await waitForDocument(app, apiKey, id);
  const after = await keyOf(id, "keys");
  expect(after).not.toBe(before);
  expect(await isMarked(after)).toBe(true);
  expect(await isMarked(await keyOf(id, "lamps, new"))).toBe(false);
  const other = await addText(app, apiKey, "Copy", `${section("keys")}\n\n${section("oil")}`);
  expect(await isMarked(await keyOf(other, "keys"))).toBe(true);
  expect(await isMarked(await keyOf(other, "oil"))).toBe(false);
});
