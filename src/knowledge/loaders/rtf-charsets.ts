import iconv from "iconv-lite";
import { scoreDecoding } from "./charset-score.ts";

/** Windows' numbers of character sets (`\fcharset`) and the code pages that they stand for. */
const CODE_PAGES: Readonly<Record<number, string>> = {
  0: "windows-1252",
  77: "macroman",
  128: "cp932",
  129: "cp949",
  130: "cp949",
  134: "gb18030",
  136: "big5",
  161: "windows-1253",
  162: "windows-1254",
  163: "windows-1258",
  177: "windows-1255",
  178: "windows-1256",
  186: "windows-1257",
  204: "windows-1251",
  222: "windows-874",
  238: "windows-1250",
  254: "cp437",
  255: "cp850",
};
const SYMBOL_CHARSET = 2;
const DOUBLE_BYTE = new Set(["cp932", "cp949", "gb18030", "big5"]);

/** The fonts of a document with the code pages that their text is written in. */
export class RtfCharsets {
  readonly #fonts = new Map<number, number>();
  #default = "windows-1252";

  /** `\ansicpg1252`, `\mac`, `\pc`, `\pca`. */
  setDefault(codePage: number | "mac" | "pc" | "pca"): void {
    const names = { mac: "macroman", pc: "cp437", pca: "cp850" } as const;
    const name = typeof codePage === "string" ? names[codePage] : codePageName(codePage);
    if (iconv.encodingExists(name)) this.#default = name;
  }

  setFont(font: number, charset: number): void {
    if (this.#fonts.size < 10_000) this.#fonts.set(font, charset);
  }

  decode(bytes: Uint8Array, font: number | undefined): string {
    const buffer = Buffer.from(bytes);
    if (bytes.every((byte) => byte < 0x80)) return buffer.toString("latin1");
    const charset = font === undefined ? undefined : this.#fonts.get(font);
    if (charset === SYMBOL_CHARSET)
      return buffer
        .toString("latin1")
        .replace(/\xb7/g, "•")
        .replace(/[\x80-\xff]/g, "");
    const page = (charset === undefined ? undefined : CODE_PAGES[charset]) ?? this.#default;
    const text = iconv.decode(buffer, page);
    // Asian programs give Latin fonts to their text as well.
    if (charset !== 0 || !DOUBLE_BYTE.has(this.#default)) return text;
    const asian = iconv.decode(buffer, this.#default);
    return !asian.includes("\uFFFD") && scoreDecoding(asian) >= scoreDecoding(text) ? asian : text;
  }
}

function codePageName(number: number): string {
  if (number === 936) return "gb18030";
  if (number === 950) return "big5";
  if (number === 10_000) return "macroman";
  if (number === 65_001) return "utf-8";
  return (number >= 1250 && number <= 1258) || number === 874 ? `windows-${number}` : `cp${number}`;
}
