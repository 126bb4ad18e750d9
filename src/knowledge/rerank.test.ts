import { expect, test } from "bun:test";
import { defaultEmbedder, findModel } from "../inference/model-store.ts";
import { bestPart, reordered } from "./rerank.ts";
import type { Passage, PassageSentence } from "./search-protocol.ts";
import { splitSentences } from "./sentences.ts";

const { retrieval } = await findModel(defaultEmbedder, ".");

function passage(text: string, ranked: number, best = 0): Passage {
  const sentences: PassageSentence[] = splitSentences(text).map((span, index) => ({
    ...{ ...span, coverage: index === best ? 1 : 0, quoteCoverage: 0, cosine: null },
    ...{ isHeading: false, leans: false, needsHeading: false },
  }));
  return {
    ...{
      key: ranked,
      chunkId: text,
      documentId: "d",
      title: "t",
      text,
      heading: null,
      page: null,
      url: null,
    },
    ...{
      start: 0,
      end: text.length,
      score: 0,
      rescored: ranked,
      ranked,
      reranked: null,
      byCompanion: null,
      cosine: 0.9,
      bm25: 1,
    },
    ...{ match: "hybrid", sentences, features: { cosine: 0, keyword: 0, sentence: 0, sentencePair: 0 } },
  };
}
const order = { answerable: 0.9, passages: 100, byMeaning: true };

test("the model's value counts by its weight, and scores keep to the new order", () => {
  const passages = [passage("a", 10), passage("b", 9), passage("c", 8)];
  const names = (weight: number) =>
    reordered(passages, [-1, 1, 0], weight, order, retrieval).map(({ text }) => text);
  expect(names(0.1)).toEqual(["a", "b", "c"]);
  expect(names(1)).toEqual(["b", "a", "c"]);
  expect(names(4)).toEqual(["b", "c", "a"]);
  const scores = reordered(passages, [-1, 1, 0], 4, order, retrieval).map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((x, y) => y - x));
  expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
});

test("passages that the model did not read stay behind those that it did", () => {
  const passages = [passage("a", 10), passage("b", 9), passage("c", 8.9), passage("d", 1)];
  const found = reordered(passages, [-5, 5], 2, order, retrieval);
  expect(found.map(({ text, reranked }) => [text, reranked])).toEqual([
    ["b", 5],
    ["a", -5],
    ["c", null],
    ["d", null],
  ]);
});

test("of a long passage the part around its best sentence is read", () => {
  const text = "One is here. Two is there. Three is best of all. Four follows it. Five ends it.";
  const long = passage(text, 1, 2);
  expect(bestPart(long, 200)).toBe(text);
  expect(bestPart(long, 40)).toBe("Two is there. Three is best of all. Four");
  expect(bestPart(passage(text, 1, 4), 40)).toBe(text.slice(-40));
});
