import { expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import { WordCounts } from "./word-counts.ts";

const connection = new Connection(openSqlite(await prepareSqlite("."), ":memory:"));
connection.handle.exec(`
  CREATE VIRTUAL TABLE chunk_words USING fts5 (text);
  CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab (chunk_words, row);
`);
function add(count: number, text: string): void {
  const insert = connection.handle.prepare("INSERT INTO chunk_words (text) VALUES (?)");
  connection.transact(() => {
    for (let index = 0; index < count; index += 1) insert.run(text);
  });
}
const rows = () => connection.reader.get<{ n: number }>("SELECT count(*) AS n FROM chunk_words")?.n ?? -1;

test("the number of passages is the one that counting gives", () => {
  expect(WordCounts.of(connection).passages).toBe(0);
  for (const more of [1, 126, 1, 3, 16_253, 700]) {
    add(more, "lamp oil");
    expect(WordCounts.of(connection).passages).toBe(rows());
  }
  connection.handle.exec("DELETE FROM chunk_words WHERE rowid % 7 = 0");
  expect(WordCounts.of(connection).passages).toBe(rows());
});

test("a rare word is counted anew each time, a common one when much has changed", () => {
  const before = WordCounts.of(connection).documentsWith("lamp");
  expect(WordCounts.of(connection).documentsWith("wick")).toBe(0);
  add(5, "lamp wick");
  expect(WordCounts.of(connection).documentsWith("wick")).toBe(5);
  expect(WordCounts.of(connection).documentsWith("lamp")).toBe(before);
  add(2_000, "lamp");
  expect(WordCounts.of(connection).documentsWith("lamp")).toBe(before + 2_005);
});
