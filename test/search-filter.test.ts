/** A search that looks into some documents only. */
import { expect, test } from "bun:test";
import { addText, startTestApp } from "../src/testing/test-app.ts";

interface Hits {
  readonly items: readonly {
    readonly title: string;
    readonly text: string;
    readonly reasons: { readonly meaning: number; readonly coverage: number };
    readonly bestSentence?: { readonly start: number; readonly end: number };
  }[];
}

test("by document, tag, language, source and time, in every mode", async () => {
  await using app = await startTestApp();
  const { apiKey, id } = await app.createTenant("Shop");
  const english = await addText(
    app,
    apiKey,
    "Returns",
    "You can return a lamp within thirty days of delivery.",
  );
  await addText(
    app,
    apiKey,
    "Rückgabe",
    "Sie können eine Lampe innerhalb von dreißig Tagen nach der Lieferung zurückgeben.",
  );
  await addText(app, apiKey, "Repairs", "We repair every lamp within five days, whatever its age may be.");
  await app.app.store.transact(id, (writer) =>
    writer.run("UPDATE documents SET tags = '[\"service\"]' WHERE title = 'Repairs'"),
  );
  const titles = async (filter: object, mode = "hybrid") => {
    const body = { query: "return a lamp", filter, mode };
    const response = await app.api(apiKey, "POST", "/api/v1/search", body);
    expect(response.status).toBe(200);
    return ((await response.json()) as Hits).items.map((item) => item.title).sort();
  };
  expect(await titles({})).toContain("Returns");
  for (const mode of ["hybrid", "vector", "keyword"]) {
    expect(await titles({ documentIds: [english] }, mode)).toEqual(["Returns"]);
    expect(await titles({ tags: ["service", "other"] }, mode)).toEqual(["Repairs"]);
    expect(await titles({ sources: ["upload"] }, mode)).toEqual([]);
    expect(await titles({ since: "2100-01-01T00:00:00Z" }, mode)).toEqual([]);
  }
  expect(await titles({ languages: ["de"] })).toEqual(["Rückgabe"]);
  expect(await titles({ until: "2100-01-01T00:00:00Z", languages: ["en"] })).toEqual(["Repairs", "Returns"]);
  const wrong = await app.api(apiKey, "POST", "/api/v1/search", { query: "x", filter: { tags: [] } });
  expect(wrong.status).toBe(400);
});

test("a hit says why it was found, and which sentence answers best", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  await addText(
    app,
    apiKey,
    "Lamps",
    "Every lamp is made by hand. You can return a lamp within thirty days. Oil is sold apart.",
  );
  const response = await app.api(apiKey, "POST", "/api/v1/search", {
    query: "How long can I return a lamp?",
  });
  const [hit] = ((await response.json()) as Hits).items;
  expect(hit?.text.slice(hit.bestSentence?.start, hit.bestSentence?.end)).toBe(
    "You can return a lamp within thirty days.",
  );
  expect(hit?.reasons.coverage).toBeGreaterThan(0.2);
  expect(hit?.reasons.meaning).toBeGreaterThan(0);
});

test("the same text in two documents is found once", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const text = "You can return a lamp within thirty days of delivery.";
  await addText(app, apiKey, "Returns", text);
  await addText(app, apiKey, "Terms", `\n${text}\n`);
  const response = await app.api(apiKey, "POST", "/api/v1/search", { query: "return a lamp" });
  expect(((await response.json()) as Hits).items).toHaveLength(1);
});
