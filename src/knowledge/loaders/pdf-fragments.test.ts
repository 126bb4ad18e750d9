import { expect, test } from "bun:test";
import { elementsOf } from "./pdf-page.ts";
import type { PdfTextItem } from "./pdf-runs.ts";

function item(str: string, x: number, y: number, more: Partial<PdfTextItem> = {}): PdfTextItem {
  const width = more.width ?? str.length * 5;
  return { str, dir: "ltr", transform: [10, 0, 0, 10, x, y], height: 10, hasEOL: false, ...more, width };
}

function linesOf(items: readonly PdfTextItem[]): string[] {
  return elementsOf(items).map((element) => (element.kind === "line" ? element.line.text : element.kind));
}

test("right-to-left letters painted one by one from the left are words again, numbers kept as they are", () => {
  const letters = [..."\uFEE1\uFEEE\uFEF3"].map((letter, index) =>
    item(letter, 200 + index * 6, 700, { dir: "rtl", width: 6 }),
  );
  const line = [item("13:30", 155, 700, { width: 40 }), ...letters];
  expect(linesOf(line)).toEqual(["\u064A\u0648\u0645 13:30"]);
});

test("right-to-left columns are read from the right", () => {
  const words = [
    "\u05E9\u05DC\u05D5\u05DD",
    "\u05E2\u05D5\u05DC\u05DD",
    "\u05D9\u05D5\u05DD",
    "\u05D8\u05D5\u05D1",
  ];
  const column = (x: number, from: number): PdfTextItem[] =>
    Array.from({ length: 9 }, (_, index) => {
      const text = `${from + index} ${Array.from({ length: 8 }, (_, word) => words[(index + word) % 4]).join(" ")}`;
      return item(text, x, 700 - index * 12, { dir: "rtl", width: 200, hasEOL: true });
    });
  const lines = linesOf([...column(50, 20), ...column(300, 10)]);
  expect(lines.map((line) => Number.parseInt(line, 10))).toEqual([
    ...Array.from({ length: 9 }, (_, index) => 10 + index),
    ...Array.from({ length: 9 }, (_, index) => 20 + index),
  ]);
});

test("vertical writing is read from the right, whether it comes as lines or as single characters", () => {
  const single = (text: string, x: number): PdfTextItem[] =>
    [...text].map((letter, index) => item(letter, x, 700 - index * 10, { width: 10, hasEOL: true }));
  expect(linesOf([...single("\u55B6\u696D\u6642\u9593", 500), ...single("\u571F\u66DC\u65E5", 480)])).toEqual(
    ["\u55B6\u696D\u6642\u9593", "\u571F\u66DC\u65E5"],
  );
  const whole = (str: string, x: number): PdfTextItem =>
    item(str, x, 700, { dir: "ttb", width: 0, height: 80, hasEOL: true });
  expect(linesOf([whole("\u571F\u66DC\u65E5", 480), whole("\u55B6\u696D\u6642\u9593", 500)])).toEqual([
    "\u55B6\u696D\u6642\u9593",
    "\u571F\u66DC\u65E5",
  ]);
});

test("the mark of a footnote stays with its text, and text painted twice stands once", () => {
  const mark = item("1", 50, 103, { transform: [6, 0, 0, 6, 50, 103.5], width: 3 });
  expect(linesOf([mark, item("Not on holidays.", 62, 100)])).toEqual(["1 Not on holidays."]);
  expect(linesOf([item("Bold", 50, 100), item("Bold", 50.2, 100), item(" text", 71, 100)])).toEqual([
    "Bold text",
  ]);
});

test("text at impossible places is read", () => {
  const places = [Number.NaN, Number.POSITIVE_INFINITY, -1e308, 0];
  const items = places.flatMap((place, index) => [
    item(`w${index}`, place, place),
    item(`v${index}`, 0, 0, { transform: [place, place, place, place, 0, place], width: place }),
  ]);
  expect(
    linesOf(items)
      .join(" ")
      .match(/[vw]\d/g),
  ).toHaveLength(8);
});
