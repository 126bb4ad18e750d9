import { describe, expect, test } from "bun:test";
import { judged, meanReciprocalRank, ndcgAt, rankingFigures, recallAt } from "./ranking.ts";

/** Three questions: right at the first place, at the third, nowhere. */
const rankings = [judged(["a", null, null], 1), judged([null, null, "b"], 1), judged([null, null, null], 1)];

describe("a judged ranking", () => {
  test("counts a thing that comes again at its first place only", () => {
    expect(judged(["a", "a", null, "b", "a"], 2).right).toEqual([true, false, false, true, false]);
  });
});

describe("recall", () => {
  test("is the share of questions with something right within the depth", () => {
    expect(recallAt(rankings, 1)).toBeCloseTo(1 / 3);
    expect(recallAt(rankings, 2)).toBeCloseTo(1 / 3);
    expect(recallAt(rankings, 3)).toBeCloseTo(2 / 3);
  });

  test("counts a question once, however much of its ranking is right", () => {
    expect(recallAt([judged(["a", "b", "c"], 3), judged([null], 1)], 5)).toBe(0.5);
  });
});

describe("mean reciprocal rank", () => {
  test("is the mean of one over the first right place, nothing found counting zero", () => {
    expect(meanReciprocalRank(rankings)).toBeCloseTo((1 + 1 / 3 + 0) / 3);
  });

  test("does not look behind the first right place", () => {
    expect(meanReciprocalRank([judged([null, "a", "b"], 2)])).toBe(0.5);
  });
});

describe("normalised discounted cumulative gain", () => {
  test("of one right thing is one over the logarithm of its place", () => {
    expect(ndcgAt(rankings, 10)).toBeCloseTo((1 + 1 / Math.log2(4) + 0) / 3);
  });

  test("is 1 when all right things come first, and less when one comes later", () => {
    expect(ndcgAt([judged(["a", "b", null], 2)], 10)).toBe(1);
    const best = 1 + 1 / Math.log2(3);
    expect(ndcgAt([judged(["a", null, "b"], 2)], 10)).toBeCloseTo((1 + 0.5) / best);
  });

  test("asks for no more right things than there are places", () => {
    expect(ndcgAt([judged(["a", "b"], 50)], 2)).toBe(1);
  });

  test("does not count what stands below the depth", () => {
    expect(ndcgAt([judged([null, null, "a"], 1)], 2)).toBe(0);
  });
});

test("the figures of rankings of ten places agree with one another", () => {
  const tenth = judged([...Array.from({ length: 9 }, () => null), "a"], 1);
  expect(rankingFigures([tenth])).toEqual({
    r1: 0,
    r5: 0,
    r10: 1,
    mrr: 0.1,
    ndcg10: 1 / Math.log2(11),
    questions: 1,
  });
});
