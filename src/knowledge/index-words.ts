/**
 * What the word index takes of a text, so that words are found in whatever form they are asked for. FTS5's own
 * tokenizer folds case and accents and stems English; the rest is done here, before it sees a text or a question.
 */
import { stemOf } from "./stems.ts";

/** Written without spaces, and without a dictionary of words that is any good: each run is cut into pairs of letters. */
const unspaced = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+/g;
/** Written without spaces, with words that Unicode's segmentation knows: Thai, Lao, Burmese, Khmer. */
const segmented = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+/g;
const segmenters = new Map<string, Intl.Segmenter>();
/** Vowel signs and the like of Indic and South-East Asian scripts: FTS5 would end a word at each of them. */
const signs = /[\u0900-\u1fff]/g;
const isSign = /^\p{M}$/u;
const signBase = 0x0900;
const privateUse = 0xe000;
export const wordPattern = /[\p{L}\p{N}\p{M}\ue000-\uf8ff]+/gu;
const wordCharacter = /^[\p{L}\p{N}\p{M}\ue000-\uf8ff]$/u;
/** By code unit, as far as they were met: 1 stands in words, 2 does not. */
const unitKinds = new Uint8Array(0x1_0000);
/** Any that needs more than a look at `wordPattern`. */
const cutScripts = /[\u0900-\u1fff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/;

/**
 * `text` as it goes into the index; the same string when nothing is to be changed. Recall@1 of words alone: Chinese .14
 * without pairs, .93 with; Russian .84 without stems, .93 with; German .90 and .92; Spanish .92 and .94 (XQuAD).
 *
 * @param language ISO 639-1, of the document; null where it is not known: nothing is stemmed then
 */
export function indexedText(text: string, language: string | null): string {
  const cut = cutIntoWords(text);
  const stem = stemOf(language);
  return stem === null ? cut : cut.replace(wordPattern, (word) => stem(word.toLowerCase()));
}

/** A question as words, cut as a text is; not stemmed. */
export function questionWords(question: string): string[] {
  return cutIntoWords(question).match(wordPattern) ?? [];
}

/** The forms in which a word may stand in an index of documents in these languages, its own first. */
export function formsOf(word: string, languages: readonly string[]): string[] {
  const lower = word.toLowerCase();
  return [...new Set([lower, ...languages.map((language) => stemOf(language)?.(lower) ?? lower)])];
}

/** Whether `wordPattern` takes this code unit of a text: also either half of a letter beyond the first 65,536. */
export function isWordUnit(unit: number, text: string, at: number): boolean {
  const kind = unitKinds[unit];
  if (kind !== 0 && kind !== undefined) return kind === 1;
  if (unit >= 0xd800 && unit <= 0xdfff) {
    const isSecond = unit >= 0xdc00;
    return wordCharacter.test(isSecond ? text.slice(at - 1, at + 1) : text.slice(at, at + 2));
  }
  const isWord = wordCharacter.test(String.fromCharCode(unit));
  unitKinds[unit] = isWord ? 1 : 2;
  return isWord;
}

/** The text with spaces between words that are written without; the same string when nothing is to be changed. */
export function cutIntoWords(text: string): string {
  if (!cutScripts.test(text)) return text;
  return text
    .replace(unspaced, (run) => ` ${pairs(run).join(" ")} `)
    .replace(segmented, (run) => ` ${segments(run).join(" ")} `)
    .replace(signs, (letter) =>
      isSign.test(letter) ? String.fromCharCode(privateUse + letter.charCodeAt(0) - signBase) : letter,
    );
}

/** Chinese and Japanese: overlapping pairs. */
function pairs(run: string): string[] {
  if (run.length === 1) return [run];
  return Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2));
}

function segments(run: string): string[] {
  const language = run < "\u0e80" ? "th" : run < "\u1000" ? "lo" : run < "\u1780" ? "my" : "km";
  const segmenter = segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: "word" });
  segmenters.set(language, segmenter);
  return Array.from(segmenter.segment(run), ({ segment }) => segment);
}
