import { expect, test } from "bun:test";
import { piecesOf } from "./marked-text.tsx";

const shown = (text: string, marks: Parameters<typeof piecesOf>[1]) =>
  piecesOf(text, marks).map((piece) => [piece.text, ...piece.looks]);

test("a text is cut where marks begin and end, and each piece knows all of its marks", () => {
  const marks = [
    { start: 2, end: 8, look: "sentence" },
    { start: 4, end: 6, look: "word" },
    { start: 8, end: 9, look: "word" },
  ];
  expect(shown("0123456789", marks)).toEqual([
    ["01"],
    ["23", "sentence"],
    ["45", "sentence", "word"],
    ["67", "sentence"],
    ["8", "word"],
    ["9"],
  ]);
});

test("marks that reach beyond the text, are empty or lie elsewhere change nothing of it", () => {
  const marks = [
    { start: -5, end: 2, look: "a" },
    { start: 3, end: 99, look: "b" },
    { start: 50, end: 60, look: "c" },
    { start: 2, end: 2, look: "d" },
  ];
  expect(shown("abcd", marks)).toEqual([["ab", "a"], ["c"], ["d", "b"]]);
  expect(shown("", marks)).toEqual([]);
  expect(shown("abc", [])).toEqual([["abc"]]);
});
