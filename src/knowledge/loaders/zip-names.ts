import iconv from "iconv-lite";
import { scoreDecoding } from "./charset-score.ts";

/** What programs that know no UTF-8 write names in: DOS's page, and those of the countries where it had no letters. */
const CODE_PAGES = ["cp437", "cp850", "cp932", "gb18030", "cp949", "cp866", "windows-1252", "windows-1251"];
/** A name counts as DOS's unless another reads clearly better. */
const DOS_BONUS = 0.1;

export interface RawName {
  readonly bytes: Uint8Array;
  /** The archive says that this name is UTF-8. */
  readonly utf8: boolean;
}

/**
 * Decodes the names in an archive: UTF-8 where it is declared or fits, else the one code page in which all other
 * names together read most like words.
 */
export function decodeNames(names: readonly RawName[]): string[] {
  const decoded = names.map(({ bytes, utf8 }) => decodeUtf8(bytes, utf8));
  const others = names.filter((_, index) => decoded[index] === undefined).map(({ bytes }) => bytes);
  if (others.length === 0) return decoded.map((name) => name ?? "");
  const page = bestCodePage(
    Buffer.concat(others.slice(0, 500).flatMap((bytes) => [bytes, Buffer.from("\n")])),
  );
  return names.map(({ bytes }, index) => decoded[index] ?? iconv.decode(Buffer.from(bytes), page));
}

function decodeUtf8(bytes: Uint8Array, declared: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return declared ? new TextDecoder().decode(bytes) : undefined;
  }
}

function bestCodePage(sample: Buffer): string {
  let best = { page: "cp437", score: Number.NEGATIVE_INFINITY };
  for (const page of CODE_PAGES) {
    const score = scoreDecoding(iconv.decode(sample, page)) + (page === "cp437" ? DOS_BONUS : 0);
    if (score > best.score) best = { page, score };
  }
  return best.page;
}
