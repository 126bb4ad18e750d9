/** Where the data lies from which text recognition knows a language or a script. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../config.ts";
import { shippedFiles } from "../../native/embedded.ts";

/** The language inside the executable. */
export const builtInLanguage = "eng";

/**
 * @param name of the setting METACHAT_OCR, e.g. "eng", "deu", "Latin"
 * @returns the path of its Tesseract data, null for "off"
 * @throws ConfigError when there is none, with what to do
 */
export function ocrModel(name: string, dataDir: string): string | null {
  if (name === "off") return null;
  const folder = join(dataDir, "ocr");
  for (const ending of [".traineddata", ".traineddata.gz"]) {
    const path = join(folder, name + ending);
    if (existsSync(path)) return path;
  }
  if (name === builtInLanguage) return shippedFiles.ocr.english.path;
  throw new ConfigError([
    `METACHAT_OCR is "${name}", but there is no ${join(folder, `${name}.traineddata`)}. Put Tesseract's file of that ` +
      `name there (Debian has them in packages such as tesseract-ocr-deu), or set METACHAT_OCR to ${builtInLanguage} or off.`,
  ]);
}
