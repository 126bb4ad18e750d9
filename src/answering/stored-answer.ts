/** The answer that the business stored for just this question: said word for word, whatever else could be written. */
import type { StoredAnswer } from "../knowledge/question-search.ts";
import type { Outcome } from "./outcome.ts";

export const storedAnswerModel = "stored-answer";
/** Of the questions that were taken for a stored one in other words, hardly one was another (bench/questions.ts). */
const nearScore = 0.95;

/** @param onText is given the answer piece by piece, as from every answerer */
export function storedOutcome(stored: StoredAnswer, onText: (text: string) => void): Outcome {
  const { documentId, chunkId, title, quote, answer, match, cosine } = stored;
  for (const piece of answer.match(/\s*\S+\s*/g) ?? []) onText(piece);
  const score = match === "exact" ? 1 : nearScore;
  return {
    text: answer,
    citations: [{ n: 1, documentId, chunkId, title, quote }],
    confidence: {
      score,
      level: "high",
      signals: { storedAnswer: 1, question: Math.round(cosine * 10_000) / 10_000 },
    },
    action: "sent",
    reason: "",
    by: "assistant",
    known: true,
    provider: "builtin",
    model: storedAnswerModel,
    usage: { promptTokens: 0, completionTokens: 0 },
  };
}
