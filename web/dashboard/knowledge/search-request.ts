/** What the test search asks, as it stands in the address, and its words. Pure. */
import type { SearchHit } from "../api/search.ts";
import type { SearchRequest, SearchResponse } from "../api/types.ts";
import { markedWords } from "./marks.ts";

type Mode = SearchRequest["mode"];

export const MODES: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: "hybrid", label: "Words and meaning" },
  { value: "keyword", label: "Words only" },
  { value: "vector", label: "Meaning only" },
];
export const LIMITS = [5, 10, 20, 50] as const;
const DEFAULT_LIMIT = 10;

/** Left out or senseless parts become what is usual; an empty question is asked of nobody. */
export function searchFrom(parameters: URLSearchParams): SearchRequest {
  const limit = Number(parameters.get("limit"));
  const minScore = Number(parameters.get("min") ?? "0") / 100;
  return {
    query: (parameters.get("q") ?? "").trim().slice(0, 2_000),
    mode: MODES.find(({ value }) => value === parameters.get("mode"))?.value ?? "hybrid",
    limit: LIMITS.find((choice) => choice === limit) ?? DEFAULT_LIMIT,
    minScore: minScore >= 0 && minScore <= 1 ? minScore : 0,
  };
}

export function searchPath({ query, mode, limit, minScore }: SearchRequest): string {
  const parameters = new URLSearchParams();
  if (query !== "") parameters.set("q", query);
  if (mode !== "hybrid") parameters.set("mode", mode);
  if (limit !== DEFAULT_LIMIT) parameters.set("limit", String(limit));
  if (minScore > 0) parameters.set("min", String(Math.round(minScore * 100)));
  const text = parameters.toString();
  return text === "" ? "/knowledge/search" : `/knowledge/search?${text}`;
}

type Words = SearchResponse["words"];

/** The words to mark: those that were searched for. */
export function wordsToMark(words: Words): readonly string[] {
  return words.filter(({ searched }) => searched).map(({ word }) => word);
}

const MATCHES: Readonly<Record<SearchHit["match"], string>> = {
  hybrid: "Found by its words and by its meaning.",
  keyword: "Found by its words.",
  vector: "Found by its meaning.",
};

/** Of the question's words, weighted by how rare they are. */
const COVERAGES: readonly (readonly [least: number, sentence: string])[] = [
  [0.75, "One of its sentences has nearly all that was asked for."],
  [0.4, "One of its sentences has about half of what was asked for."],
];

const READ_TOGETHER = "The second model read it together with the question.";

/** Why a passage was chosen: how it was found, which words it holds, and how many of them in one sentence. */
export function whyChosen(hit: SearchHit, words: Words): readonly string[] {
  const held = wordsToMark(words).filter((word) => markedWords(hit.text, [word]).length > 0);
  const coverage = COVERAGES.find(([least]) => hit.reasons.coverage >= least)?.[1];
  return [
    MATCHES[hit.match],
    ...(held.length > 0 ? [`It has ${listed(held)} in it.`] : []),
    ...(coverage === undefined ? [] : [coverage]),
    ...(hit.reasons.reranked === undefined ? [] : [READ_TOGETHER]),
  ];
}

/** “a”, “b” and “c” */
function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `“${word}”`);
  const last = quoted.pop();
  return quoted.length === 0 ? (last ?? "") : `${quoted.join(", ")} and ${last}`;
}

/** What was searched for, what no passage has, and what was left out, each a sentence or nothing. */
export function wordsInSentences(words: Words): readonly string[] {
  const missing = words.filter(({ passages }) => passages === 0).map(({ word }) => word);
  const common = words.filter(({ passages, searched }) => passages > 0 && !searched).map(({ word }) => word);
  return [
    ...(missing.length > 0 ? [`No passage has ${listed(missing)}.`] : []),
    ...(common.length > 0 ? [`Left out, because too many passages have it: ${listed(common)}.`] : []),
  ];
}

export interface TimedStep {
  readonly name: string;
  readonly ms: number;
}

export function timedSteps({
  embedMs,
  keywordMs,
  vectorMs,
  rerankMs,
  totalMs,
}: SearchResponse["timings"]): readonly TimedStep[] {
  return [
    { name: "Understanding the question", ms: embedMs },
    { name: "Comparing words", ms: keywordMs },
    { name: "Comparing meaning, putting in order", ms: vectorMs },
    ...(rerankMs > 0 ? [{ name: "Reading the best ones with the question", ms: rerankMs }] : []),
    { name: "Altogether", ms: totalMs },
  ];
}
