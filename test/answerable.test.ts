/** How sure a search is that the documents answer, where many passages are on the same subject. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { addText, startTestApp, type TestApp } from "../src/testing/test-app.ts";

const towns =
  "Arven Brisk Caldor Dunmere Elsby Farrow Glint Hexley Ivers Jarrow Kelm Lorne Marsh Norwick Ostby Penrow Quill Rundle Selm Tarn Ulver Vexby Wald Yarm".split(
    " ",
  );
const crafts = ["glass", "clocks", "boats", "lace", "bells", "maps", "kites", "pottery"];

/** The year in which the museum of a town was opened. */
const yearOf = (index: number) => 1801 + index * 7;

let app: TestApp;
let tenant: string;

beforeAll(async () => {
  app = await startTestApp();
  const { id, apiKey } = await app.createTenant("Museums");
  tenant = id;
  for (const [index, town] of towns.entries()) {
    const craft = crafts[index % crafts.length];
    await addText(
      app,
      apiKey,
      `Museum of ${town}`,
      `The museum of ${town} was opened in ${yearOf(index)} by the guild of the town. It shows ${craft} of the nineteenth century. Guided tours start at ten every morning. Dogs stay outside.`,
    );
  }
  await addText(
    app,
    apiKey,
    "Shop",
    "Parcels leave our shop every afternoon. Shipping costs 4.90 euros. Gift cards are valid for three years.",
  );
});

afterAll(() => app[Symbol.asyncDispose]());

function answerTo(question: string, tenantId = tenant) {
  return app.app.answering.ask(tenantId, question, () => undefined, new AbortController().signal);
}

async function sureOf(question: string): Promise<number> {
  // Asked once before, so that the vectors of the sentences are there.
  await answerTo(question);
  return (await app.app.search.search(tenant, { question, limit: 5 })).answerable;
}

const odds = (probability: number) => probability / (1 - probability);

test("a year that the nearest sentence does not hold makes it less sure", async () => {
  const right = await sureOf(`Who opened the museum of Hexley in ${yearOf(7)}?`);
  const wrong = await sureOf("Who opened the museum of Hexley in 1993?");
  expect(right).toBeGreaterThan(0.7);
  expect(odds(wrong)).toBeLessThan(odds(right) / 2);
});

test("so does a not, unless the sentence says it too", async () => {
  const plain = await sureOf("What does the museum of Tarn show?");
  const negated = await sureOf("What does the museum of Tarn never show?");
  expect(plain).toBeGreaterThan(0.7);
  expect(odds(negated)).toBeLessThan(odds(plain) / 2);
});

test("so does a word that hardly any passage holds", async () => {
  const plain = await sureOf("When was the museum of Norwick opened?");
  const other = await sureOf("When was the observatory of Norwick opened?");
  expect(odds(other)).toBeLessThan(odds(plain) / 2);
});

test("a question of few words is answered among many passages on something else", async () => {
  for (const question of ["What does shipping cost?", "How long are gift cards valid?"]) {
    const { action, citations } = await answerTo(question);
    expect({ question, action }).toEqual({ question, action: "sent" });
    expect(citations[0]?.title).toBe("Shop");
  }
});

test("what none of them says is not answered, nor what says nothing", async () => {
  for (const question of ["Do you sell tractors?", "How do I reset my password?", "👍", "And when is it?"]) {
    const { action } = await answerTo(question);
    expect({ question, action }).toEqual({ question, action: "handed_over" });
  }
});

test("what stands in the heading above a quote is said with it where the question is about that", async () => {
  const { id, apiKey } = await app.createTenant("Cafe");
  await addText(
    app,
    apiKey,
    "Menu",
    "# Cafe Linden\n\n## Breakfast, until 11:30\n\nPancakes with berries: 7 €.\n\n## Lunch, 12:00 to 14:30\n\nSoup of the day: 6 €.",
  );
  const said = async (question: string) => (await answerTo(question, id)).text;
  expect(await said("Until when is breakfast served?")).toContain("> Breakfast, until 11:30: Pancakes");
  expect(await said("When can I have lunch?")).toContain("> Lunch, 12:00 to 14:30: Soup");
  expect(await said("What do pancakes cost?")).toContain("> Pancakes with berries: 7 €. [1]");
});

test("what is told beside a question does not hide it, and counts where the question says nothing of its own", async () => {
  const { id, apiKey } = await app.createTenant("Lamps");
  await addText(
    app,
    apiKey,
    "Shop",
    "Broken lamps are repaired in our workshop for 25 euros.\n\nChairs cannot be returned once they were assembled.\n\nWe are open from Monday to Friday, 9 to 18.",
  );
  const ask = (question: string) => answerTo(question, id);
  const told =
    "Hello, my sister told me about you and I will come by with two friends and our dog next week.";
  for (const [question, quote] of [
    [`${told} When are you open? Thanks a lot, Maria`, "We are open from Monday to Friday, 9 to 18."],
    ["My lamp is broken. What can I do?", "Broken lamps are repaired in our workshop for 25 euros."],
    [
      "Could anybody please help me with something? My lamp is broken.",
      "Broken lamps are repaired in our workshop for 25 euros.",
    ],
  ] as const) {
    const { action, citations } = await ask(question);
    expect({ question, action, quote: citations[0]?.quote }).toEqual({ question, action: "sent", quote });
  }
  // A wish beside a polite question.
  const wish = await ask("Do you speak English? My lamp is broken.");
  expect(wish.citations[0]?.quote).toContain("Broken lamps");
  expect((await ask(`${told} Do you sell tractors? Thanks a lot, Maria`)).action).toBe("handed_over");
});
