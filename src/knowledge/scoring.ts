/** The formulas of search: pure functions, their figures come with the embedding model. */
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import type { SearchMode } from "./search-thread.ts";

/** 1 / (1 + e^-x), 0..1. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Score of a passage, 0..1. Hybrid: a logistic over cosine and BM25, so that it orders as their weighted sum does and
 * means the same for every question. Vector or keyword alone: the same with the other part left at its neutral value.
 */
export function fusedScore(
  parts: { readonly cosine: number | null; readonly bm25: number | null },
  mode: SearchMode,
  figures: RetrievalFigures,
): number {
  const { bias, cosine, keyword } = figures.fusion;
  const byMeaning = mode === "keyword" ? figures.minCosine : (parts.cosine ?? figures.minCosine);
  const byWords = mode === "vector" ? 0 : (parts.bm25 ?? 0);
  return logistic(bias + cosine * byMeaning + keyword * byWords);
}
