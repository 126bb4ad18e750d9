import { describe, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadDocument, type ParsedDocument } from "./index.ts";
import { LoadError } from "./loader.ts";
import { hasSharedDocs, helpCenterFiles, sharedDocs, sharedDocsFolder } from "./shared-docs.fixture.ts";

/** What every document promises to the index, whatever file it came from. */
function expectSoundDocument(document: ParsedDocument): void {
  let end = 0;
  for (const block of document.blocks) {
    expect(block.text).not.toBe("");
    expect(block.start).toBeGreaterThanOrEqual(end);
    expect(document.text.slice(block.start, block.start + block.text.length)).toBe(block.text);
    end = block.start + block.text.length;
  }
  expect(end).toBe(document.text.length);
  expect(document.text.isWellFormed()).toBe(true);
  expect(document.text).toBe(document.text.normalize("NFC"));
  expect(document.text).not.toMatch(/[^\P{Cc}\n\t]|\u00AD/u);
  expect(document.text).not.toMatch(/\n{4}/);
}

async function loadShared(file: string): Promise<ParsedDocument> {
  return loadDocument(await readFile(join(sharedDocsFolder, file)), file);
}

if (hasSharedDocs) {
  describe("real documents", () => {
    for (const { file, phrase, error } of sharedDocs) {
      if (phrase !== undefined) {
        test(`${file} yields its text`, async () => {
          const document = await loadShared(file);
          expectSoundDocument(document);
          expect(document.text.replaceAll("\n", " ")).toContain(phrase);
        });
      } else {
        test(`${file} is refused as ${error}`, async () => {
          const refusal = await loadShared(file).catch((reason: unknown) => reason);
          expect(refusal).toBeInstanceOf(LoadError);
          if (refusal instanceof LoadError) {
            expect(refusal.code).toBe(error ?? "damaged");
            expect(refusal.message).toMatch(/^[A-Z][^!]+\.$/);
          }
        });
      }
    }

    test("every page of the help centre loads with a title and without markup", async () => {
      const files = helpCenterFiles();
      expect(files.length).toBe(90);
      for (const file of files) {
        const document = await loadShared(file);
        expectSoundDocument(document);
        expect(document.format).toBe("markdown");
        expect(document.title ?? "").not.toBe("");
        const prose = document.blocks.filter(
          (block) => block.kind === "paragraph" || block.kind === "heading",
        );
        for (const { text } of prose)
          expect(text).not.toMatch(/\]\(https?:|<\/?(?:Note|Card|Tab|Accordion)\b|\*\*\w/);
      }
    });
  });
} else {
  console.log(`not run: ${sharedDocs.length + 1} tests need ../shared`);
}
