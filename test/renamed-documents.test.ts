/** A document that its owner renames is searched, ordered and answered from by its new name. */
import { expect, test } from "bun:test";
import { addText, startTestApp, type TestApp, waitForDocument } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

interface Chunk {
  readonly id: string;
  readonly text: string;
}

const text = `A deposit of 200 euros is paid at the desk. Straps are free of charge.

Bring it back by six.`;

async function found(app: TestApp, key: string, query: string, mode: string): Promise<string[]> {
  const response = await app.api(key, "POST", "/api/v1/search", { query, mode });
  return ((await response.json()) as { items: { title: string }[] }).items.map(({ title }) => title);
}

async function chunksOf(app: TestApp, key: string, id: string): Promise<readonly Chunk[]> {
  const response = await app.api(key, "GET", `/api/v1/documents/${id}/chunks`);
  return ((await response.json()) as { items: Chunk[] }).items;
}

/** That words of the old name find it no more, and words of the new one do. */
async function expectFound(app: TestApp, key: string, by: string, not: string, title: string): Promise<void> {
  await until(
    async () => Bun.deepEquals(await found(app, key, by, "keyword"), [title]),
    `the document to be found by "${by}"`,
  );
  expect(await found(app, key, not, "keyword")).toEqual([]);
}

test("its passages stay, are found by the new name, and it outlives another reading of the file", async () => {
  await using app = await startTestApp();
  const { id: tenantId, apiKey } = await app.createTenant("Wheels");
  const id = await addText(app, apiKey, "scan0001", `# Zettelkasten\n\n${text}`);
  const above = () =>
    app.app.store.read(tenantId, (reader) =>
      reader
        .all<{ context: string }>("SELECT DISTINCT context FROM chunks")
        .map(({ context }) => context.split(" › ")[0]),
    );
  const before = await chunksOf(app, apiKey, id);
  // The title in the file goes before the document's until its owner gives it one.
  expect(await above()).toEqual(["Zettelkasten"]);

  const renamed = await app.api(apiKey, "PATCH", `/api/v1/documents/${id}`, { title: "Cargo v2.0 trikes" });
  expect(renamed.status).toBe(200);
  await expectFound(app, apiKey, "trikes", "scan0001", "Cargo v2.0 trikes");
  expect(await chunksOf(app, apiKey, id)).toEqual([...before]);

  // The same content read again, as after a change of how long passages are.
  const replaced = await app.api(apiKey, "PUT", `/api/v1/documents/${id}`, {
    title: "Cargo v2.0 trikes",
    text: `# Zettelkasten\n\n${text} Or by seven.`,
  });
  expect(replaced.status).toBeLessThan(300);
  await waitForDocument(app, apiKey, id);
  await expectFound(app, apiKey, "seven", "scan0001", "Cargo v2.0 trikes");
  expect(await found(app, apiKey, "2.0 trikes", "keyword")).toEqual(["Cargo v2.0 trikes"]);

  expect(await above()).toEqual(["Cargo v2.0 trikes"]);
});

test("two that change names change answers: the sentences are read under the new ones", async () => {
  await using app = await startTestApp();
  const { id: tenantId, apiKey } = await app.createTenant("Wheels");
  const trikes = await addText(app, apiKey, "cargo-trikes", text);
  const bikes = await addText(
    app,
    apiKey,
    "city-bikes",
    text.replace("200", "50").replace("Straps", "Helmets"),
  );
  const rename = async (id: string, title: string) =>
    expect((await app.api(apiKey, "PATCH", `/api/v1/documents/${id}`, { title })).status).toBe(200);
  const areRead = (...titles: string[]) =>
    until(
      async () => {
        const rows = await app.app.store.read(tenantId, (reader) =>
          reader.all<{ context: string }>(
            "SELECT context FROM companion_vectors JOIN chunks ON chunks.key = companion_vectors.key ORDER BY context",
          ),
        );
        return Bun.deepEquals(
          rows,
          titles.map((context) => ({ context })),
        );
      },
      `the sentences of ${titles.join(" and ")}`,
    );
  const deposit = async (what: string) => {
    const message = `What deposit is paid for a ${what}?`;
    const response = await app.api(apiKey, "POST", "/api/v1/chat", { message });
    const body = (await response.json()) as { message: { citations?: { quote: string }[] } };
    return body.message.citations?.[0]?.quote;
  };
  await areRead("cargo-trikes", "city-bikes");
  expect([await deposit("cargo trike"), await deposit("city bike")]).toEqual([
    "A deposit of 200 euros is paid at the desk.",
    "A deposit of 50 euros is paid at the desk.",
  ]);
  await rename(trikes, "Our city bikes");
  await rename(bikes, "Our cargo trikes");
  await areRead("Our cargo trikes", "Our city bikes");
  expect([await deposit("cargo trike"), await deposit("city bike")]).toEqual([
    "A deposit of 50 euros is paid at the desk.",
    "A deposit of 200 euros is paid at the desk.",
  ]);
});

test("a question's pair keeps its own question above it", async () => {
  await using app = await startTestApp();
  const { id: tenantId, apiKey } = await app.createTenant("Wheels");
  const contexts = () =>
    app.app.store.read(tenantId, (reader) => reader.all<{ context: string }>("SELECT context FROM chunks"));
  const made = await app.api(apiKey, "POST", "/api/v1/documents", {
    question: "Do you repair lamps?",
    answer: "Yes, in our workshop.",
  });
  expect(made.status).toBe(201);
  const id = ((await made.json()) as { items: { id: string }[] }).items[0]?.id ?? "";
  await waitForDocument(app, apiKey, id);
  const before = await contexts();
  await app.api(apiKey, "PATCH", `/api/v1/documents/${id}`, { title: "Lamps" });
  await Bun.sleep(300);
  expect(await contexts()).toEqual(before);
});
