/** What the search thread is asked, and what it answers. */
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import type { DocumentFilter } from "./document-filter.ts";
import type { QueryWords } from "./query-words.ts";
import type { Balance, BaseLines, PassageFeatures } from "./scoring.ts";
import type { Span } from "./sentences.ts";

export type SearchMode = "hybrid" | "vector" | "keyword";

export interface KeywordHit {
  readonly key: number;
  /** BM25, 0 or more. */
  readonly bm25: number;
}

export interface KeywordRequest {
  readonly path: string;
  readonly question: string;
  readonly mode?: SearchMode;
  readonly filter?: DocumentFilter;
  /** The embedding model's companion, where it has one. */
  readonly companion?: {
    readonly model: string;
    readonly language: string;
    readonly mostPassages: number;
  };
}

export interface KeywordAnswer {
  readonly hits: readonly KeywordHit[];
  readonly words: QueryWords;
  /** The companion has vectors here, and the question is in its language. */
  readonly asksCompanion: boolean;
  readonly ms: number;
}

export interface PassageSentence extends Span {
  /** Share of the question's words that it holds, weighted by rarity, 0..1. */
  readonly coverage: number;
  /** The same with the words of the heading that stands above it in the passage: for choosing what to quote. */
  readonly quoteCoverage: number;
  /**
   * Its cosine with the question, heading included; null for headings and where its vector is not made yet. Of a passage
   * that has `byCompanion`: what the embedding model's would be by the companion's.
   */
  readonly cosine: number | null;
  /** It is one of the headings itself: found by, but not quoted. */
  readonly isHeading: boolean;
  /** It cannot be understood without the sentence before it. */
  readonly leans: boolean;
  /** The heading above it holds a word that the question is about, and it does not. */
  readonly needsHeading: boolean;
}

/** A passage that was found, with everything that answering needs of it. */
export interface Passage {
  readonly key: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  /** Offsets in the document's plain text. */
  readonly start: number;
  readonly end: number;
  /** Of a web page. */
  readonly url: string | null;
  /** 0..1, comparable between questions. */
  readonly score: number;
  /** How well it answers by itself; only its differences within one question mean something. */
  readonly rescored: number;
  /** What the order is made by: the same with its nearest sentence. */
  readonly ranked: number;
  /** What a reranking model says of it; null: it was not asked. */
  readonly reranked: number | null;
  readonly cosine: number | null;
  /** Highest cosine of a sentence by the embedding model's companion; null: it had no part in this. */
  readonly byCompanion: number | null;
  readonly bm25: number | null;
  readonly match: "vector" | "keyword" | "hybrid";
  /** What the order rests on. */
  readonly features: PassageFeatures;
  readonly sentences: readonly PassageSentence[];
}

export interface FuseRequest {
  readonly path: string;
  readonly question: string;
  readonly mode: SearchMode;
  readonly limit: number;
  readonly minScore: number;
  readonly filter?: DocumentFilter;
  readonly balance: Balance;
  /** The question's vector; null when there is none (then only words count). */
  readonly vector: Float32Array | null;
  /** What the vector's cosine reaches with text of no relevance. */
  readonly bases: BaseLines;
  readonly model: string;
  /** The question's vector by the model's companion; null: none is to be used. */
  readonly byCompanion: Float32Array | null;
  readonly figures: RetrievalFigures;
  readonly keyword: readonly KeywordHit[];
  readonly words: QueryWords;
}

export interface FuseAnswer {
  readonly passages: readonly Passage[];
  /** Probability that the documents hold an answer, 0..1. */
  readonly answerable: number;
  /** Words of the question that the nearest sentence does not hold; null: no sentence is known to be the nearest. */
  readonly lacking: readonly string[] | null;
  /** Whether vectors took part. */
  readonly byMeaning: boolean;
  /** Keys of those of the best passages whose sentences have no vectors yet; none where the model makes no use of them. */
  readonly withoutSentences: readonly number[];
  readonly ms: number;
}

export interface SentenceTexts {
  readonly key: number;
  readonly texts: readonly (string | null)[];
}
