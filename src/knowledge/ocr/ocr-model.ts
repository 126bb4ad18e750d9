/** Where the data lies from which text recognition knows a language or a script. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../config.ts";
import { shippedFiles } from "../../native/embedded.ts";

/** The language inside the executable. */
export const builtInLanguage = "eng";

/**
 * It is in memory about three times while it is loaded. Measured: 1.5 MB (`deu`) 247 MB of the process in all, 89 MB
 * (`Latin`, for all languages in Latin letters) over the 480 that it may use. Packed data has about half the size.
 */
const mostBytes = 32_000_000;

/**
 * @param name of the setting METACHAT_OCR, e.g. "eng", "deu"
 * @returns the path of its Tesseract data, null for "off"
 * @throws ConfigError when there is none, or it is too large, with what to do
 */
export function ocrModel(name: string, dataDir: string): string | null {
  if (name === "off") return null;
  const folder = join(dataDir, "ocr");
  for (const ending of [".traineddata", ".traineddata.gz"]) {
    const path = join(folder, name + ending);
    const file = statSync(path, { throwIfNoEntry: false });
    if (file === undefined) continue;
    if (file.size <= (ending.endsWith(".gz") ? mostBytes / 2 : mostBytes)) return path;
    throw new ConfigError([
      `METACHAT_OCR is "${name}", but ${path} is too large (${Math.round(file.size / 1e6)} MB): the process that reads ` +
        "files would need more memory than it may use. Take the data of one language, which has 1 to 20 MB.",
    ]);
  }
  if (name === builtInLanguage) return shippedFiles.ocr.english.path;
  throw new ConfigError([
    `METACHAT_OCR is "${name}", but there is no ${join(folder, `${name}.traineddata`)}. Put Tesseract's file of that ` +
      `name there (Debian has them in packages such as tesseract-ocr-deu), or set METACHAT_OCR to ${builtInLanguage} or off.`,
  ]);
}
