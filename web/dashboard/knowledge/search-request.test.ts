import { describe, expect, test } from "bun:test";
import type { SearchHit } from "../api/search.ts";
import { searchFrom, searchPath, whyChosen, wordsInSentences } from "./search-request.ts";

const usual = { query: "", mode: "hybrid", limit: 10, minScore: 0 } as const;

describe("the question of the test search", () => {
  test("comes back from the address it was written to", () => {
    const request = {
      query: "What does 5 € & more cost?",
      mode: "vector",
      limit: 50,
      minScore: 0.35,
    } as const;
    expect(searchFrom(new URL(searchPath(request), "http://x.invalid").searchParams)).toEqual(request);
    expect(searchPath(usual)).toBe("/knowledge/search");
    expect(searchFrom(new URLSearchParams())).toEqual(usual);
  });

  test.each(["mode=best", "limit=7", "limit=1000", "min=abc", "min=-1", "min=101", "q=%20"])(
    "is the usual one where the address makes no sense: %s",
    (search) => {
      expect(searchFrom(new URLSearchParams(search))).toEqual(usual);
    },
  );
});

const words = [
  { word: "delivery", passages: 2, searched: true },
  { word: "cost", passages: 3, searched: true },
  { word: "the", passages: 40, searched: false },
  { word: "moon", passages: 0, searched: false },
];
const hit: SearchHit = {
  chunkId: "1",
  documentId: "2",
  title: "Prices",
  text: "Delivery costs 4 euros in the city.",
  score: 0.8,
  match: "hybrid",
  reasons: { meaning: 0.4, words: 0.5, coverage: 0.2 },
};

describe("why a passage was chosen", () => {
  test("names how it was found and the words that it holds", () => {
    expect(whyChosen(hit, words)).toEqual([
      "Found by its words and by its meaning.",
      "It has “delivery” and “cost” in it.",
    ]);
    expect(whyChosen({ ...hit, match: "vector", text: "Something else." }, words)).toEqual([
      "Found by its meaning.",
    ]);
  });

  test("says how much of the question one sentence holds", () => {
    const shareOf = (coverage: number) =>
      whyChosen({ ...hit, reasons: { ...hit.reasons, coverage } }, []).slice(1);
    expect(shareOf(0.9)).toEqual(["One of its sentences has nearly all that was asked for."]);
    expect(shareOf(0.5)).toEqual(["One of its sentences has about half of what was asked for."]);
    expect(shareOf(0.1)).toEqual([]);
  });
});

test("words that nothing has and words that were left out are said, the others need no word", () => {
  expect(wordsInSentences(words)).toEqual([
    "No passage has “moon”.",
    "Left out, because too many passages have it: “the”.",
  ]);
  expect(wordsInSentences(words.slice(0, 2))).toEqual([]);
});
