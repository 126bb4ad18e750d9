/** Vectors of sentences: made for a question at once, for good when there is nothing else to do, and gone with their passage. */
import { expect, test } from "bun:test";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

const rules = `# House rules

## Quiet hours
Quiet hours are from ten in the evening to seven in the morning. Please do not use drills in these hours.

## Keys
Lost keys cost 85 euros, because the whole lock has to be changed. Tell the management at once.

## Waste
Paper is collected on Mondays. Bulky waste must be ordered from the city.`;

async function counts(app: TestApp, tenant: string): Promise<{ chunks: number; made: number }> {
  return app.app.store.read(
    tenant,
    (reader) =>
      reader.get<{ chunks: number; made: number }>(
        "SELECT (SELECT count(*) FROM chunks) AS chunks, (SELECT count(*) FROM sentence_vectors) AS made",
      ) ?? { chunks: 0, made: 0 },
  );
}

async function chat(
  app: TestApp,
  key: string,
  message: string,
): Promise<{ action: string; quotes: string[] }> {
  const response = await app.api(key, "POST", "/api/v1/chat", { message });
  const body = (await response.json()) as {
    message: { action: string; citations?: { quote: string }[] };
  };
  return {
    action: body.message.action,
    quotes: (body.message.citations ?? []).map((citation) => citation.quote),
  };
}

const question = "What do I pay when I lose my key?";

test("a question just after the upload is judged by sentences, and later by the stored ones alike", async () => {
  await using app = await startTestApp();
  const { id, apiKey } = await app.createTenant("House");
  await addText(app, apiKey, "House rules", rules);
  const before = await app.app.search.search(id, { question, limit: 8 });
  const made = await app.app.search.search(id, { question, limit: 8, makeSentences: () => true });
  expect(made.sentencesMissing).toBe(0);
  await until(async () => {
    const { chunks, made: stored } = await counts(app, id);
    return chunks > 0 && stored === chunks;
  }, "vectors of all sentences");
  const after = await app.app.search.search(id, { question, limit: 8 });
  expect(after.sentencesMissing).toBe(0);
  // They were there for the first look only if the background was faster than this test.
  if (before.sentencesMissing > 0) expect(before.answerable).not.toBe(after.answerable);
  expect(after.answerable).toBeGreaterThan(0.6);
  expect(Math.abs(after.answerable - made.answerable)).toBeLessThan(0.05);
  expect(await chat(app, apiKey, question)).toEqual({
    action: "sent",
    quotes: ["Lost keys cost 85 euros, because the whole lock has to be changed."],
  });
});

test("a question in another language is answered from the documents", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("House");
  await addText(app, apiKey, "House rules", rules);
  const { action, quotes } = await chat(app, apiKey, "Was kostet ein verlorener Schlüssel?");
  expect(action).toBe("sent");
  expect(quotes[0]).toStartWith("Lost keys cost 85 euros");
  expect((await chat(app, apiKey, "Wer hat die Mona Lisa gemalt?")).action).toBe("handed_over");
});

test("they go with their passage: replaced by those of a new version, and deleted with the document", async () => {
  await using app = await startTestApp();
  const { id, apiKey } = await app.createTenant("House");
  const document = await addText(app, apiKey, "House rules", rules);
  const complete = () =>
    until(async () => {
      const { chunks, made } = await counts(app, id);
      return chunks > 0 && made === chunks;
    }, "vectors of all sentences");
  await complete();
  await app.api(apiKey, "PUT", `/api/v1/documents/${document}`, {
    title: "House rules",
    text: "Lost keys cost 95 euros from now on. Bring a photograph.",
  });
  await waitForDocument(app, apiKey, document);
  await complete();
  expect((await chat(app, apiKey, question)).quotes[0]).toStartWith("Lost keys cost 95 euros");
  await app.api(apiKey, "DELETE", `/api/v1/documents/${document}`);
  expect(await counts(app, id)).toEqual({ chunks: 0, made: 0 });
});
