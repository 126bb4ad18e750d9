/**
 * The conversation as the widget holds it: frames and the visitor's own actions in, a new state out. Pure, so that
 * every order of drops, doubles and gaps can be tried in a test.
 */
import type {
  ConversationState,
  ServerFrame,
  TurnState,
  VisitorMessage,
  WidgetSettings,
} from "../../src/live/frames.ts";
import { addMessage } from "./messages.ts";
import { applyTurnFrame, dropStale, markStale } from "./turns.ts";

/** A message as shown. `key` stays the same from the pending or streamed bubble on, so that nothing is drawn anew. */
export interface HeldMessage extends VisitorMessage {
  readonly key: string;
}

/** A message of the visitor that the server has not sent back yet. */
export interface Outgoing {
  readonly clientId: string;
  readonly text: string;
  readonly createdAt: string;
  readonly state: "pending" | "sent" | "failed";
  /** Given by the server's `ack`. */
  readonly seq?: number;
  readonly error?: { readonly code: string; readonly message: string; readonly retryAt?: number };
}

/** An answer that is being written. */
export interface Turn {
  readonly turnId: string;
  readonly state: TurnState;
  readonly text: string;
  /** The index of the next delta. */
  readonly next: number;
  /** From before the connection dropped, and not heard of since. */
  readonly stale: boolean;
}

/** A change of who answers, seen as it happened. */
export interface Mark {
  readonly kind: "human" | "assistant";
  readonly afterSeq: number;
  readonly at: string;
}

export interface ChatState {
  readonly welcomed: boolean;
  readonly conversationId?: string;
  readonly settings?: WidgetSettings;
  readonly status: ConversationState;
  readonly emailKnown: boolean;
  readonly agent?: { readonly name: string };
  readonly messages: readonly HeldMessage[];
  readonly outgoing: readonly Outgoing[];
  readonly turns: readonly Turn[];
  /** Turns that are over: what still arrives for them is too late. */
  readonly finished: readonly string[];
  readonly turnFailed: boolean;
  readonly marks: readonly Mark[];
  readonly agentTyping: boolean;
  /** What the visitor asked for and the server has not answered. */
  readonly asked?: "human" | "assistant";
  readonly feedback: Readonly<Record<string, "up" | "down">>;
  /** A refusal that belongs to no message. */
  readonly notice?: { readonly code: string; readonly message: string };
  /** Counts the gaps seen: a change means that the connection has to be made anew. */
  readonly gaps: number;
}

export const emptyChat: ChatState = {
  welcomed: false,
  status: "ai",
  emailKnown: false,
  messages: [],
  outgoing: [],
  turns: [],
  finished: [],
  turnFailed: false,
  marks: [],
  agentTyping: false,
  feedback: {},
  gaps: 0,
};

export type Action =
  | { readonly type: "frame"; readonly frame: ServerFrame; readonly now: number }
  | { readonly type: "send"; readonly clientId: string; readonly text: string; readonly now: number }
  | { readonly type: "restore"; readonly outgoing: readonly Outgoing[] }
  | { readonly type: "retry" | "discard"; readonly clientId: string }
  | { readonly type: "ask"; readonly who: "human" | "assistant" }
  | { readonly type: "feedback"; readonly messageId: string; readonly value: "up" | "down" }
  /** Some time after a welcome: turns that were not mentioned again are over. */
  | { readonly type: "settle" }
  | { readonly type: "agentStopped" | "dismiss" | "forget" };

export function reduce(state: ChatState, action: Action): ChatState {
  switch (action.type) {
    case "frame":
      return applyFrame(state, action.frame, action.now);
    case "send":
      return addOutgoing(state, action.clientId, action.text, action.now);
    case "restore": {
      const known = new Set(state.outgoing.map((item) => item.clientId));
      return {
        ...state,
        outgoing: [...action.outgoing.filter((o) => !known.has(o.clientId)), ...state.outgoing],
      };
    }
    case "retry":
      return changeOutgoing(state, action.clientId, ({ error: _, ...item }) => ({
        ...item,
        state: "pending",
      }));
    case "discard":
      return { ...state, outgoing: state.outgoing.filter((item) => item.clientId !== action.clientId) };
    case "ask":
      return { ...state, asked: action.who };
    case "feedback":
      return { ...state, feedback: { ...state.feedback, [action.messageId]: action.value } };
    case "settle":
      return dropStale(state);
    case "agentStopped":
      return { ...state, agentTyping: false };
    case "dismiss":
      return withoutNotice(state);
    case "forget":
      return { ...emptyChat, ...unsent(state), ...(state.settings && { settings: state.settings }) };
  }
}

/** The highest `seq` held: what the server need not send again. Only counts messages that really came. */
export function highestSeq(state: ChatState): number {
  return state.messages.at(-1)?.seq ?? 0;
}

/** Whether something from the server is due, so that silence means a dead connection. */
export function isExpecting(state: ChatState): boolean {
  const running = state.turns.some((turn) => turn.state !== "done" && turn.state !== "failed");
  return running || state.asked !== undefined || state.outgoing.some((item) => item.state === "pending");
}

function applyFrame(state: ChatState, frame: ServerFrame, now: number): ChatState {
  switch (frame.type) {
    case "welcome":
      return applyWelcome(state, frame);
    case "ack":
      return changeOutgoing(state, frame.clientId, ({ error: _, ...item }) => ({
        ...item,
        state: "sent",
        seq: frame.seq,
      }));
    case "message":
      return addMessage(state, frame.message);
    case "partial":
    case "delta":
    case "turn":
      return applyTurnFrame(state, frame);
    case "typing":
      return frame.who === "agent" ? { ...state, agentTyping: true } : state;
    case "state":
      return applyStatus(state, frame, now);
    case "error":
      return applyError(state, frame, now);
  }
}

function applyWelcome(before: ChatState, frame: Extract<ServerFrame, { type: "welcome" }>): ChatState {
  // Another conversation than the one on screen (or none): what is held belongs to somebody else's past.
  const other = before.conversationId !== undefined && before.conversationId !== frame.conversationId;
  const { conversationId: _, agent, asked, ...state } = other ? { ...emptyChat, ...unsent(before) } : before;
  const fulfilled = (asked === "human") === (frame.status === "human");
  return {
    ...markStale(state),
    ...(frame.conversationId !== undefined && { conversationId: frame.conversationId }),
    ...(agent !== undefined && frame.status === "human" && { agent }),
    ...(asked !== undefined && !fulfilled && { asked }),
    welcomed: true,
    settings: frame.settings,
    status: frame.status,
    emailKnown: frame.emailKnown,
    agentTyping: false,
  };
}

function applyStatus(
  before: ChatState,
  frame: Extract<ServerFrame, { type: "state" }>,
  now: number,
): ChatState {
  const { agent: _, asked: __, ...state } = before;
  const human = frame.status === "human";
  const changed =
    human !== (before.status === "human") && frame.status !== "resolved" && frame.status !== "snoozed";
  const mark: Mark = {
    kind: human ? "human" : "assistant",
    afterSeq: Math.max(highestSeq(state), ...state.outgoing.map((item) => item.seq ?? 0)),
    at: new Date(now).toISOString(),
  };
  return {
    ...state,
    status: frame.status,
    emailKnown: frame.emailKnown,
    ...(frame.agent !== undefined && { agent: frame.agent }),
    marks: changed ? [...state.marks, mark] : state.marks,
    agentTyping: human && state.agentTyping,
  };
}

function applyError(
  state: ChatState,
  frame: Extract<ServerFrame, { type: "error" }>,
  now: number,
): ChatState {
  const { code, message, clientId, retryAfterMs } = frame;
  const error = { code, message, ...(retryAfterMs !== undefined && { retryAt: now + retryAfterMs }) };
  if (clientId !== undefined && state.outgoing.some((item) => item.clientId === clientId)) {
    return changeOutgoing(state, clientId, (item) => ({ ...item, state: "failed", error }));
  }
  const { asked: _, ...rest } = state;
  return { ...rest, notice: { code, message } };
}

function addOutgoing(before: ChatState, clientId: string, text: string, now: number): ChatState {
  const state = withoutNotice(before);
  const item: Outgoing = { clientId, text, createdAt: new Date(now).toISOString(), state: "pending" };
  return { ...state, outgoing: [...state.outgoing, item] };
}

function changeOutgoing(state: ChatState, clientId: string, change: (item: Outgoing) => Outgoing): ChatState {
  return {
    ...state,
    outgoing: state.outgoing.map((item) => (item.clientId === clientId ? change(item) : item)),
  };
}

/** What outlives the conversation: messages that no conversation has yet. */
function unsent(state: ChatState): Pick<ChatState, "outgoing" | "gaps"> {
  return { outgoing: state.outgoing.filter((item) => item.state !== "sent"), gaps: state.gaps };
}

function withoutNotice(state: ChatState): ChatState {
  const { notice: _, ...rest } = state;
  return rest;
}
