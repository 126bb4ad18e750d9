import { expect, test } from "bun:test";
import { DocumentBuilder } from "./document-builder.ts";
import { addTable, type TableHeader } from "./table.ts";

function rowsOf(rows: readonly (readonly string[])[], header: TableHeader): string[] {
  const builder = new DocumentBuilder();
  addTable(builder, rows, header);
  return builder.build().blocks.map((block) => block.text);
}

test("each cell is said with the name of its column", () => {
  const rows = [
    ["Day", "Opens:", "Last entry"],
    ["Saturday", "9:00", "16:30"],
    ["Sunday", "", "15:30"],
  ];
  expect(rowsOf(rows, "yes")).toEqual([
    "Day: Saturday | Opens: 9:00 | Last entry: 16:30",
    "Day: Sunday | Last entry: 15:30",
  ]);
});

test("names of columns are told by numbers below them, or by an empty corner", () => {
  const prices = [
    ["Room", "Price"],
    ["Single", "80 €"],
  ];
  expect(rowsOf(prices, "detect")).toEqual(["Room: Single | Price: 80 €"]);
  const corner = [
    ["", "Standard", "Express"],
    ["Spain", "slow", "fast"],
  ];
  expect(rowsOf(corner, "detect")).toEqual(["Spain | Standard: slow | Express: fast"]);
});

test("a list of facts without names stays as it is", () => {
  const facts = [
    ["Phone", "555 1234"],
    ["Fax", "555 1235"],
  ];
  expect(rowsOf(facts, "detect")).toEqual(["Phone | 555 1234", "Fax | 555 1235"]);
});

test("a cell over the whole width is a heading, and a lone first row is a row", () => {
  const rows = [
    ["Size", "Price"],
    ["Drinks", "Drinks"],
    ["S", "5 €"],
  ];
  expect(rowsOf(rows, "yes")).toEqual(["Drinks", "Size: S | Price: 5 €"]);
  expect(rowsOf([["Size", "Price"]], "yes")).toEqual(["Size | Price"]);
});

test("equal numbers in a row are values, not a heading", () => {
  const rows = [
    ["Number", "Square"],
    ["1", "1"],
  ];
  expect(rowsOf(rows, "yes")).toEqual(["Number: 1 | Square: 1"]);
});
