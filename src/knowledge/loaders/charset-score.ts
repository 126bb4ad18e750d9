/**
 * How much a decoded text looks like words that people write. Compares several decodings of the same bytes:
 * a wrong code page mixes scripts inside words, turns letters into signs, or puts capitals inside words.
 */

// Signs that stand beside letters in good text too: quotes, dashes, ellipsis, currency, degree, section, ©®™.
const TYPOGRAPHIC =
  /[\u00A0\u00A1\u00AB\u00BB\u00BF\u2010-\u2027\u2030\u2032\u2033\u2039\u203A€£¥°§©®™№·×±²³½¼¾ªº،؛؟]/u;
const WORD = /[\p{L}\p{M}]+/gu;

// The most common letters of the bicameral and abjad scripts; in good text they make up more than half of all letters.
const COMMON_LETTERS: Readonly<Record<string, ReadonlySet<string>>> = {
  cyrillic: new Set("оеаинтсрвлкмдпуяіОЕАИНТСР"),
  greek: new Set("αοιετσνηυρπκμςλάίόέήύώ"),
  arabic: new Set("اليمنوترهبةسدع"),
  hebrew: new Set("יוהלאתרבשנםמ"),
};

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ["latin", /\p{Script=Latin}/u],
  ["cyrillic", /\p{Script=Cyrillic}/u],
  ["greek", /\p{Script=Greek}/u],
  ["arabic", /\p{Script=Arabic}/u],
  ["hebrew", /\p{Script=Hebrew}/u],
  ["han", /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30FC]/u],
  ["hangul", /\p{Script=Hangul}/u],
  ["thai", /\p{Script=Thai}/u],
];

/**
 * @returns about -2 (surely wrong) .. 1 (every word with letters beyond ASCII is plausible); 0 when there is
 * nothing to judge. Looks at the first 20,000 characters.
 */
export function scoreDecoding(decoded: string): number {
  const text = decoded.slice(0, 20_000);
  // C1 controls and private use betray a wrong code page.
  const broken = text.match(/[\u0080-\u009F\uFFFD\uE000-\uF8FF]/g)?.length ?? 0;
  const beyondAscii = text.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  if (beyondAscii === 0) return 0;
  let judged = 0;
  let points = 0;
  for (const [word] of text.matchAll(WORD)) {
    if (/^\p{ASCII}*$/u.test(word)) continue;
    judged++;
    points += scoreWord(word);
  }
  const words = judged === 0 ? 0 : points / judged;
  return words - (6 * broken) / beyondAscii - strayShare(text, beyondAscii);
}

function scoreWord(word: string): number {
  const scripts = new Set<string>();
  for (const letter of word) scripts.add(scriptOf(letter));
  scripts.delete("mark");
  if (scripts.size > 1 || scripts.has("other")) return -1;
  if (/\p{Ll}\p{Lu}/u.test(word)) return -1;
  const script = [...scripts][0] ?? "other";
  return script === "latin" ? scoreLatinWord(word) : scoreForeignWord(word, script);
}

/** Accented letters are the minority in every language written in Latin script. */
function scoreLatinWord(word: string): number {
  const accented = word.match(/[^\p{ASCII}]/gu)?.length ?? 0;
  if (word.length >= 3 && accented / word.length > 0.6) return -1;
  // Icelandic in Windows-1252 and Turkish in Windows-1254 share these bytes; Turkish is the better guess.
  if (/[þðÞÐ]/u.test(word)) return 0.6;
  return accented >= 2 && accented / word.length > 0.4 ? 0.2 : 0.8;
}

function scoreForeignWord(word: string, script: string): number {
  const common = COMMON_LETTERS[script];
  if (!common) return 0.8;
  const hits = [...word].filter((letter) => common.has(letter) || common.has(letter.toLowerCase())).length;
  return 0.3 + 0.7 * (hits / word.length);
}

function scriptOf(letter: string): string {
  if (/\p{M}/u.test(letter)) return "mark";
  return SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? "other";
}

/** Share of signs that no typist puts there: box drawing, superscripts, currency and logic signs in plain text. */
function strayShare(text: string, beyondAscii: number): number {
  let stray = 0;
  for (const sign of text.match(/[^\p{ASCII}\p{L}\p{M}]/gu) ?? []) if (!TYPOGRAPHIC.test(sign)) stray++;
  const insideWords = text.match(/[¢¤¦¨¬¯±²³´µ¶¸¹¼½¾](?=\p{L})|\p{L}[\u00A1-\u00BF](?=\p{L})/gu)?.length ?? 0;
  return (stray + 5 * insideWords) / beyondAscii;
}
