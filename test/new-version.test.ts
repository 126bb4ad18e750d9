/** A new version of a document takes the old one's place only when it is indexed. */
import { expect, test } from "bun:test";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";

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
