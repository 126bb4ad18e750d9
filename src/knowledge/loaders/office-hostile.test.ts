import { describe, expect, test } from "bun:test";
import { loadDocument } from "./index.ts";
import {
  epubFile,
  odfFile,
  pptxFile,
  relationsXml,
  sheetRows,
  slideShape,
  slideText,
  slideXml,
  xlsxFile,
} from "./office-files.fixture.ts";
import { bombFile } from "./test-files.fixture.ts";

async function outcome(bytes: Uint8Array, fileName = "a"): Promise<string> {
  return loadDocument(bytes, fileName).then(
    (document) => document.text,
    (error: unknown) => String(error instanceof Error && "code" in error ? error.code : error),
  );
}

const XLSX_PARTS: Readonly<Record<string, string>> = {
  "[Content_Types].xml": "<Types/>",
  "xl/workbook.xml": '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
  "xl/_rels/workbook.xml.rels": relationsXml([["r1", "worksheet", "worksheets/sheet1.xml"]]),
};

// No clock here: what is not bounded takes longer than a test may, or more memory than there is.
describe("bombs", () => {
  test("a gigabyte of sheet XML that claims ten bytes is given up, whether it holds cells or nothing", async () => {
    const part = "xl/worksheets/sheet1.xml";
    const cells = "<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row>".padEnd(1024 * 1024, " ");
    expect(await outcome(bombFile(part, cells, 1_000, XLSX_PARTS))).toBe("too_large_inside");
    const rows = `<row>${"<c><v>1</v></c>".repeat(60_000)}</row>`;
    expect(await outcome(bombFile(part, rows, 1_000, XLSX_PARTS))).toBe("too_large_inside");
    expect(await outcome(bombFile(part, new Uint8Array(1024 * 1024), 1_000, XLSX_PARTS))).toBe(
      "too_large_inside",
    );
  }, 60_000);

  test("one large part that many slides show is not unpacked again and again", async () => {
    const notes = slideXml(slideShape(`<!--${"x".repeat(20_000_000)}-->`, "body"), "", "p:notes");
    const more: Record<string, string> = { "ppt/notesSlides/notesSlide1.xml": notes };
    const slides = Array.from({ length: 100 }, (_, index) =>
      slideXml(slideShape(slideText(`Slide ${index}`))),
    );
    slides.forEach((_, index) => {
      more[`ppt/slides/_rels/slide${index + 1}.xml.rels`] = relationsXml([
        ["n", "notesSlide", "../notesSlides/notesSlide1.xml"],
      ]);
    });
    expect(await outcome(pptxFile(slides, more))).toBe("too_large_inside");
  }, 30_000);

  test("more than 10,000 entries are refused in every format", async () => {
    const more = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`x/${index}.xml`, ""]));
    expect(await outcome(xlsxFile([{ name: "A", rows: "" }], more))).toBe("too_large_inside");
    expect(await outcome(pptxFile([], more))).toBe("too_large_inside");
    expect(await outcome(odfFile("text", "", "", more))).toBe("too_large_inside");
    expect(await outcome(epubFile([], "", more))).toBe("too_large_inside");
  });

  test("pictures and embedded files are never unpacked", async () => {
    const more = { "xl/media/image1.png": new Uint8Array(250_000_000) };
    expect(await outcome(xlsxFile([{ name: "A", rows: sheetRows([["Hello"]]) }], more))).toBe("A\n\nHello");
  }, 30_000);
});

describe("entities", () => {
  const laughs =
    '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname"><!ENTITY % d SYSTEM "http://127.0.0.1/x"> %d;]>';
  const text = "start &b; &c; end";

  test("they are neither expanded nor fetched", async () => {
    const sheet = `${laughs}<worksheet><sheetData><row><c t="str"><v>${text}</v></c></row></sheetData></worksheet>`;
    expect(await outcome(xlsxFile([{ name: "A", rows: "" }], { "xl/worksheets/sheet1.xml": sheet }))).toBe(
      `A\n\n${text}`,
    );
    const slide = slideXml(slideShape(slideText(text))).replace("?>", `?>${laughs}`);
    expect(await outcome(pptxFile([slide]))).toBe(text);
    const content = `${laughs}<o:document-content><o:body><o:text><t:p>${text}</t:p></o:text></o:body></o:document-content>`;
    expect(await outcome(odfFile("text", "", "", { "content.xml": content }))).toBe(text);
    const page = `${laughs}<html><body><p>${text}</p></body></html>`;
    const book = await outcome(epubFile([["a.xhtml", page]]));
    expect(book).toContain(text);
    expect(book).not.toContain("lollol");
  });
});

describe("nesting", () => {
  const nested = (tag: string): string => `<${tag}>`.repeat(100_000) + `</${tag}>`.repeat(100_000);

  test("100,000 levels are given up in every format", async () => {
    expect(await outcome(xlsxFile([{ name: "A", rows: nested("row") }]))).toBe("too_deep");
    expect(await outcome(pptxFile([slideXml(nested("p:grpSp"))]))).toBe("too_deep");
    expect(await outcome(odfFile("text", nested("text:section")))).toBe("too_deep");
    expect(await outcome(odfFile("text", `<text:p>${nested("text:span")}</text:p>`))).toBe("too_deep");
    expect(await outcome(epubFile([["a.xhtml", nested("div")]]))).toBe("too_deep");
  });

  test("closing tags that nothing opened end nothing", async () => {
    const rows = `${"</row></x>".repeat(500_000)}${sheetRows([["Hello"]])}`;
    expect(await outcome(xlsxFile([{ name: "A", rows }]))).toBe("A\n\nHello");
  });
});

describe("sparse and repeated cells", () => {
  test("a cell in the last column of the last row costs no more than one in the first", async () => {
    const rows =
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>';
    expect(await outcome(xlsxFile([{ name: "A", rows }]))).toBe("A\n\n1\n\n2");
  });

  test("cells outside of what a sheet can have stand in the next free place", async () => {
    const rows = '<row r="99999999999"><c r="ZZZZ1"><v>1</v></c><c r="A0"><v>2</v></c></row>';
    expect(await outcome(xlsxFile([{ name: "A", rows }]))).toBe("A\n\n1 | 2");
  });

  test("a diagonal through the whole sheet is refused, not spread out", async () => {
    const column = (index: number): string =>
      (index >= 26 ? column(Math.floor(index / 26) - 1) : "") + String.fromCharCode(65 + (index % 26));
    const rows = Array.from(
      { length: 16_000 },
      (_, index) => `<row><c r="${column(index)}${index + 1}"><v>1</v></c></row>`,
    );
    expect(await outcome(xlsxFile([{ name: "A", rows: rows.join("") }]))).toBe("too_large_inside");
  });

  test("cells merged over the whole sheet add nothing where nothing stands", async () => {
    const merge = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>';
    expect(await outcome(xlsxFile([{ name: "A", rows: sheetRows([["Hello"]]), after: merge }]))).toBe(
      "A\n\nHello",
    );
    const merges = `<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(100_000)}</mergeCells>`;
    const rows = sheetRows(Array.from({ length: 5_000 }, () => ["x", "y"]));
    expect(await outcome(xlsxFile([{ name: "A", rows, after: merges }]))).toBe("too_large_inside");
  });

  test("a long shared text in a million cells is refused", async () => {
    const rows = '<row><c t="s"><v>0</v></c></row>'.repeat(200_000);
    const strings = `<sst><si><t>${"y".repeat(100_000)}</t></si></sst>`;
    expect(await outcome(xlsxFile([{ name: "A", rows }], { "xl/sharedStrings.xml": strings }))).toBe(
      "too_large_inside",
    );
  }, 30_000);

  test("columns and rows that claim to be repeated a thousand million times end", async () => {
    const cell = (repeated: string): string =>
      `<table:table-cell table:number-columns-repeated="${repeated}"><text:p>x</text:p></table:table-cell>`;
    const table = (row: string): string => `<table:table table:name="A">${row}</table:table>`;
    const row = `<table:table-row table:number-rows-repeated="1000000000">${cell("1000000000")}</table:table-row>`;
    expect((await outcome(odfFile("spreadsheet", table(row)))).length).toBeLessThan(50_000);
    expect(await outcome(odfFile("spreadsheet", table(row.repeat(10_000))))).toBe("too_large_inside");
    expect(await outcome(odfFile("text", table(row.repeat(10_000))))).toBe("too_large_inside");
    const spaces = `<text:p>a<text:s text:c="1000000000"/>b</text:p>`;
    expect(await outcome(odfFile("text", spaces))).toBe("a b");
  }, 30_000);
});

describe("odd packages", () => {
  test("references that lead out of the package, in circles or nowhere are ignored", async () => {
    const file = xlsxFile([{ name: "A", rows: sheetRows([["Hello"]]) }], {
      "xl/worksheets/_rels/sheet1.xml.rels": relationsXml([
        ["a", "drawing", "../../../../etc/passwd"],
        ["b", "table", "sheet1.xml"],
        ["c", "drawing", "file:///etc/passwd"],
        ["d", "drawing", "%E0%A4%A"],
      ]),
    });
    expect(await outcome(file)).toBe("A\n\nHello");
  });

  test("a truncated file is damaged, whatever its format", async () => {
    const files = [
      [xlsxFile([{ name: "A", rows: sheetRows([["Hello"]]) }]), "a.xlsx"],
      [pptxFile([slideXml(slideShape(slideText("Hello")))]), "a.pptx"],
      [odfFile("text", "<text:p>Hello</text:p>"), "a.odt"],
      [epubFile([["a.xhtml", "<p>Hello</p>"]]), "a.epub"],
    ] as const;
    for (const [bytes, name] of files)
      expect(await outcome(bytes.subarray(0, bytes.length - 40), name)).toBe("damaged");
  });
});
