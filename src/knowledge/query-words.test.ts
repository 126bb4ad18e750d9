import { expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import { termsOf } from "./query-words.ts";

const connection = new Connection(openSqlite(await prepareSqlite("."), ":memory:"));
const inEnglish = (text: string) => ({ text, language: "en" });
const terms = (text: string) => [...(termsOf(connection, [inEnglish(text)])[0] ?? [])];

test("words become the index's own terms: folded, without accents, stemmed", () => {
  expect(terms("The Returned parcels; café")).toEqual(["the", "return", "parcel", "cafe"]);
  expect(terms("退货政策")).toEqual(["退货", "货政", "政策"]);
  expect(terms("Übergrößen straße")).toEqual(["ubergroßen", "straß"]);
});

test("the same words give the same terms whether they are new, known, or beside words that are cut in pieces", () => {
  const mixed = "number 4.90 x\u0301y किताब zug-luft 12\u0969 ok";
  const alone = mixed.split(" ").map(terms);
  expect(alone.flat().length).toBeGreaterThan(5);
  for (const set of termsOf(connection, [mixed, mixed, `fresh ${mixed} words`].map(inEnglish)).slice(0, 2))
    expect([...set]).toEqual([...new Set(alone.flat())]);
});

test("the scratch table is empty after use, so it does not grow", () => {
  termsOf(connection, [inEnglish("some entirely unseen vocabulary")]);
  expect(connection.reader.get("SELECT count(*) AS n FROM temp.scratch")).toEqual({ n: 0 });
});
