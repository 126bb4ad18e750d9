/**
 * Tells whoever is watching a conversation what happened, after it was committed; and holds the text of answers that
 * are being written, so that a watcher who comes in the middle gets all of it so far. Nothing here is of record: what
 * matters is in the database.
 */
import type { StoredMessage } from "./messages.ts";

export type TurnState = "started" | "searching" | "writing" | "done" | "failed";

export interface Turn {
  readonly turnId: string;
  readonly state: TurnState;
  readonly text: string;
  /** Number of deltas so far; the next one has this index. */
  readonly index: number;
}

export type FeedEvent =
  | { readonly type: "message"; readonly message: StoredMessage }
  | { readonly type: "state" }
  | { readonly type: "turn"; readonly turnId: string; readonly state: TurnState }
  | { readonly type: "delta"; readonly turnId: string; readonly index: number; readonly text: string }
  | { readonly type: "typing"; readonly who: "assistant" | "agent" | "contact" };

type Listener = (event: FeedEvent) => void;

/** Watched and told apart by tenant and conversation together: an id alone reaches nothing. */
function nameOf(tenantId: string, conversationId: string): string {
  return `${tenantId}/${conversationId}`;
}

export class ConversationFeed {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #turns = new Map<string, Turn>();

  /** @returns ends the subscription */
  subscribe(tenantId: string, conversationId: string, listener: Listener): () => void {
    const name = nameOf(tenantId, conversationId);
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(name, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name);
    };
  }

  get watched(): number {
    return this.#listeners.size;
  }

  publish(tenantId: string, conversationId: string, event: FeedEvent): void {
    for (const listener of this.#listeners.get(nameOf(tenantId, conversationId)) ?? []) listener(event);
  }

  /** The answer that is being written, if any. */
  turn(tenantId: string, conversationId: string): Turn | undefined {
    return this.#turns.get(nameOf(tenantId, conversationId));
  }

  setTurn(tenantId: string, conversationId: string, turnId: string, state: TurnState): void {
    const name = nameOf(tenantId, conversationId);
    if (state === "done" || state === "failed") this.#turns.delete(name);
    else {
      const known = this.#turns.get(name);
      const same = known?.turnId === turnId ? known : undefined;
      this.#turns.set(name, { turnId, state, text: same?.text ?? "", index: same?.index ?? 0 });
    }
    this.publish(tenantId, conversationId, { type: "turn", turnId, state });
  }

  addText(tenantId: string, conversationId: string, turnId: string, text: string): void {
    if (text === "") return;
    const name = nameOf(tenantId, conversationId);
    const turn = this.#turns.get(name);
    if (turn?.turnId !== turnId) return;
    this.#turns.set(name, { ...turn, text: turn.text + text, index: turn.index + 1 });
    this.publish(tenantId, conversationId, { type: "delta", turnId, index: turn.index, text });
  }
}
