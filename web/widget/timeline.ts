/** The conversation as rows to draw: messages, bubbles on their way, and the lines between them. */
import type { VisitorMessage } from "../../src/live/frames.ts";
import type { ChatState, HeldMessage, Mark, Outgoing, Turn } from "./state.ts";

export type Row =
  | {
      readonly kind: "own";
      readonly key: string;
      readonly text: string;
      readonly outgoing?: Outgoing;
      readonly message?: VisitorMessage;
    }
  | { readonly kind: "answer"; readonly key: string; readonly turn?: Turn; readonly message?: VisitorMessage }
  | {
      readonly kind: "agent";
      readonly key: string;
      readonly message: VisitorMessage;
      readonly named: boolean;
    }
  | { readonly kind: "system"; readonly key: string; readonly message: VisitorMessage }
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | { readonly kind: "human" | "assistant"; readonly key: string; readonly at?: string }
  | { readonly kind: "closed" | "turnFailed"; readonly key: string };

export function timeline(state: ChatState): readonly Row[] {
  const rows: Row[] = [];
  const builder = { rows, human: false, marks: [...state.marks] };
  let previous: HeldMessage | undefined;
  for (const message of state.messages) {
    placeMarks(builder, message.seq);
    if (previous !== undefined && !sameDay(previous.createdAt, message.createdAt)) {
      rows.push({ kind: "day", key: `day-${message.seq}`, at: message.createdAt });
    }
    placeMessage(builder, message, previous);
    previous = message;
  }
  placeOutgoing(builder, state.outgoing);
  placeMarks(builder, Number.POSITIVE_INFINITY);
  // A person took over while nobody was connected: the time is not known, the fact is.
  if (state.status === "human" && !builder.human) rows.push({ kind: "human", key: "human-now" });
  for (const turn of state.turns) rows.push({ kind: "answer", key: turn.turnId, turn });
  if (state.turnFailed && state.turns.length === 0) rows.push({ kind: "turnFailed", key: "turn-failed" });
  const reopens = state.outgoing.some((item) => item.state === "pending");
  if (state.status === "resolved" && !reopens) rows.push({ kind: "closed", key: "closed" });
  return rows;
}

interface Builder {
  readonly rows: Row[];
  /** Whether the line "from here a person answers" stands above. */
  human: boolean;
  readonly marks: Mark[];
}

/** The changes seen as they happened that belong before the message `seq`. */
function placeMarks(builder: Builder, seq: number): void {
  for (let mark = builder.marks[0]; mark !== undefined && mark.afterSeq < seq; mark = builder.marks[0]) {
    builder.marks.shift();
    if (builder.human === (mark.kind === "human")) continue;
    builder.human = mark.kind === "human";
    builder.rows.push({ kind: mark.kind, key: `${mark.kind}-${mark.at}`, at: mark.at });
  }
}

function placeMessage(builder: Builder, message: HeldMessage, previous: HeldMessage | undefined): void {
  const { rows } = builder;
  switch (message.author.kind) {
    case "contact":
      rows.push({ kind: "own", key: message.key, text: message.text, message });
      return;
    case "assistant":
      // The assistant answers again, and the moment of the change is not known: the answer itself shows it.
      if (message.action !== "handed_over") builder.human = false;
      rows.push({ kind: "answer", key: message.key, message });
      if (message.action === "handed_over") placeHuman(builder, message);
      return;
    case "agent": {
      placeHuman(builder, message);
      const again = previous?.author.kind === "agent" && previous.author.name === message.author.name;
      rows.push({ kind: "agent", key: message.key, message, named: !again });
      return;
    }
    case "system":
      placeSystem(builder, message);
  }
}

/** The product speaks itself at two moments: when a person was called, and when the assistant is back. */
function placeSystem(builder: Builder, message: HeldMessage): void {
  const { rows } = builder;
  const returned = builder.human;
  if (returned) {
    builder.human = false;
    rows.push({ kind: "assistant", key: `assistant-${message.key}`, at: message.createdAt });
  }
  rows.push({ kind: "system", key: message.key, message });
  if (!returned) placeHuman(builder, message);
}

function placeHuman(builder: Builder, message: HeldMessage): void {
  if (builder.human) return;
  builder.human = true;
  builder.rows.push({ kind: "human", key: `human-${message.key}`, at: message.createdAt });
}

/** Acknowledged ones stand where their `seq` puts them, the rest at the end. */
function placeOutgoing(builder: Builder, outgoing: readonly Outgoing[]): void {
  for (const item of outgoing) {
    const row: Row = { kind: "own", key: item.clientId, text: item.text, outgoing: item };
    const { seq } = item;
    const before =
      seq === undefined
        ? -1
        : builder.rows.findIndex((other) => "message" in other && (other.message?.seq ?? 0) > seq);
    if (before < 0) {
      placeMarks(builder, seq ?? 0);
      builder.rows.push(row);
    } else builder.rows.splice(before, 0, row);
  }
}

function sameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** A person was called and none has come: neither taken on by one nor answered by one since the assistant's last word. */
export function isWaiting(state: ChatState): boolean {
  if (state.status !== "human" || state.agent !== undefined) return false;
  const last = state.messages.findLast(
    ({ author }) => author.kind === "agent" || author.kind === "assistant",
  );
  return last?.author.kind !== "agent";
}
