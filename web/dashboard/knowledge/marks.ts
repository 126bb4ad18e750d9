/** Which words of a text are those of a question, and the part of the text around them. Pure. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that write words without spaces between them. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function folded(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Forms of one word begin alike: "deliver", "delivery", "deliveries". What the server compares is finer. */
function isForm(a: string, b: string): boolean {
  if (a === b) return true;
  const short = Math.min(a.length, b.length);
  const long = Math.max(a.length, b.length);
  let shared = 0;
  while (shared < short && a[shared] === b[shared]) shared++;
  if (shared < 4 || shared < short - 1) return false;
  return long - short <= 2 || shared >= 6;
}

/** The places in `text` where one of the words stands, in any form. */
export function markedWords(text: string, words: readonly string[]): readonly Span[] {
  const wanted = words.map(folded).filter((word) => word !== "");
  if (wanted.length === 0) return [];
  const spaced = wanted.filter((word) => !UNSPACED.test(word));
  const spans: Span[] = [];
  for (const match of text.matchAll(WORD)) {
    const own = folded(match[0]);
    if (spaced.some((word) => isForm(word, own)))
      spans.push({ start: match.index, end: match.index + match[0].length });
  }
  for (const word of words.filter((item) => UNSPACED.test(item)))
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length))
      spans.push({ start: at, end: at + word.length });
  return spans.sort((a, b) => a.start - b.start);
}

const BEFORE = 80;

/**
 * A part of the text of about `length` letters that holds `centre`, or begins at the start without one; it begins and
 * ends between words.
 */
export function excerptOf(text: string, centre: Span | undefined, length: number): Span {
  if (text.length <= length) return { start: 0, end: text.length };
  const wish = Math.max(0, Math.min((centre?.start ?? 0) - BEFORE, text.length - length));
  const start = wish === 0 ? 0 : nextGap(text, wish);
  const reach = Math.max(start + length, centre?.end ?? 0);
  const end = reach >= text.length ? text.length : lastGap(text, reach, centre?.end ?? start + 1);
  return { start, end };
}

/** Behind the first space from `at` on, if there is one near. */
function nextGap(text: string, at: number): number {
  const gap = text.slice(at, at + BEFORE / 2).search(/\s/u);
  return gap < 0 ? at : at + gap + 1;
}

/** Before the last space up to `at`, but not before `least`. */
function lastGap(text: string, at: number, least: number): number {
  for (let place = at; place > Math.max(least, at - BEFORE); place--)
    if (/\s/u.test(text[place] ?? "")) return place;
  return at;
}
