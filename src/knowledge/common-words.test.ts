import { beforeAll, expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import { CommonWords } from "./common-words.ts";
import type { QueryWord } from "./query-words.ts";
import type { KeywordHit } from "./search-protocol.ts";

const connection = new Connection(openSqlite(await prepareSqlite("."), ":memory:"));
connection.handle.exec(`
  CREATE TABLE chunks (key INTEGER PRIMARY KEY AUTOINCREMENT);
  CREATE VIRTUAL TABLE chunk_words USING fts5 (context, text);
`);
const filling = ["lamp", "wick", "oil", "shade", "brass", "glass", "stand"];

/** Passages of differing length; every third has "while" once or twice, every fifth "under" in its context. */
function add(count: number, from: number): void {
  connection.transact(() => {
    for (let index = from; index < from + count; index += 1) {
      const { lastInsertRowid } = connection.handle.prepare("INSERT INTO chunks DEFAULT VALUES").run();
      const words = filling.slice(index % 5).join(" ");
      const text = `${words} ${index % 3 === 0 ? "while " : ""}${index % 9 === 0 ? "while " : ""}rare${index % 40}`;
      connection.handle
        .prepare("INSERT INTO chunk_words (rowid, context, text) VALUES (?, ?, ?)")
        .run(lastInsertRowid, index % 5 === 0 ? "under" : "none", text);
    }
  });
}
const count = () => connection.reader.get<{ n: number }>("SELECT count(*) AS n FROM chunk_words")?.n ?? 0;

function word(form: string): QueryWord {
  const documents = hitsOf(`"${form}"`).length;
  return { surface: form, forms: [form], terms: [form], documents, idf: 1, credit: 1 };
}

function hitsOf(expression: string): KeywordHit[] {
  return connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, -bm25(chunk_words, 0.2, 1.0) AS bm25 FROM chunk_words WHERE chunk_words MATCH ?
     ORDER BY bm25(chunk_words, 0.2, 1.0), rowid`,
    expression,
  );
}

/** Asks until both words have been read. */
async function completed(common: CommonWords, rare: string): Promise<KeywordHit[]> {
  const ask = () =>
    common.complete(connection, "a.db", hitsOf(`"${rare}"`), [word("while"), word("under")], count());
  ask();
  while (common.isReading) await Bun.sleep(1);
  return ask();
}

function expectSame(found: readonly KeywordHit[], rare: string): void {
  const wanted = hitsOf(`"${rare}" OR "while" OR "under"`).filter(({ key }) =>
    found.some((hit) => hit.key === key),
  );
  expect(found.length).toBeGreaterThan(5);
  for (const [index, { key, bm25 }] of wanted.entries()) {
    const hit = found.find((item) => item.key === key);
    expect(hit?.bm25).toBeCloseTo(bm25, 2);
    // Equal ones may change places.
    expect(found[index]?.bm25).toBeCloseTo(bm25, 2);
  }
}

beforeAll(() => add(900, 0));

test("hits by rare words get the BM25 that all words together give, in its order", async () => {
  expectSame(await completed(new CommonWords(), "rare7"), "rare7");
});

test("until a word has been read the hits are as they were", () => {
  const hits = hitsOf('"rare7"');
  expect(new CommonWords().complete(connection, "a.db", hits, [word("while")], count())).toEqual(hits);
});

test("passages that come later count at once", async () => {
  const common = new CommonWords();
  await completed(common, "rare7");
  add(40, 900);
  // Without a pause: they are few.
  const found = common.complete(
    connection,
    "a.db",
    hitsOf('"rare3"'),
    [word("while"), word("under")],
    count(),
  );
  const latest = connection.reader.get<{ key: number }>("SELECT max(key) AS key FROM chunks")?.key ?? 0;
  const fresh = found.filter(({ key }) => key > latest - 40);
  const whole = hitsOf('"rare3" OR "while" OR "under"');
  expect(fresh.length).toBeGreaterThan(0);
  for (const { key, bm25 } of fresh)
    expect(Math.abs(bm25 - (whole.find((hit) => hit.key === key)?.bm25 ?? 0))).toBeLessThan(0.05);
});

test("a passage that is gone is no trouble, and one without the words gets nothing", async () => {
  connection.handle.exec(
    "DELETE FROM chunk_words WHERE rowid % 11 = 0; DELETE FROM chunks WHERE key % 11 = 0",
  );
  expectSame(await completed(new CommonWords(), "rare7"), "rare7");
});

test("what does not go into the memory is let go, and read again when it is asked for", async () => {
  const common = new CommonWords(2_000);
  const hits = hitsOf('"rare7"');
  const ask = (form: string) => common.complete(connection, "a.db", hits, [word(form)], count());
  const sum = (found: readonly KeywordHit[]) => found.reduce((total, { bm25 }) => total + bm25, 0);
  for (const form of ["while", "under", "while"]) {
    ask(form);
    while (common.isReading) await Bun.sleep(1);
  }
  // Too large to stay beside anything: never known, never wrong.
  expect(sum(ask("under"))).toBeCloseTo(sum(hits), 5);
});
