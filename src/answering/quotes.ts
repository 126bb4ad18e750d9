/** Finds the sentence of a source that a statement of an answer rests on, by shared words. */
import type { Passage } from "../knowledge/search-protocol.ts";
import { splitSentences } from "../knowledge/sentences.ts";

const maxQuoteLength = 500;

export function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  // Scripts without spaces give one long "word": its pairs of letters compare better.
  return new Set(
    words.flatMap((word) =>
      /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(word) ? pairs(word) : [word],
    ),
  );
}

function pairs(word: string): string[] {
  if (word.length < 2) return [word];
  return Array.from({ length: word.length - 1 }, (_, index) => word.slice(index, index + 2));
}

/** Share of the words of `statement` that `text` holds, 0..1; words of one letter do not count. */
export function overlap(statement: ReadonlySet<string>, text: ReadonlySet<string>): number {
  let count = 0;
  let shared = 0;
  for (const word of statement) {
    if (word.length < 2) continue;
    count += 1;
    if (text.has(word)) shared += 1;
  }
  return count === 0 ? 0 : shared / count;
}

/** The sentence of the passage that shares most with the statement: word for word, never empty. */
export function bestQuote(passage: Passage, statement: string): string {
  const wanted = wordsOf(statement);
  let best = "";
  let most = -1;
  for (const sentence of passage.sentences) {
    const text = passage.text.slice(sentence.start, sentence.end);
    const words = wordsOf(text);
    // Both ways: what the statement takes from the sentence, and how much of the sentence that is.
    const value = overlap(wanted, words) + 0.5 * overlap(words, wanted) - (sentence.isHeading ? 0.5 : 0);
    if (value > most) [best, most] = [text, value];
  }
  return (best === "" ? passage.text : best).slice(0, maxQuoteLength).trim();
}

/** The statements (sentences) of an answer that carry the mark `[n]`, joined; all of it when none does. */
export function statementsWith(answer: string, n: number): string {
  const mark = `[${n}]`;
  const found = splitSentences(answer)
    .map((span, index, all) => {
      const text = answer.slice(span.start, span.end);
      if (!text.includes(mark)) return "";
      // A mark that stands after the full stop belongs to the sentence before it.
      const before = all[index - 1];
      return text.startsWith("[") && before !== undefined
        ? `${answer.slice(before.start, before.end)} ${text}`
        : text;
    })
    .filter((text) => text !== "");
  return (found.length === 0 ? answer : found.join(" ")).replace(/\[\d+\]/g, " ");
}
