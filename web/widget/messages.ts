/** A message of the server takes its place in the conversation. */
import type { VisitorMessage } from "../../src/live/frames.ts";
import type { ChatState, HeldMessage } from "./state.ts";
import { finishTurn } from "./turns.ts";

/** Adds a message, once, in the order of `seq`; it replaces the pending or streamed bubble that it came from. */
export function addMessage(state: ChatState, message: VisitorMessage): ChatState {
  const at = state.messages.findIndex((held) => held.id === message.id || held.seq === message.seq);
  const held = state.messages[at];
  if (held !== undefined) {
    // The same message again: its status may have changed (read, failed); its place and its key have not.
    return { ...state, messages: state.messages.with(at, { ...message, key: held.key }) };
  }
  if (message.author.kind === "contact") return addOwn(state, message);
  if (message.author.kind !== "assistant") {
    return { ...insert(state, { ...message, key: message.id }), agentTyping: false };
  }
  const { turnId, ...rest } = finishTurn(state);
  return { ...insert(rest, { ...message, key: turnId ?? message.id }), turnFailed: false };
}

function addOwn(state: ChatState, message: VisitorMessage): ChatState {
  const { clientId } = message;
  const outgoing =
    clientId === undefined ? state.outgoing : state.outgoing.filter((item) => item.clientId !== clientId);
  return insert({ ...state, outgoing }, { ...message, key: clientId ?? message.id });
}

function insert(state: ChatState, message: HeldMessage): ChatState {
  const before = state.messages.findLastIndex((held) => held.seq < message.seq);
  return { ...state, messages: state.messages.toSpliced(before + 1, 0, message) };
}
