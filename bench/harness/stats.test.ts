import { describe, expect, test } from "bun:test";
import { auroc, calibrationError, percentile } from "./stats.ts";

describe("the area under the ROC curve", () => {
  test("is 1 when every positive scores above every negative, 0 the other way round", () => {
    expect(auroc([3, 4], [1, 2])).toBe(1);
    expect(auroc([1, 2], [3, 4])).toBe(0);
  });

  test("is the share of pairs in the right order", () => {
    // 3 > 1, 3 > 2, 2.5 > 1, 2.5 > 2, 1.5 > 1, and 1.5 < 2.
    expect(auroc([3, 2.5, 1.5], [1, 2])).toBeCloseTo(5 / 6);
  });

  test("counts ties half", () => {
    expect(auroc([1, 1], [1])).toBe(0.5);
    expect(auroc([2, 1], [1])).toBeCloseTo(0.75);
  });
});

const forecasts = (probability: number, happened: number, of: number) =>
  Array.from({ length: of }, (_, index) => ({ probability, happened: index < happened }));

describe("the expected calibration error", () => {
  test("is 0 when as many come true as was said", () => {
    expect(calibrationError([...forecasts(0.25, 1, 4), ...forecasts(0.8, 4, 5)])).toBeCloseTo(0);
  });

  test("is the distance between what was said and what came true", () => {
    expect(calibrationError(forecasts(0.9, 1, 2))).toBeCloseTo(0.4);
  });

  test("weights bins by their size and does not let one make good for another", () => {
    // Said .1, all of 3 came true: .9 off. Said .9, none of 1 did: .9 off as well, the other way.
    expect(calibrationError([...forecasts(0.1, 3, 3), ...forecasts(0.9, 0, 1)])).toBeCloseTo(0.9);
    // Three quarters of them exact, one quarter .5 off.
    expect(calibrationError([...forecasts(0, 0, 6), ...forecasts(0.5, 2, 2)])).toBeCloseTo(0.125);
  });

  test("lets forecasts within a bin make good for one another", () => {
    expect(calibrationError([...forecasts(0.52, 1, 1), ...forecasts(0.58, 0, 1)])).toBeCloseTo(0.05);
  });

  test("takes the ends 0 and 1", () => {
    expect(calibrationError([...forecasts(0, 0, 1), ...forecasts(1, 1, 1)])).toBe(0);
  });
});

describe("a percentile", () => {
  test("is the smallest sample that so many do not exceed", () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(samples, 0.5)).toBe(50);
    expect(percentile(samples, 0.95)).toBe(95);
    expect(percentile([7], 0.95)).toBe(7);
  });
});
