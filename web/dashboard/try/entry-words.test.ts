import { expect, test } from "bun:test";
import { entryInWords } from "./entry-words.ts";

test.each([
  ["answerable", 0.91, ["The documents hold an answer", 0.91]],
  ["embedMs", 12.4, ["to understand the question", "12 ms"]],
  ["grounded", 1, ["It rests on the sources", "yes"]],
  ["action", "handed_over", ["What it did", "Handed over to a person"]],
  ["level", "high", ["In a word", "sure"]],
  ["level", "toString", ["In a word", "toString"]],
  ["constructor", "x", ["Constructor", "x"]],
] as const)("%s %p reads %p", (name, value, words) => {
  const inWords: readonly unknown[] = entryInWords(name, value);
  expect(inWords).toEqual([...words]);
});
