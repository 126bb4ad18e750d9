import { expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import { bytesOf, outline } from "./test-files.fixture.ts";

async function outlineOf(body: string, header = "\\ansi\\ansicpg1252"): Promise<string[]> {
  return outline(await loadDocument(bytesOf(`{\\rtf1${header} ${body}}`), "a.doc"));
}

test("paragraphs, headings and list items are told apart by level, style name and list text", async () => {
  const styles = "{\\stylesheet{\\s1\\outlinelevel0 Kapitel;}{\\s2\\b heading 2;}{\\s3 toc 1;}{\\*\\cs9 x;}}";
  const body = `\\pard\\s1 Returns\\par\\pard\\s3 Returns 7\\par\\pard\\s2 Costs\\par\\pard\\plain We pay\\line all.\\par
    \\pard{\\listtext\\pard 1.\\tab}Pack it\\par{\\listtext\\f3 \\'b7\\tab}Post it\\par\\pard\\outlinelevel2 End\\par`;
  expect(await outlineOf(styles + body)).toEqual([
    "heading1: Returns",
    "heading2: Costs",
    "paragraph: We pay\nall.",
    "list-item: 1. Pack it",
    "list-item: Post it",
    "heading3: End",
  ]);
});

test.each([
  ["Western", "\\ansi\\ansicpg1252", "caf\\'e9 \\u8364? \\ldblquote x\\rdblquote", "café € “x”"],
  [
    "Russian by font",
    "\\ansi{\\fonttbl{\\f0\\fcharset204 Arial;}}",
    "\\f0\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2",
    "Привет",
  ],
  [
    "Japanese by page",
    "\\ansi\\ansicpg932",
    "\\'93\\'fa\\'96\\'7b\\'8c\\'ea \\'83e\\'83X\\'83g",
    "日本語 テスト",
  ],
  [
    "Japanese by font",
    "\\ansi\\ansicpg1252{\\fonttbl{\\f1\\fcharset128 MS;}}",
    "\\loch\\f0\\dbch\\af1 \\'93\\'fa",
    "日",
  ],
  [
    "Japanese in a Latin font",
    "\\ansicpg932{\\fonttbl{\\f0\\fcharset0 T;}}",
    "\\f0\\'93\\'fa\\'96\\'7b",
    "日本",
  ],
  ["two replacements", "\\ansi", "{\\uc2\\u26085\\'93\\'fa}\\u26412 ?{\\uc0\\u-4051}x", "日本\uF02Dx"],
  ["an emoji in halves", "\\ansi", "\\u-10179?\\u-8704? hi", "😀 hi"],
])("characters are decoded: %s", async (_, header, body, text) => {
  expect(await outlineOf(`\\pard ${body}\\par`, header)).toEqual([`paragraph: ${text}`]);
});

test("tables are said by their columns, also where cells span several", async () => {
  const row = (edges: string, ...cells: string[]): string =>
    `\\trowd${edges}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell`).join(" ")}\\row `;
  const three = "\\cellx1000\\cellx2000\\cellx3000";
  const body =
    row(`\\trhdr${three}`, "Day", "From", "To") +
    row(three, "Monday\\par morning", "9", "12") +
    row("\\cellx1000\\cellx3000", "Sunday", "closed") +
    "\\pard After\\par";
  expect(await outlineOf(body)).toEqual([
    "table-row: Day: Monday morning | From: 9 | To: 12",
    "table-row: Day: Sunday | From: closed | To: closed",
    "paragraph: After",
  ]);
});

test("fields, objects, text boxes and notes show their text; hidden text and pictures do not", async () => {
  const body = `{\\header Page head\\par}{\\info{\\title Our guide}{\\author Ann}}\\pard See{\\v secret}{\\deleted old}
 {\\field{\\*\\fldinst HYPERLINK "http://x"}{\\fldrslt our page}}{\\footnote\\pard A note.}{\\pict 89504e47}{\\*\\bkmkstart b}
 {\\object{\\*\\objdata 0102}{\\result sheet}}{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Box\\par}}{\\shprslt twice}}{\\upr{?}{\\*\\ud{\\u26085 ?}}}\\bin5 }}}}}.\\par`;
  const document = await loadDocument(bytesOf(`{\\rtf1\\ansi ${body}}`), "a.rtf");
  expect(document.title).toBe("Our guide");
  expect(outline(document)).toEqual([
    "paragraph: See our page sheet日.",
    "paragraph: A note.",
    "paragraph: Box",
  ]);
});

test("a file that is cut off, or has braces too many, is read as far as it goes", async () => {
  expect(await outlineOf("One\\par}} Two\\par {\\b Thr")).toEqual([
    "paragraph: One",
    "paragraph: Two",
    "paragraph: Thr",
  ]);
  expect(await outlineOf("\\trowd\\cellx9\\pard\\intbl Cell")).toEqual(["table-row: Cell"]);
});

test("a file of pictures alone holds no text", async () => {
  expect(loadDocument(bytesOf("{\\rtf1{\\pict 00}}"), "a.rtf")).rejects.toMatchObject({ code: "no_text" });
});
