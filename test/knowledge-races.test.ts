/** Two people who change the same thing at the same moment. */
import { expect, test } from "bun:test";
import { addText, startTestApp } from "../src/testing/test-app.ts";

test("a document that is replaced while it is deleted is not there, and leaves nothing", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  for (let round = 0; round < 8; round += 1) {
    const id = await addText(app, apiKey, `Prices ${round}`, `The lamp costs ${round} euros.`);
    const text = `The lamp costs ${round} dollars. ${"It burns oil. ".repeat(20_000)}`;
    const [put, removed] = await Promise.all([
      app.api(apiKey, "PUT", `/api/v1/documents/${id}`, { title: "Prices", text }),
      Bun.sleep(round).then(() => app.api(apiKey, "DELETE", `/api/v1/documents/${id}`)),
    ]);
    expect(removed.status).toBe(204);
    expect([200, 404]).toContain(put.status);
    expect((await app.api(apiKey, "GET", `/api/v1/documents/${id}`)).status).toBe(404);
  }
});

test("of two answers to one question at the same moment the second is refused, and says where the first is", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  await addText(app, apiKey, "Lamps", "Every lamp is made by hand.");
  await app.api(apiKey, "POST", "/api/v1/chat", { message: "Who painted the Mona Lisa?" });
  const list = (await (await app.api(apiKey, "GET", "/api/v1/unanswered")).json()) as {
    items: { id: string }[];
  };
  const path = `/api/v1/unanswered/${list.items[0]?.id}/answer`;
  const answers = await Promise.all(
    ["Leonardo.", "Raphael."].map((answer) => app.api(apiKey, "POST", path, { answer })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  // The same answer again changes nothing and is no conflict.
  const kept = answers.findIndex((answer) => answer.status === 200) === 0 ? "Leonardo." : "Raphael.";
  expect((await app.api(apiKey, "POST", path, { answer: kept })).status).toBe(200);
});

test("a title that holds no text, or what no title holds, is refused", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  for (const title of ["\0\0", "a\u001b[31mb", "\ud800", "\u202e"])
    expect((await app.api(apiKey, "POST", "/api/v1/documents", { title, text: "hi" })).status).toBe(400);
});
