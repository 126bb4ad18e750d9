import { afterAll, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../config.ts";
import { shippedFiles } from "../../native/embedded.ts";
import { ocrModel } from "./ocr-model.ts";

const dataDir = mkdtempSync(join(tmpdir(), "metachat-ocr-model-"));
const folder = join(dataDir, "ocr");
mkdirSync(folder);
afterAll(() => rmSync(dataDir, { recursive: true }));

function put(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, "");
  truncateSync(path, bytes);
  return path;
}

test("off is none, English is built in, and a file of one's own goes before it", () => {
  expect(ocrModel("off", dataDir)).toBeNull();
  expect(ocrModel("eng", dataDir)).toBe(shippedFiles.ocr.english.path);
  expect(ocrModel("eng", dataDir)).not.toBe(put("eng.traineddata.gz", 10));
  expect(ocrModel("eng", dataDir)).toBe(join(folder, "eng.traineddata.gz"));
});

test("what is not there, and what would not go into the memory, ends the start", () => {
  expect(() => ocrModel("deu", dataDir)).toThrow(ConfigError);
  put("Latin.traineddata", 89_000_000);
  expect(() => ocrModel("Latin", dataDir)).toThrow("is too large (89 MB)");
  put("hrv.traineddata.gz", 20_000_000);
  expect(() => ocrModel("hrv", dataDir)).toThrow("is too large (20 MB)");
});
