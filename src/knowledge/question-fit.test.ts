import { expect, test } from "bun:test";
import { Connection } from "../db/transaction.ts";
import { openSqlite, prepareSqlite } from "../native/sqlite.ts";
import type { Row, SeenCut } from "./found-passages.ts";
import { passageSentences } from "./passage-sentences.ts";
import { inverseDocumentFrequency, type QuestionWords, WordFinder } from "./query-words.ts";
import { questionFit } from "./question-fit.ts";
import type { Passage } from "./search-protocol.ts";
import { TermDictionary } from "./term-dictionary.ts";

const connection = new Connection(openSqlite(await prepareSqlite("."), ":memory:"));
const dictionary = new TermDictionary();
const passages = 1000;
const small = new Set("when was the in for is it which not who".split(" "));

/** A question whose words stand in as many passages as said, in 50 where nothing is said. */
function wordsOf(question: string, documents: Readonly<Record<string, number>> = {}): QuestionWords {
  const all = (question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((surface) => {
    const idf = inverseDocumentFrequency(documents[surface] ?? 50, passages);
    const [terms = []] = dictionary.termsOfWords(connection, [surface]);
    const isSmall = small.has(surface);
    return { surface, forms: [surface], terms, documents: 50, idf, credit: idf, isSmall };
  });
  return { all, idfSum: all.reduce((sum, { idf }) => sum + idf, 0), passages };
}

/** @param nearest index of the sentence with the highest cosine; null: no sentence has one */
function fitOf(question: string, nearest: number | null, documents?: Readonly<Record<string, number>>) {
  const text =
    "Opening hours\n\nThe museum was opened in 1894 for the world fair. The cellar is not open to visitors.";
  const row: Row = {
    ...{ key: 7, chunkId: "c", documentId: "d", title: "Harbour museum", text, heading: "Opening hours" },
    ...{ page: null, start: 0, end: text.length, language: "en", url: null },
  };
  const spans = passageSentences(text, row.heading);
  const words = wordsOf(question, documents);
  const finder = new WordFinder(connection, dictionary, words);
  const cut: SeenCut = {
    spans,
    held: spans.map(({ start, end }) => finder.in({ text: text.slice(start, end), language: "en" })),
    cosines: [],
    byCompanion: null,
  };
  const passage: Passage = {
    ...row,
    ...{
      score: 0,
      rescored: 0,
      ranked: 0,
      reranked: null,
      byCompanion: null,
      cosine: null,
      bm25: null,
      match: "hybrid",
    },
    features: { cosine: 0, keyword: 0, sentence: 0, sentencePair: 0 },
    sentences: spans.map((span, index) => ({
      ...span,
      ...{
        coverage: 0,
        quoteCoverage: 0,
        needsHeading: false,
        cosine: nearest === null ? null : index === nearest ? 0.9 : 0.8,
      },
    })),
  };
  const kept = { rows: new Map([[7, row]]), cuts: new Map([[7, cut]]), finder };
  return questionFit(question, words, [passage], kept);
}

test("what a question says and the nearest sentence does too, its heading and title included, is not missing", () => {
  expect(fitOf("When was the harbour museum opened for the fair in 1894?", 1)).toEqual({
    words: 5,
    missing: 0,
    numbers: 0,
    negated: false,
    lacking: [],
  });
  expect(fitOf("Which hours is it open?", 1)?.missing).toBe(0);
});

test("the rarest missing word counts by its rarity, a missing number by itself", () => {
  const fit = fitOf("When was the lighthouse opened for the world fair in 1994?", 1, { lighthouse: 1 });
  expect(fit).toMatchObject({ missing: 1, numbers: 1, lacking: ["lighthouse", "1994"] });
  const common = fitOf("When was the lighthouse opened in 1894?", 1, { lighthouse: 200 });
  expect(common?.missing).toBeGreaterThan(0.1);
  expect(common?.missing).toBeLessThan(0.4);
  expect(fitOf("1 2 3 4?", 1)?.numbers).toBe(2);
});

test("a question that says not is another one, unless the sentence says so too", () => {
  expect(fitOf("Which cellar is not open?", 1)?.negated).toBe(true);
  expect(fitOf("Which cellar is not open?", 2)?.negated).toBe(false);
  expect(fitOf("Which cellar is open?", 2)?.negated).toBe(false);
});

test("without vectors of sentences there is none", () => {
  expect(fitOf("Which cellar is open?", null)).toBeNull();
});
