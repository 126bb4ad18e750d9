import { describe, expect, test } from "bun:test";
import { excerptOf, markedWords } from "./marks.ts";

const found = (text: string, ...words: readonly string[]) =>
  markedWords(text, words).map(({ start, end }) => text.slice(start, end));

describe("the question's words in a text", () => {
  test.each([
    ["Delivery costs 4 euros, deliveries abroad more.", ["delivery"], ["Delivery", "deliveries"]],
    ["We delivered it.", ["delivery"], ["delivered"]],
    ["Öffnungszeiten und OFFNUNG", ["öffnung"], ["Öffnungszeiten", "OFFNUNG"]],
    ["The planet of the plants.", ["plants"], ["plants"]],
    ["The price of a prince", ["price"], ["price"]],
    ["costs of a costume", ["cost"], ["costs"]],
    ["a an the", ["the"], ["the"]],
    ["我们的送货时间", ["送货"], ["送货"]],
    ["C++ and $^ (a.b*", ["(a.b*", "^"], []],
    ["nothing here", [], []],
  ])("%p with %p", (text, words, expected) => {
    expect(found(text, ...words)).toEqual([...expected]);
  });
});

describe("an excerpt", () => {
  const text = `${"before ".repeat(60)}The best sentence is here. ${"after ".repeat(60)}`;
  const start = text.indexOf("The best");
  const centre = { start, end: start + "The best sentence is here.".length };

  test("holds the sentence it is made for and is cut between words", () => {
    const { start: from, end } = excerptOf(text, centre, 200);
    const part = text.slice(from, end);
    expect(part).toContain("The best sentence is here.");
    expect(part.startsWith("before ")).toBe(true);
    expect(part.endsWith("after")).toBe(true);
    expect(part.length).toBeLessThanOrEqual(200);
  });

  test("begins at the beginning when nothing is looked for, and is all of a short text", () => {
    expect(excerptOf(text, undefined, 50).start).toBe(0);
    expect(excerptOf("short", { start: 1, end: 2 }, 50)).toEqual({ start: 0, end: 5 });
  });

  test("shows a sentence longer than itself to its end, and a text without gaps too", () => {
    const long = { start: 10, end: 400 };
    expect(excerptOf(text, long, 100).end).toBeGreaterThanOrEqual(400);
    expect(excerptOf("x".repeat(1_000), { start: 500, end: 510 }, 100)).toEqual({ start: 420, end: 520 });
  });
});
