/** Changing the embedding model: in the background, without a gap. */
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { addText, startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { addSecondModel, secondModel, secondModelFolder } from "./second-model.ts";

const goods = ["shoes", "books", "lamps", "chairs", "cups"];

async function found(app: TestApp, key: string, query: string): Promise<{ text: string; match: string }[]> {
  const response = await app.api(key, "POST", "/api/v1/search", { query, mode: "vector", limit: 3 });
  return ((await response.json()) as { items: { text: string; match: string }[] }).items;
}

if (existsSync(secondModelFolder)) {
  test("documents are embedded anew beside the old index, every question meanwhile finds its passage, and the new one takes over", async () => {
    await using app = await startTestApp();
    const { apiKey, id } = await app.createTenant("Shop");
    for (let n = 0; n < 12; n += 1)
      await addText(
        app,
        apiKey,
        `Note ${n}`,
        `Note ${n}. The parcel number ${n} lies in the cellar behind the green door.`,
      );
    await addText(
      app,
      apiKey,
      "Returns",
      "Customers may bring goods back within thirty days of buying them.",
    );
    await addSecondModel(app.dataDir);
    expect((await app.app.search.modelOf(id)).id).not.toBe(secondModel);
    const changed = await app.api(apiKey, "PATCH", "/api/v1/settings", {
      retrieval: { embeddingModel: secondModel },
    });
    expect(changed.status).toBe(200);
    let asked = 0;
    const until = Date.now() + 60_000;
    while ((await app.app.search.modelOf(id)).id !== secondModel) {
      if (Date.now() > until) throw new Error("the new index did not take over");
      expect(
        (await found(app, apiKey, `Can a customer return the ${goods[asked % goods.length]}?`))[0]?.text,
      ).toContain("bring goods back");
      asked += 1;
    }
    expect(asked).toBeGreaterThan(0);
    expect((await found(app, apiKey, "Can I return an item?"))[0]?.text).toContain("bring goods back");
    const { indexes, tables } = await app.app.store.read(id, (reader) => ({
      indexes: reader.all("SELECT model, state FROM embedding_indexes"),
      tables: reader.all<{ n: number }>(
        "SELECT count(*) AS n FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE vectors_%'",
      ),
    }));
    expect(indexes).toEqual([{ model: secondModel, state: "active" }]);
    expect(tables).toEqual([{ n: 1 }]);
    const told = await app.app.store.read(id, (reader) =>
      reader.all<{ data: string }>("SELECT data FROM events WHERE type = 'embedding_model.changed'"),
    );
    expect(told.map((event) => JSON.parse(event.data))).toEqual([{ model: secondModel }]);
    await addText(app, apiKey, "Hours", "On Sundays the shop stays shut.");
    expect((await found(app, apiKey, "When is the store closed?"))[0]?.text).toContain("Sundays");
  }, 120_000);
} else console.log("not run: 1 test of test/embedding-model.test.ts needs ../shared");

test("a model that is not on the server is refused, and nothing changes", async () => {
  await using app = await startTestApp();
  const { apiKey } = await app.createTenant("Shop");
  const refused = await app.api(apiKey, "PATCH", "/api/v1/settings", {
    retrieval: { embeddingModel: "../../etc/passwd" },
  });
  expect(refused.status).toBe(400);
  const settings = (await (await app.api(apiKey, "GET", "/api/v1/settings")).json()) as {
    retrieval: { embeddingModel: string | null };
  };
  expect(settings.retrieval.embeddingModel).toBeNull();
});
