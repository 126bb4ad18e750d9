import { expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import { TermDictionary } from "./term-dictionary.ts";

const connection = new Connection(openSqlite(await prepareSqlite("."), ":memory:"));
const dictionary = new TermDictionary();
const inEnglish = (text: string) => ({ text, language: "en" });

function terms(text: string, language = "en", of = dictionary): string[] {
  const [numbers = []] = of.termsOf(connection, [{ text, language }]);
  return [...new Set(numbers.map((number) => of.nameOf(number)))];
}

test("words become the index's own terms: folded, without accents, stemmed", () => {
  expect(terms("The Returned parcels; café")).toEqual(["the", "return", "parcel", "cafe"]);
  expect(terms("退货政策")).toEqual(["退货", "货政", "政策"]);
  expect(terms("Übergrößen straße")).toEqual(["ubergroßen", "straß"]);
});

test("a word has the stem of its text's language", () => {
  const word = "Lieferungen";
  expect(terms(word, "de")).toEqual(terms("Lieferung", "de"));
  expect(terms(word, "en")).not.toEqual(terms("Lieferung", "en"));
  expect(terms(word, "de")).not.toEqual(terms(word, "en"));
});

test("the same words give the same terms whether they are new, known, or beside words that are cut in pieces", () => {
  const mixed = "number 4.90 x\u0301y किताब zug-luft 12\u0969 ok";
  const alone = mixed.split(" ").map((text) => terms(text));
  expect(alone.flat().length).toBeGreaterThan(5);
  for (const text of [mixed, mixed, `fresh ${mixed} words`])
    expect(terms(text)).toEqual(expect.arrayContaining([...new Set(alone.flat())]));
});

test("letters beyond the first 65,536 stand in words, halves of them alone do not", () => {
  const letters = "\u{1d400}\u{1d401}";
  const [own = []] = dictionary.termsOf(connection, [inEnglish(`${letters} and \ud835, \udc00`)]);
  expect(own).toHaveLength(2);
  expect(terms(`x ${letters}`)).toHaveLength(2);
});

test("many words stay apart", () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `w${index}q`);
  const numbers = dictionary.termsOf(connection, words.map(inEnglish));
  expect(new Set(numbers.flat()).size).toBe(words.length);
  expect(dictionary.termsOf(connection, words.map(inEnglish))).toEqual(numbers);
  expect(words.filter((word, index) => dictionary.nameOf(numbers[index]?.[0] ?? -1) !== word)).toEqual([]);
});

test("it begins anew when it is full, and then knows the same", () => {
  const small = new TermDictionary(3);
  expect(terms("opening hours", "en", small)).toEqual(["open", "hour"]);
  expect(small.refresh()).toBe(false);
  expect(terms("opening hours on Sundays", "en", small)).toEqual(["open", "hour", "on", "sundai"]);
  expect(small.refresh()).toBe(true);
  expect(small.nameOf(0)).toBe("");
  expect(terms("Sundays, opening", "en", small)).toEqual(["sundai", "open"]);
});

test("the scratch table is empty after use, so it does not grow", () => {
  dictionary.termsOf(connection, [inEnglish("some entirely unseen vocabulary")]);
  expect(connection.reader.get("SELECT count(*) AS n FROM temp.scratch")).toEqual({ n: 0 });
});
