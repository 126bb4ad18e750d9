import { afterEach, beforeEach, expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import { KeywordSearch } from "./keyword-search.ts";
import type { QuestionWords } from "./query-words.ts";
import type { KeywordHit } from "./search-protocol.ts";
import { WordPostings } from "./word-postings.ts";

const natives = await prepareSqlite(".");
let connection: Connection;
const passages = 4_000;
const filling = ["lamp", "wick", "oil", "shade", "brass", "glass", "stand"];

/** Passages of differing length; every third has "while" once or twice, every fourth "under" in its context. */
function add(count: number, from: number): void {
  connection.transact(() => {
    const chunk = connection.handle.prepare("INSERT INTO chunks DEFAULT VALUES");
    const words = connection.handle.prepare(
      "INSERT INTO chunk_words (rowid, context, text) VALUES (?, ?, ?)",
    );
    for (let index = from; index < from + count; index += 1) {
      const { lastInsertRowid } = chunk.run();
      const fill = filling.slice(index % 5).join(" ");
      const text = `${fill} ${index % 3 === 0 ? "while " : ""}${index % 9 === 0 ? "while " : ""}rare${index % 40}`;
      words.run(lastInsertRowid, index % 4 === 0 ? "under" : "none", text);
    }
  });
}

beforeEach(() => {
  connection = new Connection(openSqlite(natives, ":memory:"));
  connection.handle.exec(`
    CREATE TABLE chunks (key INTEGER PRIMARY KEY AUTOINCREMENT);
    CREATE VIRTUAL TABLE chunk_words USING fts5 (context, text);
  `);
  add(passages, 0);
});
afterEach(() => connection.close());

function numberOf(sql: string): number {
  return connection.reader.get<{ n: number | null }>(sql)?.n ?? 0;
}

function question(...forms: string[]): QuestionWords {
  const all = forms.map((form) => {
    const documents = exact([form]).length;
    return { surface: form, forms: [form], terms: [form], documents, idf: 1, credit: 1, isSmall: false };
  });
  return { all, idfSum: all.length, passages: numberOf("SELECT count(*) AS n FROM chunk_words") };
}

/** All hits, by FTS5 alone. */
function exact(forms: readonly string[]): KeywordHit[] {
  return connection.reader.all<{ key: number; bm25: number }>(
    `SELECT rowid AS key, -bm25(chunk_words, 0.2, 1.0) AS bm25 FROM chunk_words WHERE chunk_words MATCH ?
     ORDER BY bm25(chunk_words, 0.2, 1.0), rowid`,
    forms.map((form) => `"${form}"`).join(" OR "),
  );
}

function find(
  search: KeywordSearch,
  words: QuestionWords,
  allowed: ReadonlySet<number> | null = null,
): readonly KeywordHit[] {
  return search.find(connection, "a.db", words, allowed).hits;
}

function expectSame(found: readonly KeywordHit[], wanted: readonly KeywordHit[]): void {
  expect(found.length).toBe(50);
  const bm25 = new Map(wanted.map((hit) => [hit.key, hit.bm25]));
  for (const [index, hit] of found.entries()) {
    expect(hit.bm25).toBeCloseTo(bm25.get(hit.key) ?? Number.NaN, 2);
    // Equal ones may change places.
    expect(hit.bm25).toBeCloseTo(wanted[index]?.bm25 ?? Number.NaN, 2);
  }
}

const words = ["while", "under", "rare7"];

test("rare words from the index and common ones from memory add up to the BM25 of all of them", () => {
  const search = new KeywordSearch();
  expectSame(find(search, question(...words)), exact(words));
  // From memory alone, the second time.
  expectSame(find(search, question("while", "under")), exact(["while", "under"]));
});

test("says which words were searched for: those that nearly every passage has weigh nothing", () => {
  const { searched } = new KeywordSearch().find(connection, "a.db", question(...words, "stand"), null);
  expect(searched.map(({ surface }) => surface).sort()).toEqual(["rare7", "under", "while"]);
});

test("a question of such a word alone finds something all the same", () => {
  expect(find(new KeywordSearch(), question("stand")).length).toBe(50);
  expect(find(new KeywordSearch(), question())).toEqual([]);
});

test("words that would take too long are left out until their postings are known", async () => {
  const postings = new WordPostings();
  const { all } = question("while", "under");
  const ask = (readNow: number) =>
    postings
      .of(connection, "a.db", all, passages, readNow)
      .map(({ word }) => word.surface)
      .sort();
  expect(ask(0)).toEqual([]);
  expect(postings.isReading).toBe(true);
  while (postings.isReading) await Bun.sleep(1);
  expect(ask(0)).toEqual(["under", "while"]);
});

test("postings read in slices are whole", async () => {
  add(40_000, passages);
  const postings = new WordPostings();
  const { all } = question("while");
  postings.of(connection, "a.db", all, passages, 0);
  while (postings.isReading) await Bun.sleep(1);
  const [known] = postings.of(connection, "a.db", all, passages, 0);
  expect(known?.postings.size).toBe(all[0]?.documents ?? 0);
});

test("passages that come later are found at once, those that are gone never", () => {
  const search = new KeywordSearch();
  find(search, question(...words));
  const last = numberOf("SELECT max(key) AS n FROM chunks");
  add(360, 0);
  const allowed = new Set(Array.from({ length: 360 }, (_, index) => last + 1 + index));
  const fresh = find(search, question(...words), allowed);
  expect(fresh.length).toBe(50);
  // The best hundreds: what is left must come up from behind them.
  const best = exact(words).slice(0, 200);
  connection.handle.exec(`DELETE FROM chunk_words WHERE rowid IN (${best.map(({ key }) => key).join()})`);
  connection.handle.exec(`DELETE FROM chunks WHERE key IN (${best.map(({ key }) => key).join()})`);
  const left = find(search, question(...words));
  expect(left.length).toBe(50);
  const there = new Set(exact(words).map(({ key }) => key));
  expect(left.filter(({ key }) => !there.has(key))).toEqual([]);
});

test("postings of a number of passages that is no longer true are read anew", async () => {
  const search = new KeywordSearch();
  find(search, question(...words));
  add(passages, passages);
  // More than is read at once.
  find(search, question(...words));
  while (search.isReading) await Bun.sleep(1);
  expectSame(find(search, question(...words)), exact(words));
});

test("a filter holds for words from memory as well", () => {
  const allowed = new Set(exact(["while"]).flatMap(({ key }) => (key % 2 === 0 ? [key] : [])));
  const found = find(new KeywordSearch(), question(...words), allowed);
  expectSame(
    found,
    exact(words).filter(({ key }) => allowed.has(key)),
  );
});

test("keys may lie far apart", () => {
  connection.handle.exec("INSERT INTO chunks (key) VALUES (3000000000)");
  connection.handle.exec("INSERT INTO chunk_words (rowid, text) VALUES (3000000000, 'under under under')");
  const [best] = find(new KeywordSearch(), question("under"));
  expect(best?.key).toBe(3_000_000_000);
});

test("what does not go into the memory is let go, and read again when it is asked for", () => {
  const postings = new WordPostings(9_000);
  const ask = (form: string) =>
    postings.of(connection, "a.db", question(form).all, passages, 100_000).map(({ postings: list }) => list);
  const [first] = ask("while");
  ask("under");
  const [second] = ask("while");
  expect(first?.size).toBe(second?.size ?? 0);
  expect(first).not.toBe(second);
});

test("what belongs to a closed database is let go, also in the middle of reading", async () => {
  const postings = new WordPostings();
  postings.of(connection, "a.db", question("while").all, passages, 0);
  postings.forget(connection);
  while (postings.isReading) await Bun.sleep(1);
  const [known] = postings.of(connection, "a.db", question("while").all, passages, 0);
  expect(known).toBeUndefined();
});

test("replacing a document many times neither slows its words down nor hides them", () => {
  const search = new KeywordSearch();
  const replace = () => {
    connection.handle.exec("DELETE FROM chunk_words WHERE chunk_words MATCH 'price'");
    connection.handle.exec("DELETE FROM chunks WHERE key NOT IN (SELECT rowid FROM chunk_words)");
    connection.transact(() => {
      for (let row = 0; row < 400; row += 1) {
        const { lastInsertRowid } = connection.handle.prepare("INSERT INTO chunks DEFAULT VALUES").run();
        connection.handle
          .prepare("INSERT INTO chunk_words (rowid, context, text) VALUES (?, ?, ?)")
          .run(lastInsertRowid, "none", "price list");
      }
    });
  };
  const kept: number[] = [];
  const postings = new WordPostings();
  for (let version = 0; version < 40; version += 1) {
    replace();
    expect(find(search, question("price")).length).toBe(50);
    const [known] = postings.of(connection, "a.db", question("price").all, passages, 100_000);
    kept.push(known?.postings.size ?? 0);
  }
  // Those of the version before last may still be there when the last one is added.
  expect(Math.max(...kept)).toBeLessThanOrEqual(400 * 1.25 + 300 + 400);
});

test("many words that are neither rare nor common are looked for as well, once they are known", async () => {
  const search = new KeywordSearch();
  const forms = Array.from({ length: 40 }, (_, index) => `rare${index}`);
  // Two hundred passages each: together too many to be looked up at once.
  add(passages, 0);
  find(search, question(...forms));
  while (search.isReading) await Bun.sleep(1);
  const { searched } = search.find(connection, "a.db", question(...forms), null);
  expect(searched.length).toBe(40);
});

test("a word that is read anew is found by what was known until then", async () => {
  const postings = new WordPostings();
  const ask = (readNow: number) => {
    const { all, passages: count } = question("while");
    return postings.of(connection, "a.db", all, count, readNow)[0]?.postings;
  };
  const first = ask(100_000);
  add(passages, 0);
  expect(ask(0)).toBe(first);
  while (postings.isReading) await Bun.sleep(1);
  const next = ask(0);
  expect(next).not.toBe(first);
  expect(next?.size).toBe(exact(["while"]).length);
});
