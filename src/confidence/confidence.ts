/** How sure an answer is, and what follows from it. The first signal: what retrieval says of the documents. */
import type { Action, Confidence } from "../conversations/messages.ts";

export interface Signals {
  /** Probability that the documents hold an answer, 0..1 (`answerableScore`). */
  readonly retrieval: number;
  /** 1: the answer names or clearly uses a source; 0: it does not. */
  readonly grounded: 0 | 1;
}

/** An answer that is built on nothing it was given keeps only this share of what it was sure of above the threshold. */
const ungroundedShare = 0.25;
const highFrom = 0.85;

/** 0..1 with its parts. Below the threshold nothing is answered, so only what lies above it is lowered. */
export function confidenceOf(signals: Signals, threshold: number): Confidence {
  const above = signals.retrieval - threshold;
  const score =
    signals.grounded === 1 || above <= 0 ? signals.retrieval : threshold + above * ungroundedShare;
  const level = score >= Math.max(highFrom, threshold) ? "high" : score >= threshold ? "medium" : "low";
  return {
    score: round(score),
    level,
    signals: { retrieval: round(signals.retrieval), grounded: signals.grounded },
  };
}

export function decide(confidence: Confidence, threshold: number): Extract<Action, "sent" | "handed_over"> {
  return confidence.score >= threshold ? "sent" : "handed_over";
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
