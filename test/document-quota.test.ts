/** What one tenant may have, as the operator set it. */
import { expect, test } from "bun:test";
import { addText, startTestApp, type TestApp } from "../src/testing/test-app.ts";

const add = (app: TestApp, key: string, title: string, text: string) =>
  app.api(key, "POST", "/api/v1/documents", { title, text });

test("beyond the number of documents an upload is refused, and deleting makes room", async () => {
  await using app = await startTestApp({ env: { METACHAT_TENANT_DOCUMENTS: "2" } });
  const { apiKey } = await app.createTenant("Small");
  const other = await app.createTenant("Other");
  const first = await addText(app, apiKey, "One", "The lamp costs nine euros.");
  await addText(app, apiKey, "Two", "The wick costs one euro.");
  const refused = await add(app, apiKey, "Three", "The oil costs four euros.");
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    code: "quota_exceeded",
    detail: expect.stringContaining("2 documents"),
  });
  // The same content again needs no room.
  expect((await add(app, apiKey, "One", "The lamp costs nine euros.")).status).toBe(200);
  expect((await add(app, other.apiKey, "One", "The lamp costs nine euros.")).status).toBe(201);
  expect((await app.api(apiKey, "DELETE", `/api/v1/documents/${first}`)).status).toBe(204);
  expect((await add(app, apiKey, "Three", "The oil costs four euros.")).status).toBe(201);
});

test("beyond the room for originals an upload and a larger version are refused", async () => {
  await using app = await startTestApp({ env: { METACHAT_TENANT_STORAGE_MB: "1" } });
  const { apiKey } = await app.createTenant("Small");
  // Empty lines take room and no time to learn.
  const half = `The lamp burns oil.${"\n".repeat(600_000)}`;
  const first = await addText(app, apiKey, "Half", half);
  expect((await add(app, apiKey, "More", `${half} It is red.`)).status).toBe(403);
  const larger = await app.api(apiKey, "PUT", `/api/v1/documents/${first}`, {
    title: "Half",
    text: half.repeat(2),
  });
  expect(larger.status).toBe(403);
  const smaller = await app.api(apiKey, "PUT", `/api/v1/documents/${first}`, {
    title: "Half",
    text: "The lamp burns oil.",
  });
  expect(smaller.status).toBe(200);
});
