/** What an owner sees and changes of a document: its text, its passages, its title and tags, what was asked of it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ChunkBody, DocumentBody, DocumentQuestions, TextSlice } from "../src/http/schemas.ts";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";

let app: TestApp;
let key: string;
let id: string;
const text = `# Delivery\n\nDelivery inside the city costs 4.90 euros. 🌍 Large trees cost 19 euros.\n\n# Returns\n\nYou may return a plant within 14 days.`;

beforeAll(async () => {
  app = await startTestApp();
  key = (await app.createTenant("Shop")).apiKey;
  id = await addText(app, key, "Prices", text);
});
afterAll(() => app[Symbol.asyncDispose]());

async function get<T>(path: string): Promise<T> {
  const response = await app.api(key, "GET", path);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const status = async (method: string, path: string, body?: unknown) =>
  (await app.api(key, method, path, body)).status;
const nowhere = Bun.randomUUIDv7();

test("the plain text holds every passage at its offsets", async () => {
  const { items } = await get<{ items: ChunkBody[] }>(`/api/v1/documents/${id}/chunks`);
  expect(items.length).toBeGreaterThan(0);
  for (const { id: chunkId, start, end } of items) {
    const chunk = await get<ChunkBody>(`/api/v1/documents/${id}/chunks/${chunkId}`);
    const slice = await get<TextSlice>(
      `/api/v1/documents/${id}/text?from=${start}&length=${Math.max(1, end - start)}`,
    );
    expect(slice.text).toBe(chunk.text);
  }
});

test("text and passage are not found where there are none, and a wrong offset is refused", async () => {
  expect(await status("GET", `/api/v1/documents/${nowhere}/text`)).toBe(404);
  expect(await status("GET", `/api/v1/documents/${id}/chunks/${nowhere}`)).toBe(404);
  expect(await status("GET", `/api/v1/documents/${id}/text?from=-1`)).toBe(400);
  expect(await status("GET", `/api/v1/documents/${id}/text?length=100001`)).toBe(400);
  const broken = new FormData();
  broken.append("file", new File(["%PDF-1.7\n\0"], "broken.pdf"));
  const added = (await (await app.api(key, "POST", "/api/v1/documents", broken)).json()) as {
    items: DocumentBody[];
  };
  const failed = added.items[0]?.id ?? "";
  await waitForDocument(app, key, failed);
  expect(await status("GET", `/api/v1/documents/${failed}/text`)).toBe(404);
  expect(await status("DELETE", `/api/v1/documents/${failed}`)).toBe(204);
});

test("the questions answered from a document are listed with their answer's confidence, the latest first", async () => {
  const other = await addText(app, key, "Hours", "We are open from nine to five, and closed on Sundays.");
  const ask = async (message: string) =>
    (await (await app.api(key, "POST", "/api/v1/chat", { message })).json()) as {
      conversationId: string;
      message: { id: string };
    };
  const first = await ask("How much does delivery inside the city cost?");
  await ask("When are you open?");
  const second = await ask("Within how many days may I return a plant?");
  const found = await get<DocumentQuestions>(`/api/v1/documents/${id}/questions`);
  expect(found.items.map(({ messageId, question }) => [messageId, question])).toEqual([
    [second.message.id, "Within how many days may I return a plant?"],
    [first.message.id, "How much does delivery inside the city cost?"],
  ]);
  expect(found).toMatchObject({ messages: 6, older: false });
  expect(found.items[1]).toMatchObject({
    conversationId: first.conversationId,
    quote: "Delivery inside the city costs 4.90 euros.",
    action: "sent",
  });
  expect(found.items[1]?.confidence?.score).toBeGreaterThan(0);
  expect((await get<DocumentQuestions>(`/api/v1/documents/${id}/questions?limit=1`)).items).toHaveLength(1);
  expect((await get<DocumentQuestions>(`/api/v1/documents/${other}/questions`)).items).toHaveLength(1);
  expect(await status("GET", `/api/v1/documents/${nowhere}/questions`)).toBe(404);
});

test("a new title and tags are there at once, in the list, the search and the summary", async () => {
  const changed = await app.api(key, "PATCH", `/api/v1/documents/${id}`, {
    title: "  Price list ",
    tags: ["Money", "money", "2026"],
  });
  expect(await changed.json()).toMatchObject({ title: "Price list", tags: ["Money", "2026"], version: 1 });
  const listed = await get<{ items: DocumentBody[] }>("/api/v1/documents?tag=2026&q=PRICE&status=ready");
  expect(listed.items.map((document) => document.id)).toEqual([id]);
  const found = await app.api(key, "POST", "/api/v1/search", { query: "What does delivery cost?", limit: 1 });
  expect(((await found.json()) as { items: { title: string }[] }).items[0]?.title).toBe("Price list");
  expect(await get("/api/v1/documents/summary")).toMatchObject({
    documents: 2,
    byStatus: { ready: 2, failed: 0 },
    byTag: [
      { name: "2026", documents: 1 },
      { name: "Money", documents: 1 },
    ],
  });
});

test.each([
  ["an empty title", { title: " " }],
  ["a title without end", { title: "x".repeat(301) }],
  ["a tag of two lines", { tags: ["a\nb"] }],
  ["a tag without end", { tags: ["x".repeat(51)] }],
  ["too many tags", { tags: Array.from({ length: 21 }, (_, at) => `t${at}`) }],
  ["a state", { status: "ready" }],
])("a change is refused that would set %s", async (_name, change) => {
  expect(await status("PATCH", `/api/v1/documents/${id}`, change)).toBe(400);
});

test("a chosen title outlives a new file, a file's name does not", async () => {
  const file = (name: string, content: string) => {
    const form = new FormData();
    form.append("file", new File([content], name));
    return form;
  };
  const put = async (name: string, content: string) => {
    await app.api(key, "PUT", `/api/v1/documents/${uploaded}`, file(name, content));
    await waitForDocument(app, key, uploaded);
    return (await get<DocumentBody>(`/api/v1/documents/${uploaded}`)).title;
  };
  const added = await app.api(key, "POST", "/api/v1/documents", file("menu-1.txt", "Soup costs five euros."));
  const uploaded = ((await added.json()) as { items: DocumentBody[] }).items[0]?.id ?? "";
  await waitForDocument(app, key, uploaded);
  expect(await put("menu-2.txt", "Soup costs six euros.")).toBe("menu-2.txt");
  await app.api(key, "PATCH", `/api/v1/documents/${uploaded}`, { title: "Menu" });
  expect(await put("menu-3.txt", "Soup costs seven euros.")).toBe("Menu");
});
