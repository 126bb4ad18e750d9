import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { bytesOf, docxFile, wordXml } from "./test-files.fixture.ts";

async function texts(html: string): Promise<string[]> {
  const document = await loadDocument(bytesOf(`<!doctype html><body>${html}`), "a.html");
  return document.blocks.map((block) => `${block.kind}: ${block.text}`);
}

test("a cell is said with its column's name, whether the names stand in thead or in th", async () => {
  const rows = "<tr><td>Saturday<td>9:00<td>13:00</tr><tr><td>Sunday<td colspan=2>closed</tr>";
  const expected = [
    "table-row: Day: Saturday | Opens: 9:00 | Closes: 13:00",
    "table-row: Day: Sunday | Opens: closed | Closes: closed",
  ];
  const head = "<thead><tr><td>Day<td>Opens<td>Closes</thead>";
  expect(await texts(`<table>${head}${rows}</table>`)).toEqual(expected);
  expect(await texts(`<table><tr><th>Day<th>Opens<th>Closes</tr>${rows}</table>`)).toEqual(expected);
  const bold = "<tr><td><b>Day</b><td><strong>Opens</strong><td><b>Closes</b></tr>";
  expect(await texts(`<table>${bold}${rows}</table>`)).toEqual(expected);
});

test("names in several rows are joined, and a cell over rows counts for each of them", async () => {
  const table = `<table><caption>Tickets</caption>
    <thead><tr><th colspan=5>Prices in euros</th></tr>
    <tr><th rowspan=2>Area</th><th colspan=2>Summer</th><th colspan=2>Winter</th></tr>
    <tr><th>Adults</th><th>Children</th><th>Adults</th><th>Children</th></tr></thead>
    <tr><td rowspan=2>Pool</td><td>8</td><td>4</td><td>6</td><td>3</td></tr>
    <tr><td>9</td><td>5</td><td>7</td><td>4</td></tr></table>`;
  expect(await texts(table)).toEqual([
    "paragraph: Tickets",
    "table-row: Prices in euros",
    "table-row: Area: Pool | Summer › Adults: 8 | Summer › Children: 4 | Winter › Adults: 6 | Winter › Children: 3",
    "table-row: Area: Pool | Summer › Adults: 9 | Summer › Children: 5 | Winter › Adults: 7 | Winter › Children: 4",
  ]);
});

test("headings of rows do not name columns, and a new row of names starts a new part", async () => {
  expect(
    await texts("<table><tr><th>Mail<td>post office<tr><th>Phone<td>555 1234<tr><th>Fax<td>555 1235</table>"),
  ).toEqual(["table-row: Mail | post office", "table-row: Phone | 555 1234", "table-row: Fax | 555 1235"]);
  const two = `<table><tr><th>Day<th>Opens<tr><th>Monday<td>9:00<tr><th colspan=2>Holidays
    <tr><th>Feast<th>Closes<tr><td>Easter<td>12:00</table>`;
  expect(await texts(two)).toEqual([
    "table-row: Day: Monday | Opens: 9:00",
    "table-row: Holidays",
    "table-row: Feast: Easter | Closes: 12:00",
  ]);
});

test("terms stand before their definitions", async () => {
  const list = `<dl><dt>Returns<dd>30 days<dd>unused goods<div><dt>Post<dt>Parcel<dd><p>2 days</p><p>More abroad.</p></div>
    <dt>Do you ship to Spain?<dd>Yes.<dt>Colours<dd><ul><li>red</ul><dt>Alone</dl>`;
  expect(await texts(list)).toEqual([
    "list-item: Returns: 30 days",
    "list-item: Returns: unused goods",
    "list-item: Post, Parcel: 2 days",
    "list-item: More abroad.",
    "list-item: Do you ship to Spain? Yes.",
    "list-item: Colours",
    "list-item: red",
    "list-item: Alone",
  ]);
});

test("spans that claim millions of columns and rows are cut", async () => {
  const wide = `<table><tr><th>Day<th>Opens</tr><tr><td colspan=1000000 rowspan=1000000>closed</tr>${"<tr><td>9:00</tr>".repeat(50)}</table>`;
  const rows = await texts(wide);
  expect(rows).toHaveLength(51);
  expect(rows.join("").length).toBeLessThan(200_000);
  const many = `<table>${"<tr><td rowspan=65534 colspan=500>x</tr>".repeat(2_000)}</table>`;
  expect((await texts(many)).length).toBe(2_000);
});

test("a long text over several columns is said once", async () => {
  const text = "Please ask at the desk. ".repeat(20).trim();
  const rows = await texts(
    `<table><tr><th>A<th>B<th>C</tr><tr><td colspan=3>${text}<tr><td>1<td>2<td>3</table>`,
  );
  expect(rows).toEqual([`table-row: A: ${text}`, "table-row: A: 1 | B: 2 | C: 3"]);
});

test("a Word table names its columns by a marked heading row, or by bold cells", async () => {
  const cell = (text: string, bold = false): string =>
    `<w:tc><w:p><w:r>${bold ? "<w:rPr><w:b/></w:rPr>" : ""}<w:t>${text}</w:t></w:r></w:p></w:tc>`;
  const row = (cells: readonly string[], bold = false, marked = false): string =>
    `<w:tr>${marked ? "<w:trPr><w:tblHeader/></w:trPr>" : ""}${cells.map((text) => cell(text, bold)).join("")}</w:tr>`;
  const body = row(["Saturday", "morning only"]) + row(["Sunday", "not at all"]);
  for (const head of [row(["Day", "Open"], false, true), row(["Day", "Open"], true)]) {
    const document = await loadDocument(docxFile(wordXml(`<w:tbl>${head}${body}</w:tbl>`)), "a.docx");
    expect(document.blocks.map((block) => block.text)).toEqual([
      "Day: Saturday | Open: morning only",
      "Day: Sunday | Open: not at all",
    ]);
  }
});
