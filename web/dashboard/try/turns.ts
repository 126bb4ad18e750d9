import type { ChatResponse } from "../api/types.ts";

export type Answer = ChatResponse["message"];

/** One question and what became of it. */
export interface Turn {
  readonly key: string;
  readonly question: string;
  readonly state: "asked" | "writing" | "done" | "stopped" | "failed";
  /** What has been written so far; the answer's own text once it is whole. */
  readonly text: string;
  readonly answer?: Answer;
  readonly error?: Error;
}

export interface Talk {
  readonly conversationId?: string;
  readonly turns: readonly Turn[];
}

export type TalkChange =
  | { readonly type: "ask"; readonly key: string; readonly question: string }
  | { readonly type: "start"; readonly key: string; readonly conversationId: string }
  | { readonly type: "text"; readonly key: string; readonly text: string }
  | { readonly type: "done"; readonly key: string; readonly conversationId: string; readonly answer: Answer }
  | { readonly type: "stop"; readonly key: string }
  | { readonly type: "fail"; readonly key: string; readonly error: Error }
  | { readonly type: "drop"; readonly key: string }
  | { readonly type: "new" };

export const NEW_TALK: Talk = { turns: [] };

export function changeTalk(talk: Talk, change: TalkChange): Talk {
  if (change.type === "new") return NEW_TALK;
  if (change.type === "ask") {
    const turn: Turn = { key: change.key, question: change.question, state: "asked", text: "" };
    return { ...talk, turns: [...talk.turns, turn] };
  }
  if (change.type === "drop") return { ...talk, turns: talk.turns.filter((turn) => turn.key !== change.key) };
  // After "New conversation" a late event must not bring the old conversation back.
  if (!talk.turns.some((turn) => turn.key === change.key)) return talk;
  const turns = talk.turns.map((turn) => (turn.key === change.key ? changeTurn(turn, change) : turn));
  return "conversationId" in change ? { conversationId: change.conversationId, turns } : { ...talk, turns };
}

function changeTurn(turn: Turn, change: Exclude<TalkChange, { type: "new" | "ask" | "drop" }>): Turn {
  switch (change.type) {
    case "start":
      return turn;
    case "text":
      return { ...turn, state: "writing", text: turn.text + change.text };
    case "done":
      return { ...turn, state: "done", text: change.answer.text, answer: change.answer };
    case "stop":
      return { ...turn, state: "stopped" };
    case "fail":
      return { ...turn, state: "failed", error: change.error };
  }
}
