import chardet from "chardet";
import iconv from "iconv-lite";
import { scoreDecoding } from "./charset-score.ts";
import { decodeEbcdic, looksEbcdic } from "./ebcdic.ts";

export interface DecodedText {
  readonly text: string;
  /** Lower-case name, e.g. "utf-8", "windows-1252", "cp866", "cp500". */
  readonly encoding: string;
}

const SAMPLE_BYTES = 64 * 1024;
/** Tried on every text that is not Unicode, beside what the file declares and what chardet proposes. */
// biome-ignore format: a list
const USUAL_CODE_PAGES = [
  "windows-1252", "windows-1250", "windows-1251", "cp866", "koi8-u", "windows-1253", "windows-1255", "windows-1256", "windows-1254", "cp850",
];
/** The web reads these labels as the Windows page that contains them (WHATWG Encoding), and so did their writers. */
const WINDOWS_SUPERSETS: Readonly<Record<string, string>> = {
  "iso-8859-1": "windows-1252",
  ascii: "windows-1252",
  "us-ascii": "windows-1252",
  "iso-8859-9": "windows-1254",
  gb2312: "gb18030",
  gbk: "gb18030",
  "koi8-r": "koi8-u",
  "iso-8859-8-i": "iso-8859-8",
};

/**
 * Decodes text of an unknown character set: byte-order mark, UTF-16 without one, strict UTF-8, EBCDIC, then the
 * decoding that reads most like words. A declared character set (HTML, XML) wins only while the bytes agree.
 *
 * @returns undefined when the bytes are no text in any of these.
 */
export function decodeText(bytes: Uint8Array): DecodedText | undefined {
  return (
    decodeWithMark(bytes) ??
    decodeUnmarkedUtf16(bytes) ??
    decodeIso2022(bytes) ??
    decodeUtf8(bytes) ??
    decodeCodePage(bytes)
  );
}

function decodeWithMark(bytes: Uint8Array): DecodedText | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeAs(bytes.subarray(3), "utf-8");
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return decodeAs(bytes.subarray(4), "utf-32le");
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return decodeAs(bytes.subarray(4), "utf-32be");
  if (a === 0xff && b === 0xfe) return decodeAs(bytes.subarray(2), "utf-16le");
  if (a === 0xfe && b === 0xff) return decodeAs(bytes.subarray(2), "utf-16be");
  return undefined;
}

/** ASCII characters, spaces and markup leave zero bytes at one parity only; nothing else does. */
function decodeUnmarkedUtf16(bytes: Uint8Array): DecodedText | undefined {
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (Math.max(even, odd) < sample.length * 0.004 || Math.min(even, odd) > Math.max(even, odd) * 0.02) {
    return undefined;
  }
  const encoding = odd > even ? "utf-16le" : "utf-16be";
  const start = iconv.decode(Buffer.from(sample.subarray(0, sample.length & ~1)), encoding);
  const readable = start.match(/[\p{L}\p{N}\p{P}\p{Zs}\n\r\t<>=+$]/gu)?.length ?? 0;
  return readable / start.length > 0.95 ? decodeAs(bytes, encoding) : undefined;
}

/** The seven-bit Japanese, Chinese and Korean sets: valid ASCII that switches tables with escape sequences. */
function decodeIso2022(bytes: Uint8Array): DecodedText | undefined {
  const sample = Buffer.from(bytes.subarray(0, SAMPLE_BYTES));
  if (!sample.includes("\x1b$") && !sample.includes("\x1b(")) return undefined;
  const [best] = chardet.analyse(sample);
  // Only the Japanese one has a decoder: iconv-lite has none, but the runtime's TextDecoder reads it.
  if (best?.name !== "ISO-2022-JP" || best.confidence < 50) return undefined;
  return { text: new TextDecoder("iso-2022-jp").decode(bytes), encoding: "iso-2022-jp" };
}

/** Strict, but a file with a few stray bytes among many sound sequences is still UTF-8. */
function decodeUtf8(bytes: Uint8Array): DecodedText | undefined {
  if (!looksBinary(bytes, 0.1)) {
    try {
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
    } catch {
      return decodeDamagedUtf8(bytes);
    }
  }
  return undefined;
}

function decodeDamagedUtf8(bytes: Uint8Array): DecodedText | undefined {
  const text = new TextDecoder("utf-8").decode(bytes);
  let damaged = 0;
  let sound = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) damaged++;
    else if (code > 0x7f) sound++;
  }
  return sound > damaged * 10 ? { text, encoding: "utf-8" } : undefined;
}

function decodeCodePage(bytes: Uint8Array): DecodedText | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (looksEbcdic(sample)) return { text: decodeEbcdic(bytes), encoding: "cp500" };
  if (looksBinary(bytes, 0.02)) return undefined;
  const declared = declaredCharset(sample);
  const prose = Buffer.from(withoutMarkup(Buffer.from(sample).toString("latin1")), "latin1");
  let best = { encoding: "windows-1252", score: Number.NEGATIVE_INFINITY };
  for (const [encoding, bonus] of candidates(prose, declared)) {
    const score = scoreDecoding(iconv.decode(prose, encoding)) + bonus;
    if (score > best.score) best = { encoding, score };
  }
  return best.score < -0.5 ? undefined : decodeAs(bytes, best.encoding);
}

/** Encodings worth trying, each with what speaks for it beforehand (0..0.4 in units of `scoreDecoding`). */
function candidates(prose: Buffer, declared: string | undefined): ReadonlyMap<string, number> {
  const bonuses = new Map<string, number>(USUAL_CODE_PAGES.map((name) => [name, 0]));
  bonuses.set("windows-1252", 0.05);
  bonuses.set("iso-8859-2", -0.02);
  bonuses.set("cp850", -0.05);
  const add = (name: string, bonus: number): void => {
    const lower = name.toLowerCase();
    const encoding = WINDOWS_SUPERSETS[lower] ?? lower;
    if (/^utf-?\d/.test(encoding) || !iconv.encodingExists(encoding)) return;
    bonuses.set(encoding, (bonuses.get(encoding) ?? 0) + bonus);
  };
  for (const match of chardet.analyse(prose).slice(0, 4)) add(match.name, match.confidence / 200);
  if (declared) add(declared, 0.15);
  return bonuses;
}

function declaredCharset(sample: Uint8Array): string | undefined {
  const head = Buffer.from(sample).toString("latin1");
  const meta = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]{2,40})/i.exec(head);
  const xml = /^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:.-]{2,40})/i.exec(head);
  return meta?.[1] ?? xml?.[1];
}

/** Tags, styles and scripts are ASCII and would make every page look English. */
function withoutMarkup(text: string): string {
  if (!/<(?:html|head|body|p|div|meta|\?xml)[\s>]/i.test(text)) return text;
  return text
    .split(/<(?=style|script)/i)
    .map((part, index) => (index === 0 ? part : part.slice(Math.max(0, part.search(/<\/(?:style|script)/i)))))
    .join(" ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&[a-z#0-9]{1,10};/gi, " ");
}

/** Control bytes that no text has. Looks at the start, the middle and the end of a long file. */
function looksBinary(bytes: Uint8Array, limit: number): boolean {
  let controls = 0;
  let seen = 0;
  const window = Math.floor(SAMPLE_BYTES / 4);
  const starts = bytes.length <= 3 * window ? [0] : [0, Math.floor(bytes.length / 2), bytes.length - window];
  const length = starts.length === 1 ? bytes.length : window;
  for (const start of starts) {
    const end = Math.min(bytes.length, start + length);
    for (let at = start; at < end; at++) {
      const byte = bytes[at] ?? 0;
      if (
        byte < 32 &&
        byte !== 9 &&
        byte !== 10 &&
        byte !== 13 &&
        byte !== 12 &&
        byte !== 26 &&
        byte !== 27
      ) {
        controls++;
      }
    }
    seen += end - start;
  }
  return controls > Math.max(2, seen * limit);
}

function decodeAs(bytes: Uint8Array, encoding: string): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { text: iconv.decode(buffer, encoding), encoding };
}
