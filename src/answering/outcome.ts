/** What a turn comes to, and the outcomes that need no search. */
import type { Action, Citation, Confidence } from "../conversations/messages.ts";
import { phrase } from "../conversations/phrases.ts";
import type { Language } from "../language.ts";
import { asksForPerson, smallTalk } from "./small-talk.ts";

/** What a turn comes to, before it is stored. */
export interface Outcome {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly confidence: Confidence;
  readonly action: Extract<Action, "sent" | "handed_over">;
  readonly reason: string;
  readonly by: "assistant" | "visitor";
  /** False: the documents hold no answer to what was asked. */
  readonly known: boolean;
  readonly provider: string;
  readonly model: string;
  readonly usage: { readonly promptTokens: number; readonly completionTokens: number };
}

/** Small talk, and a wish for a person; null: a question to be answered. */
export function guard(text: string, language: Language): Outcome | null {
  const nothing = {
    provider: "builtin",
    model: "extractive",
    usage: { promptTokens: 0, completionTokens: 0 },
    citations: [],
    known: true,
  };
  const talk = smallTalk(text);
  if (talk !== null) {
    const confidence = { score: 1, level: "high", signals: { smallTalk: 1 } } as const;
    return {
      ...nothing,
      text: phrase(language, talk),
      confidence,
      action: "sent",
      reason: "",
      by: "assistant",
    };
  }
  if (!asksForPerson(text)) return null;
  const confidence = { score: 1, level: "high", signals: { askedForPerson: 1 } } as const;
  return {
    ...nothing,
    text: phrase(language, "handoverAsked"),
    confidence,
    action: "handed_over",
    reason: "The visitor asked for a person.",
    by: "visitor",
  };
}

/** Nobody guesses: a person will answer. */
export function unknown(
  language: Language,
  confidence: Confidence,
  reason: string,
  provider: string,
  model: string,
): Outcome {
  const usage = { promptTokens: 0, completionTokens: 0 };
  return {
    text: phrase(language, "unknown"),
    citations: [],
    confidence,
    action: "handed_over",
    reason,
    by: "assistant",
    known: false,
    provider,
    model,
    usage,
  };
}
