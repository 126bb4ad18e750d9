import type { ChatResponse } from "../api/types.ts";

export const ACTIONS: Readonly<Record<ChatResponse["message"]["action"], string>> = {
  sent: "Sent as it is",
  sent_with_disclaimer: "Sent with a word of caution",
  sent_for_review: "Waits for a person to agree",
  handed_over: "Handed over to a person",
  none: "Not sent",
};

/** What was done with an answer. */
export function actionWords(action: ChatResponse["message"]["action"]): string {
  return ACTIONS[action];
}
