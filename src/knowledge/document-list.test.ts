import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestStores, type TestStores } from "../testing/stores.ts";
import { changeDocument } from "./document-change.ts";
import { anywherePattern, type DocumentFilter } from "./document-filter.ts";
import { findDocuments, summariseDocuments } from "./document-list.ts";
import { hideDocument, insertDocument, setStatus } from "./documents.ts";

let stores: TestStores;
let tenant: string;
beforeAll(async () => {
  stores = await openTestStores();
  tenant = stores.newTenant();
});
afterAll(() => stores[Symbol.asyncDispose]());

interface Given {
  readonly title: string;
  readonly url?: string;
  readonly tags?: readonly string[];
  readonly language?: string;
}

async function add(tenantId: string, given: readonly Given[]): Promise<readonly string[]> {
  const ids = given.map(() => Bun.randomUUIDv7());
  await stores.store.transact(tenantId, (writer) => {
    for (const [at, { title, url, tags = [], language }] of given.entries()) {
      const id = ids[at] ?? "";
      const source = url === undefined ? "upload" : "page";
      const more = url === undefined ? {} : { url };
      insertDocument(writer, {
        ...{ id, title, source, fileName: title, mediaType: "text/plain", bytes: 1, checksum: id, tags },
        ...more,
      });
      setStatus(writer, id, { status: "ready", language: language ?? null });
    }
  });
  return ids;
}

async function titles(filter: DocumentFilter, limit = 10): Promise<readonly string[]> {
  const found = await findDocuments(stores.store, tenant, filter, { before: undefined, limit });
  return found.map((document) => document.title);
}

describe("the list of documents", () => {
  beforeAll(async () => {
    await add(tenant, [
      { title: "Öffnungszeiten", tags: ["shop", "Zeiten"], language: "de" },
      { title: "Prices [2026] 100 %", tags: ["shop"], language: "en" },
      { title: "Return policy", url: "https://shop.example/Returns", language: "en" },
    ]);
  });

  test.each([
    ["öffnung", ["Öffnungszeiten"]],
    ["ÖFFNUNG", ["Öffnungszeiten"]],
    ["o\u0308ffnung", ["Öffnungszeiten"]],
    ["[2026]", ["Prices [2026] 100 %"]],
    ["100 %", ["Prices [2026] 100 %"]],
    ["*", []],
    ["?", []],
    ["^", []],
    ["shop.example/ret", ["Return policy"]],
    ["e", ["Return policy", "Prices [2026] 100 %", "Öffnungszeiten"]],
  ])("finds %p in the title or the address, in capitals or not, and as it stands", async (text, expected) => {
    expect(await titles({ text })).toEqual(expected);
  });

  test("can be narrowed by tag, language and kind, all at once", async () => {
    expect(await titles({ tags: ["shop"] })).toEqual(["Prices [2026] 100 %", "Öffnungszeiten"]);
    expect(await titles({ tags: ["sho"] })).toEqual([]);
    expect(await titles({ tags: ["shop"], languages: ["de"] })).toEqual(["Öffnungszeiten"]);
    expect(await titles({ sources: ["page"] })).toEqual(["Return policy"]);
    expect(await titles({ sources: ["page"], languages: ["de"] })).toEqual([]);
    expect(await titles({ status: "failed" })).toEqual([]);
  });

  test("goes on before a document, over many slices, and leaves out what is deleted", async () => {
    const large = stores.newTenant();
    const ids = await add(
      large,
      Array.from({ length: 9_000 }, (_, at) => ({ title: at % 3_000 === 0 ? `Rare ${at}` : `Usual ${at}` })),
    );
    const find = async (before: string | undefined, limit: number, text = "rare") => {
      const found = await findDocuments(stores.store, large, { text }, { before, limit });
      return found.map((document) => document.title);
    };
    expect(await find(undefined, 10)).toEqual(["Rare 6000", "Rare 3000", "Rare 0"]);
    expect(await find(ids[6_000], 1)).toEqual(["Rare 3000"]);
    expect(await find(undefined, 2, "")).toEqual(["Usual 8999", "Usual 8998"]);
    await stores.store.transact(large, (writer) => hideDocument(writer, ids[3_000] ?? ""));
    expect(await find(undefined, 10)).toEqual(["Rare 6000", "Rare 0"]);
    expect((await summariseDocuments(stores.store, large)).documents).toBe(8_999);
  });

  test("is counted by state, kind, language and tag", async () => {
    const summary = await summariseDocuments(stores.store, tenant);
    expect(summary).toMatchObject({
      documents: 3,
      passages: 0,
      byStatus: { pending: 0, processing: 0, ready: 3, failed: 0 },
    });
    expect([...summary.bySource]).toEqual([
      ["upload", 2],
      ["page", 1],
    ]);
    expect(summary.byTag.get("shop")).toBe(2);
    expect(summary.byLanguage.get("en")).toBe(2);
  });
});

describe("a change to a document", () => {
  test("keeps what it does not name, keeps a tag once, and is written to the event log only when it is one", async () => {
    const own = stores.newTenant();
    const [id = ""] = await add(own, [{ title: "Old", tags: ["a"] }]);
    const change = (next: Parameters<typeof changeDocument>[2]) =>
      stores.store.transact(own, (writer) => changeDocument(writer, id, next));
    expect(await change({ title: "New" })).toMatchObject({ title: "New", tags: ["a"] });
    expect(await change({ tags: ["Prices", "prices", "b"] })).toMatchObject({
      title: "New",
      tags: ["Prices", "b"],
    });
    await change({ title: "New", tags: ["Prices", "b"] });
    const events = await stores.store.read(own, (reader) => reader.all("SELECT type FROM events"));
    expect(events).toEqual([{ type: "document.changed" }, { type: "document.changed" }]);
  });

  test("of a document that is gone is refused", async () => {
    const nobody = () =>
      stores.store.transact(tenant, (writer) => changeDocument(writer, Bun.randomUUIDv7(), { title: "x" }));
    await expect(nobody()).rejects.toThrow("no such document");
  });
});

test("a pattern means its letters and nothing else", () => {
  expect(anywherePattern("a*[^ß-1]")).toBe("*[aA][*][[]^ß-1]*");
});
