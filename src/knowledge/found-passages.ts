/** What a candidate is worth: its text, its sentences, and the values that it is ordered by. */
import type { Connection } from "../db/transaction.ts";
import { detectLanguage } from "../language.ts";
import { type Candidate, normalised } from "./candidates.ts";
import type { SentenceSpan } from "./passage-sentences.ts";
import { coverage, type HeldWords, noWords, type QueryWord, type QueryWords } from "./query-words.ts";
import { aboveBase, balanced, type PassageFeatures, ranked, rescored } from "./scoring.ts";
import type { FuseRequest, Passage, PassageSentence } from "./search-protocol.ts";

export interface Cut {
  readonly spans: readonly SentenceSpan[];
  /** Of each sentence, as the dictionary numbers them. */
  readonly terms: readonly (readonly number[])[];
}

export interface Row {
  readonly key: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  readonly start: number;
  readonly end: number;
  readonly language: string | null;
  readonly url: string | null;
}

/** The same text may stand in several documents: the best place of each. */
export function withoutRepeats(passages: readonly Passage[]): Passage[] {
  const texts = new Set<string>();
  return passages.filter(({ text }) => {
    if (texts.has(text)) return false;
    texts.add(text);
    return true;
  });
}

export function cosinesOf(passages: readonly Passage[]): number[] {
  return passages.flatMap(({ sentences }) =>
    sentences.flatMap(({ cosine }) => (cosine === null ? [] : [cosine])),
  );
}

/** Only where both languages are known. */
export function isOtherLanguage(question: string, passage: string): boolean {
  const asked = detectLanguage(question);
  const answered = detectLanguage(passage);
  return asked !== null && answered !== null && asked !== answered;
}

/** By meaning where it is known, else by words; null where nothing speaks for any. */
export function bestSentence({ sentences }: Pick<Passage, "sentences">): PassageSentence | null {
  const value = ({ cosine, coverage }: PassageSentence) => (cosine ?? 0) + coverage / 10;
  const [best] = sentences
    .filter((sentence) => !sentence.isHeading && value(sentence) > 0)
    .toSorted((a, b) => value(b) - value(a));
  return best ?? null;
}

/** A passage's sentences beside a question. */
export interface SeenCut {
  readonly spans: readonly SentenceSpan[];
  /** The words of the question in each sentence. */
  readonly held: readonly HeldWords[];
  /** Of each sentence by the embedding model, or as its would be by what its companion says; empty: not known yet. */
  readonly cosines: readonly (number | null)[];
  /** Highest cosine of a sentence by the companion, as it is; null: it has no vectors of this passage. */
  readonly byCompanion: number | null;
}

export function score(
  item: Candidate,
  row: Row,
  cut: SeenCut,
  input: FuseRequest,
  byMeaning: boolean,
): Passage {
  const useWords = input.mode !== "vector";
  const sentences = describeSentences(cut, input.words);
  const best = sentences.reduce((most, sentence) => Math.max(most, sentence.coverage), 0);
  const near = item.cosine === null ? 0 : aboveBase(item.cosine, item.base);
  const features = {
    cosine: near,
    keyword: useWords ? normalised(item.bm25, input.words) : 0,
    sentence: useWords ? best : 0,
    sentencePair: useWords ? Math.max(best, bestPair(cut, input.words)) : 0,
  };
  const value = rescored(features, input.figures, byMeaning);
  const isNear = item.cosine !== null && near > input.figures.minCosine && byMeaning;
  const match = item.bm25 === null ? "vector" : isNear ? "hybrid" : "keyword";
  return {
    ...row,
    ...item,
    match,
    features,
    sentences,
    score: 0,
    reranked: null,
    byCompanion: cut.byCompanion,
    rescored: value,
    ranked: byMeaning
      ? orderOf(features, nearestAbove(cut.cosines, item.base), cut.byCompanion, input)
      : value,
  };
}

/** With the weights that the tenant has set; without vectors there is nothing to weigh. */
function orderOf(
  features: PassageFeatures,
  nearest: number | null,
  byCompanion: number | null,
  input: FuseRequest,
): number {
  const { figures, balance } = input;
  const weighed = balanced(features, balance);
  const byMeaning = (cosine: number | null) => (cosine === null ? null : cosine * balance.meaning);
  return ranked(
    rescored(weighed, figures, true),
    weighed,
    byMeaning(nearest),
    byMeaning(byCompanion),
    figures,
  );
}

/** Of the sentence nearest to the question; null where there are no cosines. */
function nearestAbove(cosines: readonly (number | null)[], base: number): number | null {
  const nearest = highest(cosines);
  return nearest === null ? null : aboveBase(nearest, base);
}

/** Null where none is known. */
export function highest(cosines: readonly (number | null)[]): number | null {
  const known = cosines.filter((cosine) => cosine !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function describeSentences({ spans, held, cosines }: SeenCut, words: QueryWords): PassageSentence[] {
  return spans.map((span, index) => {
    const here = held[index] ?? noWords;
    const above = held[span.under];
    const before = span.leans ? held[index - 1] : undefined;
    const own = coverage(words, here);
    const isAlone = above === undefined && before === undefined;
    const quoteCoverage = isAlone ? own : coverage(words, here, above ?? noWords, before ?? noWords);
    return {
      start: span.start,
      end: span.end,
      coverage: own,
      quoteCoverage: span.isHeading ? 0 : quoteCoverage,
      cosine: cosines[index] ?? null,
      isHeading: span.isHeading,
      leans: span.leans,
      needsHeading: above !== undefined && [...above].some((word) => isMissing(word, here, before)),
    };
  });
}

/** Of words that say something of their own. */
function isMissing(word: QueryWord, here: HeldWords, before: HeldWords | undefined): boolean {
  return !word.isSmall && !here.has(word) && before?.has(word) !== true;
}

function bestPair({ held }: SeenCut, words: QueryWords): number {
  let best = 0;
  for (let index = 0; index + 1 < held.length; index += 1) {
    const [first, second] = [held[index], held[index + 1]];
    if (first !== undefined && second !== undefined) best = Math.max(best, coverage(words, first, second));
  }
  return best;
}

export function loadRows(connection: Connection, keys: readonly number[]): Map<number, Row> {
  const rows = connection.reader.all<Row & Record<string, unknown>>(
    `SELECT chunks.key AS key, chunks.id AS chunkId, document_id AS documentId, title, text, heading, page,
       start_offset AS start, end_offset AS end, language, url
     FROM chunks JOIN documents ON documents.id = document_id
     WHERE chunks.key IN (SELECT value FROM json_each(?)) AND documents.deleted_at IS NULL
       -- What a full disk left half indexed is as good as not there; see Knowledge.
       AND NOT (documents.embedded < documents.chunks AND documents.error_code IS 'storage_full')`,
    JSON.stringify(keys),
  );
  return new Map(rows.map((row) => [row.key, row]));
}
