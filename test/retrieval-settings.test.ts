/** What a tenant can set of retrieval, and what an earlier release stored. */
import { expect, test } from "bun:test";
import { addText, startTestApp } from "../src/testing/test-app.ts";

test("settings of an earlier release are read, with what came since at its default", async () => {
  await using app = await startTestApp();
  const { id, apiKey } = await app.createTenant("Shop");
  const old = {
    assistant: { name: "Ada", greeting: "Hello.", instructions: "", language: "auto" },
    models: { answerer: "auto" },
    retrieval: { embeddingModel: null },
    confidence: { answerThreshold: 0.7 },
    channels: { messagesPerMinute: 30, messagesPerDay: 1000 },
  };
  await app.app.store.transact(id, (writer) =>
    writer.run(
      "INSERT INTO settings_versions (version, body, author, created_at) VALUES (100, ?, 'old', 1)",
      JSON.stringify(old),
    ),
  );
  const settings = (await (await app.api(apiKey, "GET", "/api/v1/settings")).json()) as Record<
    string,
    object
  >;
  expect(settings).toMatchObject({
    assistant: { name: "Ada" },
    confidence: { answerThreshold: 0.7 },
    retrieval: { meaningShare: null, passageTokens: 512, overlapTokens: 64 },
  });
});

test("passages are as long as the tenant wants them", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const text = "The lamp burns oil and is cleaned every evening before the shop closes. ".repeat(40);
  const passagesOf = async (title: string, body: string) => {
    const document = await addText(app, apiKey, title, body);
    const chunks = await app.api(apiKey, "GET", `/api/v1/documents/${document}/chunks`);
    return ((await chunks.json()) as { items: { tokens: number }[] }).items;
  };
  const long = await passagesOf("Long", text);
  const retrieval = { passageTokens: 128, overlapTokens: 0 };
  expect((await app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval })).status).toBe(200);
  const short = await passagesOf("Short", `${text} End.`);
  expect(short.length).toBeGreaterThan(long.length * 2);
  expect(Math.max(...short.map((chunk) => chunk.tokens))).toBeLessThanOrEqual(128);
});

test("the weight of meaning against words changes the order", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  await addText(
    app,
    apiKey,
    "Words",
    "By the door lies a pen for people who may come without one.",
  );
  await addText(
    app,
    apiKey,
    "Meaning",
    "You can visit us from nine in the morning until six.",
  );
  const first = async (meaningShare: number) => {
    await app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval: { meaningShare } });
    const body = { query: "When may people come by?" };
    const response = await app.api(apiKey, "POST", "/api/v1/search", body);
    return ((await response.json()) as { items: { title: string }[] }).items[0]?.title;
  };
  expect(await first(0)).toBe("Words");
  expect(await first(1)).toBe("Meaning");
});
