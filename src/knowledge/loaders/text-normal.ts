/**
 * The one place where the text of a file is cleaned. Everything behind it (index, prompt, screen, JSON) relies on:
 * NFC, no control character but "\n" and "\t", no invisible joiners, no half of a surrogate pair.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose of this expression
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;
// Soft hyphen, zero-width space, word joiner, byte-order mark, directional overrides and Unicode tag characters:
// nobody sees them, they break word search, and the last two are used to hide instructions.
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu;
const LINE_BREAK = /\r\n?|\u2028|\u2029|\u0085|\f|\v/g;
const HORIZONTAL_SPACE = /[^\S\n]+/g;

/** Text with its spaces kept, for code: line breaks are "\n", at most two blank lines follow one another. */
export function normaliseVerbatim(raw: string): string {
  return cleanCharacters(raw)
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{4,}/g, "\n\n\n")
    .replace(/^\n+/, "")
    .trimEnd();
}

/** Running text: spaces and tabs become one space, lines are trimmed, blank lines inside are dropped. */
export function normaliseProse(raw: string): string {
  return cleanCharacters(raw)
    .replace(HORIZONTAL_SPACE, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** A heading, a table cell or a title: running text in one line. */
export function normaliseLine(raw: string): string {
  return cleanCharacters(raw).replace(/\s+/g, " ").trim();
}

function cleanCharacters(raw: string): string {
  return raw
    .toWellFormed()
    .replace(LINE_BREAK, "\n")
    .replace(CONTROL, "")
    .replace(INVISIBLE, "")
    .normalize("NFC");
}
