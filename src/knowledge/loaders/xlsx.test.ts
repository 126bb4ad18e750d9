import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { relationsXml, type SheetSpec, sheetRows, xlsxFile } from "./office-files.fixture.ts";

async function linesOf(
  sheets: readonly SheetSpec[],
  more: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { blocks } = await loadDocument(xlsxFile(sheets, more), "a.xlsx");
  return blocks.map(({ kind, level, text }) => `${kind}${level ?? ""}: ${text}`);
}

const prices = sheetRows([
  ["Room", "Price"],
  ["Single", 80],
  ["Double", 120],
]);

const STYLES = (formats: readonly string[]): string =>
  `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts>${formats
    .map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${code}"/>`)
    .join(
      "",
    )}</numFmts><fonts><font/><font><b/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="14"/><xf numFmtId="10"/>${formats
    .map((_, index) => `<xf numFmtId="${200 + index}"/>`)
    .join("")}</cellXfs></styleSheet>`;

test("each row of a sheet is said with the names of its columns, below the name of the sheet", async () => {
  expect(await linesOf([{ name: "Prices", rows: prices }])).toEqual([
    "heading1: Prices",
    "table-row: Room: Single | Price: 80",
    "table-row: Room: Double | Price: 120",
  ]);
});

test("hidden sheets, rows and columns are left out, and the note says so", async () => {
  const rows = `<row r="1"><c r="A1" t="str"><v>Room</v></c><c r="B1" t="str"><v>Cost</v></c><c r="C1" t="str"><v>Price</v></c></row>
    <row r="2" hidden="1"><c r="A2" t="str"><v>Secret</v></c></row>
    <row r="3"><c r="A3" t="str"><v>Single</v></c><c r="B3"><v>30</v></c><c r="C3"><v>80</v></c></row>`;
  const sheets = [
    { name: "Prices", rows, before: '<cols><col min="2" max="2" hidden="1"/></cols>' },
    { name: "Staff", rows: prices, state: "hidden" },
    { name: "Salaries", rows: prices, state: "veryHidden" },
  ];
  expect(await linesOf(sheets)).toEqual(["heading1: Prices", "table-row: Room: Single | Price: 80"]);
  const { note } = await loadDocument(xlsxFile(sheets), "a.xlsx");
  expect(note).toBe("2 hidden sheets and hidden rows or columns were left out.");
});

test("rows that only a filter or a closed outline hides are read", async () => {
  const hidden = '<row r="2" hidden="1"><c r="A2"><v>5</v></c></row>';
  const outlined = hidden.replace("hidden", 'outlineLevel="1" hidden');
  const filtered = { name: "A", rows: hidden, before: '<sheetPr filterMode="1"/>' };
  expect(await linesOf([filtered])).toEqual(["heading1: A", "paragraph: 5"]);
  expect(await linesOf([{ name: "A", rows: outlined }])).toEqual(["heading1: A", "paragraph: 5"]);
});

test("values stand as a person sees them", async () => {
  const formats = [
    "#,##0.00\\ &quot;€&quot;",
    "dd\\.mm\\.yyyy",
    "[h]:mm",
    "&quot;No. &quot;0000",
    ";;;",
    "bad[[[",
  ];
  const cells = [
    '<c s="2"><v>45292</v></c>', '<c s="3"><v>0.256</v></c>', '<c s="4"><v>1234.5</v></c>', '<c s="5"><v>45292.75</v></c>',
    '<c s="6"><v>1.5</v></c>', '<c s="7"><v>42</v></c>', '<c s="8"><v>666</v></c>', '<c s="9"><v>7</v></c>',
    '<c><v>0.30000000000000004</v></c>', "<c><v>4006381333931</v></c>", '<c t="b"><v>1</v></c>', '<c t="e"><v>#N/A</v></c>',
    '<c t="str"><f>A1&amp;"x"</f><v>cached</v></c>', "<c><f>SUM(A1:A9)</f></c>", '<c s="2" t="d"><v>2024-02-29T00:00:00</v></c>',
    '<c t="s"><v>0</v></c>', '<c t="s"><v>99</v></c>',
  ]; // biome-ignore format: a table
  const strings =
    '<sst><si><r><t>Rich</t></r><r><rPr><b/></rPr><t xml:space="preserve"> text_x000D_</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si></sst>';
  const lines = await linesOf([{ name: "A", rows: `<row>${cells.join("")}</row>` }], {
    "xl/styles.xml": STYLES(formats),
    "xl/sharedStrings.xml": strings,
  });
  expect(lines[1]).toBe(
    "table-row: 2024-01-01 | 25.60% | 1,234.50 € | 01.01.2024 | 36:00 | No. 0042 | 7 | 0.3 | 4006381333931 | TRUE | cached | 2024-02-29 | Rich text",
  );
});

test("a workbook that counts from 1904 shows the same days", async () => {
  const workbook =
    '<workbook xmlns:q="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="A" q:id="r1"/></sheets></workbook>';
  const lines = await linesOf([{ name: "A", rows: '<row><c s="2"><v>43830</v></c></row>' }], {
    "xl/styles.xml": STYLES([]),
    "xl/workbook.xml": workbook,
  });
  expect(lines).toEqual(["heading1: A", "paragraph: 2024-01-01"]);
});

test("empty rows part tables, and lines above a table are its headings", async () => {
  const rows = [
    sheetRows([["Summer prices"]], 1),
    sheetRows([["Room", "Price"], ["Single", 80]], 3),
    sheetRows([["Opening hours", null], ["Day", "Hour"], ["Monday", 9]], 6),
    sheetRows([["Ask at the desk."]], 10),
  ]; // biome-ignore format: a table
  expect(await linesOf([{ name: "A", rows: rows.join("") }])).toEqual([
    "heading1: A",
    "heading2: Summer prices",
    "table-row: Room: Single | Price: 80",
    "heading2: Opening hours",
    "table-row: Day: Monday | Hour: 9",
    "paragraph: Ask at the desk.",
  ]);
});

test("lines of facts below one another are no headings", async () => {
  const rows = sheetRows([["Call us now"], [2024], ["Open", "daily"]]);
  expect(await linesOf([{ name: "A", rows }])).toEqual([
    "heading1: A",
    "table-row: Call us now",
    "table-row: 2024",
    "table-row: Open | daily",
  ]);
});

test("names of columns stay with their numbers over an empty row, and equal numbers keep their names", async () => {
  const rows = sheetRows([["Number", "Square"], [], [1, 1], [2, 4]]);
  expect(await linesOf([{ name: "A", rows }])).toEqual([
    "heading1: A",
    "table-row: Number: 1 | Square: 1",
    "table-row: Number: 2 | Square: 4",
  ]);
});

test("bold, frozen and filtered first rows name the columns of texts", async () => {
  const bold = `<row><c s="1" t="str"><v>Question</v></c><c s="1" t="str"><v>Answer</v></c></row><row><c t="str"><v>Where?</v></c><c t="str"><v>Here.</v></c></row>`;
  const plain = bold.replaceAll(' s="1"', "");
  const named = ["heading1: A", "table-row: Question: Where? | Answer: Here."];
  const styles = { "xl/styles.xml": STYLES([]) };
  expect(await linesOf([{ name: "A", rows: bold }], styles)).toEqual(named);
  const pane = '<sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>';
  expect(await linesOf([{ name: "A", rows: plain, before: pane }])).toEqual(named);
  expect(await linesOf([{ name: "A", rows: plain, after: '<autoFilter ref="A1:B2"/>' }])).toEqual(named);
  expect(
    await linesOf([{ name: "A", rows: plain }], {
      "xl/worksheets/_rels/sheet1.xml.rels": relationsXml([["t", "table", "..\\tables\\table1.xml"]]),
      "xl/tables/table1.xml": '<table ref="A1:B2"/>',
    }),
  ).toEqual(named);
  expect(await linesOf([{ name: "A", rows: plain }])).toHaveLength(3);
});

test("the value of merged cells stands in each of them", async () => {
  const rows = sheetRows([
    ["Group", "Kind", "Price"],
    ["Drinks", "Tea", 2],
    [null, "Coffee", 3],
    ["Food", null, null],
  ]);
  const after = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A4:C4"/></mergeCells>';
  expect(await linesOf([{ name: "A", rows, after }])).toEqual([
    "heading1: A",
    "table-row: Group: Drinks | Kind: Tea | Price: 2",
    "table-row: Group: Drinks | Kind: Coffee | Price: 3",
    "table-row: Food",
  ]);
});

test("text boxes and described pictures on a sheet follow its cells", async () => {
  const drawing = `<d:wsDr xmlns:d="x" xmlns:b="y"><d:sp><d:txBody><b:p><b:r><b:t>Prices without breakfast</b:t></b:r></b:p></d:txBody></d:sp><d:pic><d:nvPicPr><d:cNvPr descr="A map of the rooms"/></d:nvPicPr></d:pic></d:wsDr>`;
  const lines = await linesOf([{ name: "A", rows: prices }], {
    "xl/worksheets/_rels/sheet1.xml.rels": relationsXml([["d", "drawing", "/xl/drawings/drawing1.xml"]]),
    "xl/drawings/drawing1.xml": drawing,
  });
  expect(lines.slice(3)).toEqual(["paragraph: Prices without breakfast", "paragraph: A map of the rooms"]);
});

test("strict files, other prefixes, UTF-16 and missing parts are read", async () => {
  const strict =
    '<?xml version="1.0" encoding="UTF-16"?><s:workbook xmlns:s="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:rel="http://purl.oclc.org/ooxml/officeDocument/relationships"><s:sheets><s:sheet name="Größen" rel:id="r1"/></s:sheets></s:workbook>';
  const sheet =
    '<s:worksheet xmlns:s="http://purl.oclc.org/ooxml/spreadsheetml/main"><s:sheetData><s:row><s:c t="inlineStr"><s:is><s:t>Klein</s:t></s:is></s:c></s:row></s:sheetData></s:worksheet>';
  const file = xlsxFile([{ name: "x", rows: "" }], {
    "xl/workbook.xml": Buffer.from(`\uFEFF${strict}`, "utf16le"),
    "xl/worksheets/sheet1.xml": `\uFEFF${sheet}`,
    "xl/_rels/workbook.xml.rels": relationsXml([
      ["r1", "worksheet", "worksheets\\sheet1.xml"],
      ["r2", "styles", "styles-that-are-lost.xml"],
    ]).replaceAll(
      "http://schemas.openxmlformats.org/officeDocument/2006",
      "http://purl.oclc.org/ooxml/officeDocument",
    ),
  });
  expect((await loadDocument(file, "a.xlsx")).text).toBe("Größen\n\nKlein");
});

test("a sheet whose reference is lost is found by its name", async () => {
  const lost = { "xl/_rels/workbook.xml.rels": relationsXml([]) };
  expect(await linesOf([{ name: "Prices", rows: sheetRows([["Hello"]]) }], lost)).toEqual([
    "heading1: Prices",
    "paragraph: Hello",
  ]);
});

test("a workbook without cells has no text, and one without a workbook is damaged", async () => {
  await expect(loadDocument(xlsxFile([{ name: "A", rows: "" }]), "a.xlsx")).rejects.toMatchObject({
    code: "no_text",
  });
  const file = xlsxFile([], { "_rels/.rels": relationsXml([]) });
  const broken = Buffer.from(
    Buffer.from(file).toString("latin1").replaceAll("xl/workbook.xml", "xl/wirkbook.xml"),
    "latin1",
  );
  await expect(loadDocument(broken, "a.xlsx")).rejects.toMatchObject({ code: "damaged" });
});

test("a binary workbook is refused with advice", async () => {
  const file = xlsxFile([], { "xl/workbook.bin": "x" });
  await expect(loadDocument(file, "a.xlsb")).rejects.toMatchObject({
    code: "not_supported_yet",
    message: expect.stringContaining("save it as .xlsx"),
  });
});
