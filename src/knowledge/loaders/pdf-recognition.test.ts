import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { shippedFiles } from "../../native/embedded.ts";
import { Recogniser } from "../ocr/recogniser.ts";
import { Recognition } from "../ocr/recognition.ts";
import { loadDocument } from "./index.ts";
import type { LoadedDocument } from "./loader.ts";
import { Nesting } from "./nesting.ts";
import { type ScanSpec, scanPdf } from "./scan-pdf.fixture.ts";

const english = new Recogniser(shippedFiles.ocr.english.path);
const folder = mkdtempSync(join(tmpdir(), "metachat-ocr-"));
afterAll(() => rmSync(folder, { recursive: true }));

function load(pages: readonly ScanSpec[], recogniser: Recogniser | "off" | "gave-up" = english) {
  return read(scanPdf(pages), "scan.pdf", recogniser);
}

function read(
  bytes: Uint8Array,
  fileName: string,
  recogniser: Recogniser | "off" | "gave-up" = english,
): Promise<LoadedDocument> {
  const recognition = typeof recogniser === "string" ? recogniser : new Recognition(recogniser);
  return loadDocument(bytes, fileName, Nesting.outermost(loadDocument, recognition));
}

/** What the bakery's page says, in its order. */
const bakery = [
  ["heading", "Harbour Bakery"],
  [
    "paragraph",
    "Our bread is baked twice a day, at five in the morning and again at noon. Orders for birthday cakes must reach us three days before, because the sugar flowers need to dry. A deposit of 15 euros is asked for each cake and paid back when the stand is returned.",
  ],
  ["heading", "Opening hours"],
  ["table-row", "Day: Monday | Opens: 06:30 | Closes: 18:00"],
  ["table-row", "Day: Tuesday | Opens: 06:30 | Closes: 18:00"],
  ["table-row", "Day: Wednesday | Opens: 06:30 | Closes: 13:00"],
  ["table-row", "Day: Saturday | Opens: 07:00 | Closes: 12:30"],
  ["heading", "Delivery"],
  [
    "paragraph",
    "We deliver on foot inside the old town, free of charge from 20 euros on. Further away a courier brings the order for 4.50 euros.",
  ],
];
const blocks = (document: LoadedDocument) => document.blocks.map(({ kind, text }) => [kind, text]);

describe("a scanned page", () => {
  test("is read with its headings, paragraphs and tables, and says that it was recognised", async () => {
    const document = await load([{ jpeg: "bakery.jpg" }]);
    expect(blocks(document)).toEqual(bakery);
    expect(document.blocks[0]?.page).toBe(1);
    expect(document.note).toBe(
      "Page 1 is a scan: what stands there was recognised (OCR) and may hold mistakes.",
    );
  });

  test("is read column by column", async () => {
    const { text } = await load([{ jpeg: "garden.jpg" }]);
    expect(text).toStartWith("Garden notes\n\nRoses are pruned in March, when the forsythia blooms.");
    expect(text).toContain("all wood that is dead or crosses another branch.\n\nTomatoes want warm soil.");
    expect(text).toEndWith(
      "twenty litres a square metre each week are enough in summer, early in the morning.",
    );
  });

  test.each([
    ["upside down", { matrix: "-595 0 0 -842 595 842" }],
    ["on its side in a page that is turned back", { matrix: "0 595 -842 0 842 0", rotate: 90 }],
    ["in the page of a scanner that says nothing of it", { matrix: "0 -842 595 0 0 842" }],
  ])("is read %s", async (_, spec) => {
    expect(blocks(await load([{ jpeg: "bakery.jpg", ...spec }]))).toEqual(bakery);
  });

  test("among other pages is read in its place, and those that hold nothing are said", async () => {
    const document = await load([
      { text: "The first page is text." },
      { jpeg: "garden.jpg" },
      {},
      { text: "The last page is text." },
    ]);
    expect(document.text).toStartWith("The first page is text.\n\nGarden notes");
    expect(document.text).toEndWith("The last page is text.");
    expect(document.blocks.map(({ page }) => page).filter((page) => page === 2).length).toBe(5);
    expect(document.note).toBe(
      "Page 2 is a scan: what stands there was recognised (OCR) and may hold mistakes. On page 3 no text was recognised.",
    );
  });

  test("without anything on it has no text", async () => {
    expect(load([{}])).rejects.toMatchObject({
      code: "no_text",
      message: expect.stringContaining("no text could be recognised on it"),
    });
  });

  test("is left alone where text recognition is off", async () => {
    expect(load([{ jpeg: "bakery.jpg" }], "off")).rejects.toMatchObject({
      code: "no_text",
      message: expect.stringContaining("ask the operator of this server to turn text recognition on"),
    });
  });

  test("costs only itself where text recognition does not start", async () => {
    const path = join(folder, "broken.traineddata");
    writeFileSync(path, "no such thing");
    const broken = new Recogniser(path);
    expect(load([{ jpeg: "bakery.jpg" }], broken)).rejects.toMatchObject({
      message: expect.stringContaining("mended text recognition"),
    });
    const mixed = await load([{ text: "The first page is text." }, { jpeg: "bakery.jpg" }], broken);
    expect([mixed.text, mixed.note]).toEqual([
      "The first page is text.",
      "Page 2 looks like a scan and could not be read: text recognition does not start on this server. Tell its operator, then try again.",
    ]);
  });

  test("of a fax is read as well", async () => {
    const document = await read(readFileSync(join(import.meta.dir, "scans", "bakery-fax.pdf")), "fax.pdf");
    expect(blocks(document)).toEqual(bakery);
  });

  test("is read in an archive", async () => {
    const zip = zipSync({
      "a.pdf": scanPdf([{ jpeg: "garden.jpg" }]),
      "b.txt": strToU8("Closed in August."),
    });
    const { text } = await read(zip, "all.zip");
    expect(text).toContain("Roses are pruned in March");
    expect(text).toContain("Closed in August.");
  });

  test("whose picture cannot be decoded says so", async () => {
    const document = await load([{ text: "The first page is text." }, { jpeg: "bakery.jpg", broken: true }]);
    expect(document.note).toStartWith("On page 2 the picture is of a kind that cannot be read here");
  });

  test("is named where reading it took too much", async () => {
    const document = await load([{ text: "The first page is text." }, { jpeg: "bakery.jpg" }], "gave-up");
    expect(document.note).toContain("Text recognition needed more time or memory than one file may use");
    expect(load([{ jpeg: "bakery.jpg" }], "gave-up")).rejects.toMatchObject({
      message: expect.stringContaining("Split it and upload its parts."),
    });
  });

  test("does not take more pages than one upload may have", async () => {
    const recognition = new Recognition(english);
    while (recognition.takePage());
    const nesting = Nesting.outermost(loadDocument, recognition);
    const bytes = scanPdf([{ text: "The first page is text." }, { jpeg: "bakery.jpg" }]);
    expect((await loadDocument(bytes, "scan.pdf", nesting)).note).toBe(
      "For page 2 recognising text would have taken too long: split the file and upload the rest on its own.",
    );
  });
});
