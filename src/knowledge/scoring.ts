/**
 * The formulas of search: pure functions, their figures come with the embedding model. Derivation, alternatives and
 * what was measured: docs/decisions/2026-11-22-retrieval-scores.md.
 */
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import type { Anchor } from "../inference/model-store.ts";
import type { QuestionFit } from "./question-fit.ts";

type AnswerableWithSentences = Omit<NonNullable<RetrievalFigures["answerableWithSentences"]>, "foreign">;

/** 1 / (1 + e^-x), 0..1. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export interface PassageFeatures {
  /** Cosine above the base, as a share of what is left to 1: (cosine - base) / (1 - base). 0 without vectors. */
  readonly cosine: number;
  /** BM25 / sum of the question's idf. */
  readonly keyword: number;
  /** Highest coverage of a sentence, 0..1. */
  readonly sentence: number;
  /** Highest coverage of two neighbouring sentences, or of one. */
  readonly sentencePair: number;
}

/** (cosine - base) / (1 - base): comparable between languages, where the raw cosine is not. */
export function aboveBase(cosine: number, base: number): number {
  return (cosine - base) / (1 - base);
}

/** What a question's cosine with text of no relevance reaches, by the language of that text. */
export interface BaseLines {
  /** In the language in which it is highest: the question's own, nearly always. 0 without anchors. */
  readonly highest: number;
  /** The mean over all languages, for one that has no anchor. */
  readonly mean: number;
  /** ISO 639-1 → base. */
  readonly byLanguage: Readonly<Record<string, number>>;
}

export function baseLines(question: Float32Array, anchors: readonly Anchor[]): BaseLines {
  const bases = anchors.map(({ mean }) => Math.max(0, dot(mean, question)));
  return {
    highest: Math.max(0, ...bases),
    mean: bases.length === 0 ? 0 : bases.reduce((sum, base) => sum + base, 0) / bases.length,
    byLanguage: Object.fromEntries(anchors.map(({ language }, index) => [language, bases[index] ?? 0])),
  };
}

/**
 * The base for a passage in this language (null: not known): a question in Chinese is far from any English text, the
 * right one included.
 */
export function baseOf(lines: BaseLines, language: string | null): number {
  return language === null ? lines.highest : (lines.byLanguage[language] ?? lines.mean);
}

/** Of two vectors of the same length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

export interface Balance {
  /** Of everything that rests on vectors. */
  readonly meaning: number;
  /** Of everything that rests on words. */
  readonly words: number;
}

/** @param share of meaning, 0..1; null or .5: as measured */
export function balanceOf(share: number | null): Balance {
  const meaning = share ?? 0.5;
  return { meaning: meaning * 2, words: (1 - meaning) * 2 };
}

export function balanced(features: PassageFeatures, { meaning, words }: Balance): PassageFeatures {
  return {
    cosine: features.cosine * meaning,
    keyword: features.keyword * words,
    sentence: features.sentence * words,
    sentencePair: features.sentencePair * words,
  };
}

/** How well a passage answers, by itself and its sentences' words. */
export function rescored(features: PassageFeatures, figures: RetrievalFigures, withVectors: boolean): number {
  const weights = withVectors ? figures.rescore : figures.rescoreWithoutVectors;
  return (
    weights.cosine * features.cosine +
    weights.keyword * features.keyword +
    weights.sentence * features.sentence +
    weights.sentencePair * features.sentencePair
  );
}

/**
 * What passages are ordered by: their rescored value, and their nearest sentence where the model makes use of it.
 *
 * @param nearest highest cosine of a sentence with the question, above the base; null: not known yet
 * @param byCompanion highest cosine by the companion's vectors; null: there are none
 */
export function ranked(
  value: number,
  features: PassageFeatures,
  nearest: number | null,
  byCompanion: number | null,
  figures: RetrievalFigures,
): number {
  const { rank, companion } = figures;
  if (rank === undefined) return value;
  if (companion !== undefined && byCompanion !== null) {
    const weights = companion.rank;
    return (
      weights.cosine * features.cosine +
      weights.keyword * features.keyword +
      weights.sentence * features.sentence +
      weights.sentencePair * features.sentencePair +
      weights.nearest * byCompanion +
      weights.bias
    );
  }
  const { guess } = rank;
  const near = nearest ?? guess.cosine * features.cosine + guess.sentence * features.sentence + guess.bias;
  return value + rank.nearest * near + rank.keyword * features.keyword + rank.sentence * features.sentence;
}

/** ln of the number of passages, capped: the more there are, the higher the best of unrelated ones scores. */
function logSize(passages: number, figures: RetrievalFigures): number {
  return Math.log(Math.max(1, Math.min(passages, figures.sizeCap)));
}

export interface Order {
  /** What the passages are ordered by, in falling order. */
  readonly values: readonly number[];
  /** Probability that the documents hold an answer at all. */
  readonly answerable: number;
  readonly passages: number;
  readonly byMeaning: boolean;
}

/** With a single passage there is no margin to measure; this is about the median of answered questions. */
const loneMargin = 2;

/** Probability that each passage holds the answer, 0..1. It keeps their order and is comparable between questions. */
export function passageScores(order: Order, figures: RetrievalFigures): number[] {
  const { values } = order;
  const top = values[0] ?? 0;
  const lead = values.length > 1 ? top - (values[1] ?? top) : loneMargin;
  const rank = order.byMeaning ? figures.rank?.score : undefined;
  if (rank !== undefined) {
    const level = rank.answerable * logit(order.answerable) + rank.bias;
    const margin = rank.margin * Math.min(lead, rank.maxMargin);
    return values.map((value, index) =>
      logistic(level + rank.gap * (top - value) + (index === 0 ? margin : 0)),
    );
  }
  const { score } = figures;
  const margin = score.margin * Math.min(lead, score.maxMargin);
  return values.map((value, index) =>
    logistic(
      score.rescored * value +
        score.gap * (top - value) +
        (index === 0 ? margin : 0) +
        score.size * logSize(order.passages, figures) +
        score.bias,
    ),
  );
}

/** ln(p / (1 - p)), for p within .0001 and .9999. */
function logit(p: number): number {
  const inside = Math.min(Math.max(p, 1e-4), 1 - 1e-4);
  return Math.log(inside / (1 - inside));
}

export interface NearestSentences {
  /** Highest cosine of a sentence of the best passages with the question. */
  readonly best: number;
  /** How much higher that is than the mean of the next three. */
  readonly gap: number;
}

/** Of a single sentence, which has none beside it. */
const loneGap = 0.05;

/** @param cosines of the best passages' sentences; null when there is none */
export function nearestSentences(cosines: readonly number[]): NearestSentences | null {
  const [best, ...others] = cosines.toSorted((a, b) => b - a).slice(0, 4);
  if (best === undefined) return null;
  const gap =
    others.length === 0 ? loneGap : best - others.reduce((sum, value) => sum + value, 0) / others.length;
  return { best, gap };
}

export interface BestFound {
  /** Rescored value of the best passage; null: nothing was found. */
  readonly top: number | null;
  /** Null: not all of the best passages' sentences have their vectors yet. */
  readonly sentences: NearestSentences | null;
  /** All their cosines come from the embedding model's companion. */
  readonly byCompanion: boolean;
  /** What the question's cosine with text of no relevance reaches. */
  readonly base: number;
  /** What the question says that the nearest sentence does not; null as `sentences`. */
  readonly fit: QuestionFit | null;
  /** Share of the question's words that stand in some passage. */
  readonly knownWords: number;
  /** The question seems to be in another language than the best passage. */
  readonly otherLanguage: boolean;
  /** How many there are in all. */
  readonly passages: number;
  readonly byMeaning: boolean;
}

/**
 * Probability that the documents hold an answer at all, 0..1. By the best passage alone until its sentences have
 * vectors; then by the nearest sentence too, less what the question says that this sentence does not.
 */
export function answerableScore(found: BestFound, figures: RetrievalFigures): number {
  const { top, sentences, fit } = found;
  if (top === null) return 0;
  const size = logSize(found.passages, figures);
  const weights = found.byMeaning ? figures.answerable : figures.answerableWithoutVectors;
  const byPassage = logistic(weights.rescored * top + weights.size * size + weights.bias);
  const near = figures.answerableWithSentences;
  if (near === undefined || !found.byMeaning || sentences === null || fit === null) return byPassage;
  const { foreign } = near;
  if (found.otherLanguage && found.knownWords < foreign.below)
    return Math.max(
      byPassage,
      logistic(
        foreign.sentence * sentences.best +
          foreign.base * found.base +
          foreign.gap * sentences.gap +
          foreign.size * size +
          foreign.bias,
      ),
    );
  // "And when is it?", "👍": nearness to some sentence means nothing then.
  if (fit.words === 0) return byPassage;
  const whole = (found.byCompanion ? figures.companion?.answerable : undefined) ?? near;
  return onSubject(top, sentences, fit, size, whole) * answersIt(sentences, fit, size, whole.doubt);
}

/** Shorter and longer questions were too few to measure. */
const fewestWords = 2;
const mostWords = 10;

/**
 * Probability that the best passages are about what was asked. A question of two words is worth less in words and
 * nearness than one of ten, whether or not its answer is there: so its length has a say, and more so among many passages.
 */
function onSubject(
  top: number,
  { best, gap }: NearestSentences,
  fit: QuestionFit,
  size: number,
  weights: AnswerableWithSentences,
): number {
  const length = Math.log(1 + Math.min(Math.max(fit.words, fewestWords), mostWords));
  const lacking = fit.lacking.length / fit.words;
  const few = Math.max(0, 1 - size / weights.doubt.fullSize);
  return logistic(
    weights.rescored * top +
      weights.sentence * best +
      weights.gap * Math.min(gap, weights.maxGap) +
      weights.size * size +
      weights.sizeSquared * size ** 2 +
      weights.length * length +
      weights.lengthBySize * length * size +
      weights.rescoredByLength * length * top +
      weights.sentenceByLength * length * best +
      weights.lackingAmongFew * lacking * few +
      weights.bias,
  );
}

/**
 * Probability that a sentence on the subject says what was asked. It counts less where there are few passages: there no
 * word is rare, and little stands beside the subject.
 */
function answersIt(
  { best }: NearestSentences,
  fit: QuestionFit,
  size: number,
  doubt: AnswerableWithSentences["doubt"],
): number {
  const value =
    doubt.sentence * best +
    doubt.missing * fit.missing +
    doubt.numbers * fit.numbers +
    doubt.negated * (fit.negated ? 1 : 0) +
    doubt.bias;
  return logistic(value) ** Math.min(1, size / doubt.fullSize);
}

/** Whether the model's figures say what vectors of sentences are worth. */
export function usesSentences(figures: RetrievalFigures): boolean {
  return figures.answerableWithSentences !== undefined;
}
