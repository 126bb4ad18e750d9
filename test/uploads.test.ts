/** Documents through the front door: real files become searchable or are refused with a reason, and deleted ones are gone. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import type { DocumentBody, SearchResponse } from "../src/http/schemas.ts";
import { hasSharedDocs, sharedDocs, sharedDocsFolder } from "../src/knowledge/loaders/shared-docs.fixture.ts";
import { startTestApp, type TestApp, type TestTenant, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(30_000);

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  app = await startTestApp();
  tenant = await app.createTenant("Shop");
});
afterAll(() => app[Symbol.asyncDispose]());

const pngHead = Buffer.from("89504e470d0a1a0a0000", "hex");
const folder = () => join(app.dataDir, "tenants", tenant.id);
const call = (method: string, path: string, body?: unknown) => app.api(tenant.apiKey, method, path, body);
const flat = (text: string) => text.replace(/\s+/g, " ");

async function upload(
  name: string,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<{ status: number; document: DocumentBody }> {
  const form = new FormData();
  form.append("file", new File([content], name));
  const response = await call("POST", "/api/v1/documents", form);
  const { items } = (await response.json()) as { items: DocumentBody[] };
  const [document] = items;
  if (document === undefined) throw new Error(`nothing came of ${name}`);
  return { status: response.status, document };
}

async function chunksOf(id: string): Promise<{ text: string }[]> {
  const response = await call("GET", `/api/v1/documents/${id}/chunks?limit=200`);
  return ((await response.json()) as { items: { text: string }[] }).items;
}

async function search(
  query: string,
  mode: "keyword" | "hybrid" = "hybrid",
): Promise<SearchResponse["items"]> {
  const response = await call("POST", "/api/v1/search", { query, mode, limit: 50 });
  expect(response.status).toBe(200);
  return ((await response.json()) as SearchResponse).items;
}

/** Files of the tenant's database that hold these bytes. */
function holding(text: string): string[] {
  const bytes = Buffer.from(text);
  return readdirSync(folder()).filter(
    (name) => name.startsWith("tenant.db") && readFileSync(join(folder(), name)).includes(bytes),
  );
}

async function expectNoTrace(document: DocumentBody, phrases: readonly string[]): Promise<void> {
  expect((await call("DELETE", `/api/v1/documents/${document.id}`)).status).toBe(204);
  for (const path of ["", "/chunks", "/original"])
    expect((await call("GET", `/api/v1/documents/${document.id}${path}`)).status).toBe(404);
  expect(existsSync(join(folder(), "files", document.id))).toBe(false);
  for (const phrase of phrases) {
    expect((await search(phrase)).filter(({ documentId }) => documentId === document.id)).toEqual([]);
    expect(holding(phrase)).toEqual([]);
  }
}

test("an archive is searchable file by file, and its document says what could not be read", async () => {
  const file = zipSync({ "hours.txt": strToU8("The lighthouse opens at nine."), "photo.png": pngHead });
  const { document } = await upload("help.zip", new Uint8Array(file));
  expect(await waitForDocument(app, tenant.apiKey, document.id)).toMatchObject({
    status: "ready",
    mediaType: "application/zip",
    note: "1 of 2 files could not be read: photo.png (pictures hold no text).",
  });
  const [hit] = await search("lighthouse", "keyword");
  expect(hit?.text).toContain("The lighthouse opens at nine.");
  expect((await call("DELETE", `/api/v1/documents/${document.id}`)).status).toBe(204);
});

describe("a text", () => {
  const text = "The zyxomma dragonfly flies at dusk.\n\nIts wings are hyaline and quite unmistakable.";

  test("is found by its words and, deleted, leaves no byte behind: not in the database, its log, or the folder", async () => {
    const { document } = await upload("dragonflies.txt", text);
    expect(await waitForDocument(app, tenant.apiKey, document.id)).toMatchObject({ status: "ready" });
    expect((await search("zyxomma", "keyword"))[0]?.documentId).toBe(document.id);
    expect((await search("an insect that flies in the evening"))[0]?.documentId).toBe(document.id);
    expect(holding("zyxomma").length).toBeGreaterThan(0);
    await expectNoTrace(document, ["zyxomma", "hyaline", "flies at dusk"]);
    const left = await app.app.store.read(tenant.id, (reader) => [
      reader.all("SELECT * FROM chunks"),
      reader.all("SELECT term FROM chunk_vocabulary WHERE term LIKE 'zyx%'"),
      reader.all("SELECT * FROM jobs WHERE payload LIKE ?", `%${document.id}%`),
    ]);
    expect(left).toEqual([[], [], []]);
  });

  test("sent again is the same document, and sent again after its deletion a new one", async () => {
    const first = await upload("first.txt", text);
    const again = await upload("second.txt", text);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.document.id).toBe(first.document.id);
    await waitForDocument(app, tenant.apiKey, first.document.id);
    expect((await search("zyxomma", "keyword")).length).toBe(1);
    expect(readdirSync(join(folder(), "files"))).toEqual([first.document.id]);
    await call("DELETE", `/api/v1/documents/${first.document.id}`);
    const later = await upload("third.txt", text);
    expect(later.status).toBe(201);
    expect(later.document.id).not.toBe(first.document.id);
    await waitForDocument(app, tenant.apiKey, later.document.id);
    await call("DELETE", `/api/v1/documents/${later.document.id}`);
  });

  test("sent twice at the same moment is one document", async () => {
    const both = await Promise.all([upload("a.txt", `${text} Twice.`), upload("b.txt", `${text} Twice.`)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(new Set(both.map(({ document }) => document.id)).size).toBe(1);
    const id = both[0].document.id;
    await waitForDocument(app, tenant.apiKey, id);
    expect((await search("zyxomma", "keyword")).length).toBe(1);
    await call("DELETE", `/api/v1/documents/${id}`);
  });

  test("is deleted while it is being read: nothing of it comes back", async () => {
    const long = Array.from({ length: 400 }, (_, index) => `Paragraph ${index} of the trochilus story.`).join(
      "\n\n",
    );
    const { document } = await upload("long.txt", long);
    await expectNoTrace(document, ["trochilus"]);
    await until(async () => {
      const response = await call("GET", "/api/v1/jobs?state=ready");
      return ((await response.json()) as { items: unknown[] }).items.length === 0;
    }, "the queue to be empty");
    expect(holding("trochilus")).toEqual([]);
    expect(existsSync(join(folder(), "files", document.id))).toBe(false);
    expect(await (await call("GET", "/api/v1/jobs?state=dead")).json()).toMatchObject({ items: [] });
  });
});

if (hasSharedDocs)
  describe("real documents", () => {
    const uploaded = new Map<string, DocumentBody>();

    test("are all taken, and each comes to an end", async () => {
      for (const { file } of sharedDocs) {
        const content = new Uint8Array(readFileSync(join(sharedDocsFolder, file)));
        uploaded.set(file, (await upload(basename(file), content)).document);
      }
      for (const [file, { id }] of uploaded) {
        const { status } = await waitForDocument(app, tenant.apiKey, id, 120_000);
        expect({ file, ended: status === "ready" || status === "failed" }).toEqual({ file, ended: true });
      }
    }, 240_000);

    test.each(sharedDocs.filter(({ phrase }) => phrase !== undefined))(
      "$file is found by its words",
      async ({ file, phrase = "" }) => {
        const { id } = uploaded.get(file) ?? { id: "" };
        expect(await waitForDocument(app, tenant.apiKey, id)).toMatchObject({ status: "ready" });
        expect((await search(phrase)).some(({ documentId }) => documentId === id)).toBe(true);
        expect(flat((await chunksOf(id)).map(({ text }) => text).join(" "))).toContain(flat(phrase));
      },
    );

    test.each(sharedDocs.filter(({ error }) => error !== undefined))(
      "$file is refused with a reason: $error",
      async ({ file, error = "" }) => {
        const { id } = uploaded.get(file) ?? { id: "" };
        const document = await waitForDocument(app, tenant.apiKey, id);
        expect(document).toMatchObject({ status: "failed", error: { code: error } });
        expect(document.error?.message).toMatch(/^[A-Z][^!]+\.$/);
        expect(await chunksOf(id)).toEqual([]);
      },
    );

    test("leave the server healthy, and deleted no trace", async () => {
      expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
      for (const document of uploaded.values())
        expect((await call("DELETE", `/api/v1/documents/${document.id}`)).status).toBe(204);
      expect(await (await call("GET", "/api/v1/documents")).json()).toMatchObject({ items: [] });
      expect(readdirSync(join(folder(), "files"))).toEqual([]);
      for (const { phrase } of sharedDocs)
        if (phrase !== undefined) {
          expect(await search(phrase)).toEqual([]);
          expect({ phrase, holding: holding(phrase) }).toEqual({ phrase, holding: [] });
        }
    }, 120_000);
  });
else console.log(`not run: ${sharedDocs.length + 2} tests need ../shared`);
