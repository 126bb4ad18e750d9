import { expect, test } from "bun:test";
import { withoutOverlap } from "./stitch.ts";

const text = "One sentence. Two sentences. Three sentences. Four sentences.";
const part = (documentId: string, start: number, end: number) => ({
  documentId,
  start,
  end,
  text: text.slice(start, end),
});

test("what neighbours share is said once, by the one that is found first", () => {
  expect(withoutOverlap([part("a", 0, 28), part("a", 14, 45)])).toEqual([
    "One sentence. Two sentences.",
    "Three sentences.",
  ]);
  expect(withoutOverlap([part("a", 14, 45), part("a", 0, 28)])).toEqual([
    "Two sentences. Three sentences.",
    "One sentence.",
  ]);
});

test("a passage within others says nothing, and one between two says what is left", () => {
  expect(withoutOverlap([part("a", 0, 45), part("a", 14, 28)])).toEqual([text.slice(0, 45), ""]);
  expect(withoutOverlap([part("a", 0, 20), part("a", 40, 61), part("a", 14, 45)]).at(-1)).toBe(
    text.slice(20, 40).trim(),
  );
});

test("passages of different documents have nothing to do with each other", () => {
  expect(withoutOverlap([part("a", 0, 28), part("b", 0, 28)])).toEqual([
    text.slice(0, 28),
    text.slice(0, 28),
  ]);
});
