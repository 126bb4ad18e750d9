import type { DeltaEvent, TurnEvent } from "../api/live.ts";
import type { ConversationBody, MessageBody } from "../api/types.ts";

/** Both lists as one, each message once, in the order of `seq`; a message that came again replaces the old one. */
export function mergeMessages(
  have: readonly MessageBody[],
  incoming: readonly MessageBody[],
): readonly MessageBody[] {
  if (incoming.length === 0) return have;
  const bySeq = new Map(have.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The answer that is being written now. `text` is undefined when its beginning was missed. */
export interface Writing {
  readonly turnId: string;
  readonly text: string | undefined;
  readonly next: number;
}

export function applyTurn(writing: Writing | undefined, turn: TurnEvent): Writing | undefined {
  if (turn.state === "done" || turn.state === "failed")
    return writing?.turnId === turn.turnId ? undefined : writing;
  return writing?.turnId === turn.turnId ? writing : { turnId: turn.turnId, text: "", next: 0 };
}

/** A gap in the deltas cannot be filled here: from then on only the whole message is shown. */
export function applyDelta(writing: Writing | undefined, delta: DeltaEvent): Writing {
  const current = writing?.turnId === delta.turnId ? writing : { turnId: delta.turnId, text: "", next: 0 };
  if (delta.index < current.next) return current;
  if (delta.index > current.next || current.text === undefined)
    return { ...current, text: undefined, next: delta.index + 1 };
  return { ...current, text: current.text + delta.text, next: current.next + 1 };
}

/** A reply on its way. `afterSeq`: the newest message when it was sent. */
export interface Outgoing {
  readonly key: string;
  readonly text: string;
  readonly afterSeq: number;
  readonly state: "sending" | "failed";
  readonly error?: Error;
}

export type OutgoingChange =
  | { readonly type: "send"; readonly key: string; readonly text: string; readonly afterSeq: number }
  | { readonly type: "fail"; readonly key: string; readonly error: Error }
  | { readonly type: "remove"; readonly key: string };

export function changeOutgoing(outgoing: readonly Outgoing[], change: OutgoingChange): readonly Outgoing[] {
  const others = outgoing.filter((item) => item.key !== change.key);
  switch (change.type) {
    case "send": {
      const { type: _type, ...reply } = change;
      return [...others, { ...reply, state: "sending" }];
    }
    case "fail":
      return outgoing.map((item) =>
        item.key === change.key ? { ...item, state: "failed", error: change.error } : item,
      );
    case "remove":
      return others;
  }
}

/** The live stream can bring a reply before the answer to its sending: then it is shown once. */
export function stillOutgoing(
  outgoing: readonly Outgoing[],
  messages: readonly MessageBody[],
): readonly Outgoing[] {
  return outgoing.filter(
    (item) =>
      !messages.some(
        (message) =>
          message.author.kind === "agent" && message.seq > item.afterSeq && message.text === item.text.trim(),
      ),
  );
}

export type Handover = NonNullable<ConversationBody["handover"]>;

export type ThreadItem =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  /** From here a person answers; `by` is known of the latest one, and of those that the assistant decided. */
  | {
      readonly kind: "handover";
      readonly key: string;
      readonly at: string;
      readonly by?: Handover["requestedBy"];
    }
  | { readonly kind: "returned"; readonly key: string; readonly at: string }
  | { readonly kind: "message"; readonly key: string; readonly message: MessageBody };

/** The thread from top to bottom: messages, a line where a new day begins, and lines where another one answers. */
export function threadItems(
  messages: readonly MessageBody[],
  handover: ConversationBody["handover"],
): readonly ThreadItem[] {
  const items: ThreadItem[] = [];
  let day = "";
  let human = false;
  for (const message of messages) {
    const date = new Date(message.createdAt).toDateString();
    if (date !== day) items.push({ kind: "day", key: `day ${message.seq}`, at: message.createdAt });
    day = date;
    const change = changeAt(message, human);
    const line = change && lineOf(change, message);
    if (change?.before && line) items.push(line);
    items.push({ kind: "message", key: message.id, message });
    if (change && !change.before && line) items.push(line);
    if (change !== undefined) human = change.to === "person";
  }
  return handover === undefined ? items : withLatest(items, handover, human);
}

interface Change {
  readonly to: "person" | "assistant";
  /** The line stands before the message, not after it. */
  readonly before: boolean;
  readonly by?: Handover["requestedBy"];
}

/** Who answers from this message on, if that changes. The product speaks itself when it calls a person or is back. */
function changeAt(message: MessageBody, human: boolean): Change | undefined {
  const { author, action, confidence } = message;
  if (author.kind === "system")
    return human ? { to: "assistant", before: true } : { to: "person", before: false };
  if (author.kind === "agent" && !human) return { to: "person", before: true, by: "agent" };
  if (author.kind !== "assistant") return undefined;
  if (action !== "handed_over") return human ? { to: "assistant", before: true } : undefined;
  const asked = confidence?.signals.askedForPerson === 1;
  return human ? undefined : { to: "person", before: false, by: asked ? "visitor" : "assistant" };
}

function lineOf({ to, by }: Change, message: MessageBody): ThreadItem {
  const at = message.createdAt;
  if (to === "assistant") return { kind: "returned", key: `returned ${message.seq}`, at };
  return { kind: "handover", key: `handover ${message.seq}`, at, ...(by && { by }) };
}

/** The conversation itself knows why it waits now; a hand-over that left no message stands at the end. */
function withLatest(items: readonly ThreadItem[], handover: Handover, human: boolean): readonly ThreadItem[] {
  const by = handover.requestedBy;
  const latest = items.findLastIndex((item) => item.kind === "handover");
  const held = items[latest];
  if (!human || held?.kind !== "handover")
    return [...items, { kind: "handover", key: "handover", at: handover.at, by }];
  // The time of its message: a reply moves the time that the conversation has.
  return items.with(latest, { ...held, by });
}
