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
  await addText(app, apiKey, "Words", "The cat sat on the mat near the blue lamp, and the mat is clean.");
  await addText(app, apiKey, "Meaning", "Unsere Katze lag gestern auf dem Teppich neben der blauen Leuchte.");
  await addText(app, apiKey, "Other", "Deliveries to islands take two days longer and cost four euros.");
  const scores = async (meaningShare: number) => {
    await app.api(apiKey, "PATCH", "/api/v1/settings", { retrieval: { meaningShare } });
    const response = await app.api(apiKey, "POST", "/api/v1/search", { query: "the mat, clean and blue" });
    const { items } = (await response.json()) as { items: { title: string; score: number }[] };
    return Object.fromEntries(items.map(({ title, score }) => [title, score]));
  };
  // Without words, what says the same in other words comes much closer to what says it in these.
  const [words, meaning] = [await scores(0), await scores(1)];
  expect(words.Words).toBeGreaterThan(words.Meaning ?? 1);
  expect((meaning.Meaning ?? 0) / (meaning.Words ?? 1)).toBeGreaterThan(
    (2 * (words.Meaning ?? 0)) / (words.Words ?? 1),
  );
});
