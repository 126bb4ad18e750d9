import { expect, test } from "bun:test";
import { strToU8, zipSync } from "fflate";
import { detectFile } from "./detect.ts";
import { loadDocument } from "./index.ts";
import { type FileFormat, LoadError } from "./loader.ts";
import { bytesOf, docxFile, pdfFile, wordXml } from "./test-files.fixture.ts";

const ole = (...streams: readonly string[]): Uint8Array =>
  Buffer.concat([
    Buffer.from("d0cf11e0a1b11ae1", "hex"),
    ...streams.map((name) => Buffer.from(name, "utf16le")),
  ]);

const FILES: readonly (readonly [name: string, bytes: Uint8Array, format: FileFormat])[] = [
  ["lies.docx", pdfFile([[]]), "pdf"],
  ["junk-before.bin", Buffer.concat([Buffer.from("\0scanner\n"), pdfFile([[]])]), "pdf"],
  ["lies.pdf", docxFile(wordXml("")), "docx"],
  ["a.xlsx", zipSync({ "[Content_Types].xml": strToU8("x"), "xl/workbook.xml": strToU8("x") }), "xlsx"],
  ["a.docx", zipSync({ "[Content_Types].xml": strToU8("x"), "ppt/presentation.xml": strToU8("x") }), "pptx"],
  ["a.zip", zipSync({ mimetype: strToU8("application/epub+zip") }), "epub"],
  ["a.zip", zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.spreadsheet") }), "ods"],
  ["a.zip", zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.presentation-template") }), "odp"],
  ["a.zip", zipSync({ "[Content_Types].xml": strToU8("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "book.xml": strToU8("x") }), "xlsx"],
  ["a.zip", zipSync({ "[Content_Types].xml": strToU8("application/vnd.ms-powerpoint.template.macroEnabled.main+xml"), "p/a.xml": strToU8("x") }), "pptx"],
  ["a.zip", zipSync({ "content.xml": strToU8("x"), "META-INF/manifest.xml": strToU8('<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/>') }), "ods"],
  ["a.odt", zipSync({ mimetype: strToU8("application/vnd.oasis.opendocument.text") }).subarray(0, 60), "odt"],
  ["a.ods", bytesOf("This is not a zip file!"), "ods"],
  ["a.xlsm", bytesOf("not found"), "xlsx"],
  ["a.xlsx", bytesOf("<html><table><tr><td>x</table>"), "html"],
  ["a.docx", zipSync({ "a.txt": strToU8("x") }), "zip"],
  ["a.txt", ole("WordDocument"), "doc"],
  ["a.doc", ole("Workbook"), "xls"],
  ["a.doc", ole("PowerPoint Document"), "ppt"],
  ["a.doc", ole("SomethingElse"), "binary"],
  ["a.doc", bytesOf("{\\rtf1 hello}"), "rtf"],
  ["a.txt", bytesOf("<!-- licence -->\n<!DOCTYPE html><p>x"), "html"],
  ["a.md", bytesOf("# Title\n<p>markup inside</p>"), "markdown"],
  ["readme.md", bytesOf('<h1 align="center">Shop</h1>\n\ntext'), "markdown"],
  ["fragment", bytesOf("<h1>Shop</h1>"), "html"],
  ["a.html", bytesOf('<?xml version="1.0"?><html xmlns="x"><p>y</p></html>'), "html"],
  ["a.html", bytesOf('<?xml version="1.0"?><rss><p>y</p></rss>'), "xml"],
  ["a.svg", bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>'), "image"],
  ["a.txt", bytesOf("Received: by mx\nFrom: a@b.example\nSubject: x\n\nHello"), "eml"],
  ["a.txt", bytesOf("From: our shop\nTo: our customers\n\nHello"), "txt"],
  ["a.bin", bytesOf('{"a": [1, 2]}'), "json"],
  ["a.txt", bytesOf('{"a": [1, 2]}'), "txt"],
  ["a.csv", bytesOf("a,b\n1,2\n"), "csv"],
  ["noname", bytesOf("a,b\n1,2\n"), "txt"],
  ["prices.txt", bytesOf("Name;Price\nLamp;5\nDesk;9,50\n"), "csv"],
  ["prices.dat", bytesOf("Name\tPrice\nLamp\t5\nDesk\t9\n"), "csv"],
  ["a.txt", bytesOf("Hello, dear\nWe open, soon\nBye, all\n"), "txt"],
  ["a.txt", bytesOf("\n {\\rtf1 hello}"), "rtf"],
  ["noname", bytesOf(`X-Mailer: a\nReceived: by mx\n${"\tfolded\n".repeat(20)}Subject: x\n\nHello`), "eml"],
  ["page.mht", bytesOf("From: <Saved by a browser>\nSubject: Help\n\nHello"), "eml"],
  ["a.jsonl", bytesOf('{"a": 1}\n{"a": 2}\n'), "json"],
  ["data.dat", bytesOf('{"a": 1}\n{"a": 2}\n'), "json"],
  ["noname", bytesOf("# Help\n\n- one\n- two\n"), "markdown"],
  ["a.jpg", Buffer.from("89504e470d0a1a0a0000", "hex"), "image"],
  ["a.txt", Buffer.from("00010203040506070809".repeat(20), "hex"), "binary"],
]; // biome-ignore format: a table

for (const [name, bytes, format] of FILES) {
  const start = JSON.stringify(Buffer.from(bytes.subarray(0, 12)).toString("latin1"));
  test(`${start} named ${name} is ${format}`, () => expect(detectFile(bytes, name).format).toBe(format));
}

test("an encrypted office file is recognised in its OLE shell", () => {
  const detected = detectFile(ole("EncryptionInfo", "EncryptedPackage"), "prices.xlsx");
  expect(detected).toMatchObject({ format: "xlsx", encrypted: true });
  expect(detectFile(ole("EncryptionInfo", "EncryptedPackage"), "show.ppsm").format).toBe("pptx");
});

test("refusals name the format and what can be read, in plain words", async () => {
  const refusal = await loadDocument(ole("WordDocument"), "prices.doc").catch((reason: unknown) => reason);
  expect(refusal).toBeInstanceOf(LoadError);
  expect(String(refusal)).toContain("Old Word documents (.doc) cannot be read yet.");
  expect(String(refusal)).toContain("PowerPoint (.pptx), Excel (.xlsx)");
});

test("old Office files are refused with advice", async () => {
  const old = [["PowerPoint Document", ".pptx"], ["Workbook", ".xlsx"], ["WordDocument", ".docx"]] as const; // biome-ignore format: a table
  for (const [stream, advice] of old) {
    await expect(loadDocument(ole(stream), "old")).rejects.toMatchObject({
      code: "not_supported_yet",
      message: expect.stringContaining(`save it as ${advice}`),
    });
  }
});

test("an empty file is refused as empty", async () => {
  expect(loadDocument(new Uint8Array(), "a.pdf")).rejects.toMatchObject({ code: "empty_file" });
});
