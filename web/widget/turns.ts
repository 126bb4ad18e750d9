/** Answers that are being written: they grow by numbered deltas, and a gap in the numbers is noticed. */
import type { ServerFrame, TurnState } from "../../src/live/frames.ts";
import type { ChatState, Turn } from "./state.ts";

type TurnFrame = Extract<ServerFrame, { type: "partial" | "delta" | "turn" }>;

/** Enough to recognise late frames; a conversation has one turn at a time. */
const REMEMBERED = 20;

export function applyTurnFrame(state: ChatState, frame: TurnFrame): ChatState {
  if (state.finished.includes(frame.turnId)) return state;
  const held = state.turns.find((turn) => turn.turnId === frame.turnId);
  if (frame.type === "turn") return applyState(state, held, frame.turnId, frame.state);
  const turn: Turn = held ?? { turnId: frame.turnId, state: "writing", text: "", next: 0, stale: false };
  if (frame.type === "partial") {
    return put(state, { ...turn, state: "writing", text: frame.text, next: frame.index, stale: false });
  }
  if (frame.index < turn.next) return state;
  // Something in between was lost: only a new connection brings all of it (`partial`).
  if (frame.index > turn.next) return { ...state, gaps: state.gaps + 1 };
  return put(state, {
    ...turn,
    state: "writing",
    text: turn.text + frame.text,
    next: turn.next + 1,
    stale: false,
  });
}

/** The turn whose message has come is over; its id is the key under which the bubble is already on screen. */
export function finishTurn(state: ChatState): ChatState & { readonly turnId?: string } {
  const [turn, ...turns] = state.turns;
  if (turn === undefined) return state;
  return { ...state, turns, finished: remember(state.finished, turn.turnId), turnId: turn.turnId };
}

/** After a new connection: a turn counts again when the server mentions it. */
export function markStale<S extends { readonly turns: readonly Turn[] }>(state: S): S {
  return { ...state, turns: state.turns.map((turn) => ({ ...turn, stale: true })) };
}

/** Turns that ended while the connection was away and left no message. */
export function dropStale(state: ChatState): ChatState {
  if (!state.turns.some((turn) => turn.stale)) return state;
  return { ...state, turns: state.turns.filter((turn) => !turn.stale) };
}

function applyState(state: ChatState, held: Turn | undefined, turnId: string, now: TurnState): ChatState {
  if (now === "failed") {
    const turns = state.turns.filter((turn) => turn.turnId !== turnId);
    return { ...state, turns, finished: remember(state.finished, turnId), turnFailed: true };
  }
  if (now === "done") {
    // The message comes before or after this; a bubble with text waits for it, dots alone have nothing to wait for.
    if (held === undefined || held.text !== "")
      return held === undefined ? state : put(state, { ...held, state: now });
    return { ...state, turns: state.turns.filter((turn) => turn.turnId !== turnId) };
  }
  const turn: Turn = held ?? { turnId, state: now, text: "", next: 0, stale: false };
  return { ...put(state, { ...turn, state: now, stale: false }), turnFailed: false };
}

function put(state: ChatState, turn: Turn): ChatState {
  const at = state.turns.findIndex((held) => held.turnId === turn.turnId);
  return { ...state, turns: at < 0 ? [...state.turns, turn] : state.turns.with(at, turn) };
}

function remember(finished: readonly string[], turnId: string): readonly string[] {
  return [...finished.slice(1 - REMEMBERED), turnId];
}
