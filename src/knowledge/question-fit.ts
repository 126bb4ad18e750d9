/**
 * What a question says that the sentence nearest to it does not: a passage can be on the very subject and still not
 * answer. Cosines hardly notice a changed year, a "not" or the one word that makes it another question.
 */
import { detectLanguage } from "../language.ts";
import type { Row, SeenCut } from "./found-passages.ts";
import { inverseDocumentFrequency, noWords, type QuestionWords, type WordFinder } from "./query-words.ts";
import { lexiconOf } from "./question-lexicon.ts";
import { questionWords } from "./question-text.ts";
import type { Passage } from "./search-protocol.ts";

export interface QuestionFit {
  /** Words of the question that say something of their own. */
  readonly words: number;
  /** Rarity, 0..1, of the rarest of them that the nearest sentence does not hold; 1: hardly any passage has it. */
  readonly missing: number;
  /** Numbers of the question that it does not hold, 2 at most. */
  readonly numbers: number;
  /** The question says "not", the sentence does not. */
  readonly negated: boolean;
  /** The words and numbers that it does not hold, as they stand in the question. */
  readonly lacking: readonly string[];
}

/** What was looked at for a question. */
export interface LookedAt {
  readonly rows: ReadonlyMap<number, Row>;
  readonly cuts: ReadonlyMap<number, SeenCut>;
  readonly finder: WordFinder;
}

const mostNumbers = 2;
/** Pairs of letters stand for words in these scripts, many of them across the border of two words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Beside the nearest sentence counts what stands above it: its heading, the passage's headings, the document's title.
 *
 * @param passages the best ones, with the cosines of their sentences
 * @returns null where no sentence has a cosine
 */
export function questionFit(
  question: string,
  words: QuestionWords,
  passages: readonly Passage[],
  { rows, cuts, finder }: LookedAt,
): QuestionFit | null {
  const nearest = nearestSentence(passages);
  if (nearest === null) return null;
  const { passage, index } = nearest;
  const { spans = [], held: inSentences = [] } = cuts.get(passage.key) ?? {};
  const span = spans[index];
  if (span === undefined) return null;
  const language = rows.get(passage.key)?.language ?? null;
  const around = { text: `${passage.title}\n${passage.heading ?? ""}`, language };
  const held = new Set([
    ...(inSentences[index] ?? noWords),
    ...(inSentences[span.under] ?? noWords),
    ...((span.leans && inSentences[index - 1]) || noWords),
    ...finder.in(around),
  ]);
  const said = words.all.filter((word) => !word.isSmall);
  const lacking = said.filter((word) => !unspaced.test(word.surface) && !held.has(word));
  const isNumber = ({ surface }: { surface: string }) => /^\p{N}/u.test(surface);
  const rarest = inverseDocumentFrequency(1, words.passages);
  const { not } = lexiconOf(detectLanguage(question));
  const says = (text: string) => questionWords(text).some((word) => not.has(word));
  return {
    words: said.length,
    missing: Math.max(
      0,
      ...lacking.filter((word) => !isNumber(word)).map(({ idf }) => Math.min(1, idf / rarest)),
    ),
    numbers: Math.min(mostNumbers, lacking.filter(isNumber).length),
    lacking: lacking.map(({ surface }) => surface),
    negated: says(question) && !says(passage.text.slice(span.start, span.end)),
  };
}

function nearestSentence(passages: readonly Passage[]): { passage: Passage; index: number } | null {
  let nearest: { passage: Passage; index: number } | null = null;
  let most = Number.NEGATIVE_INFINITY;
  for (const passage of passages)
    for (const [index, { cosine, isHeading }] of passage.sentences.entries())
      if (cosine !== null && !isHeading && cosine > most) {
        most = cosine;
        nearest = { passage, index };
      }
  return nearest;
}
