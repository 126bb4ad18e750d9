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

test("an empty first row that is said to name the columns does not make names of the next one", () => {
  const rows = [
    ["", ""],
    ["Phone", "555 1234"],
    ["Fax", "555 1235"],
  ];
  expect(rowsOf(rows, "yes")).toEqual(["Phone | 555 1234", "Fax | 555 1235"]);
});

test("neighbours that are equal and short are values, not one cell over two columns", () => {
  expect(rowsOf([["Wifi", "yes", "yes"]], "no")).toEqual(["Wifi | yes | yes"]);
  const spanned = "Closed on public holidays";
  expect(rowsOf([["Sunday", spanned, spanned]], "no")).toEqual([`Sunday | ${spanned}`]);
});

test("ranges and amounts count as numbers below a name, addresses do not name a column", () => {
  const hours = [
    ["Day", "Open"],
    ["Saturday", "9 am – 1 pm"],
    ["Sunday", "closed"],
    ["Monday", "EUR 5"],
  ];
  expect(rowsOf(hours, "detect")[0]).toBe("Day: Saturday | Open: 9 am – 1 pm");
  const contact = [
    ["Mail", "hello@example.com"],
    ["Phone", "555 1235"],
  ];
  expect(rowsOf(contact, "detect")).toEqual(["Mail | hello@example.com", "Phone | 555 1235"]);
});
