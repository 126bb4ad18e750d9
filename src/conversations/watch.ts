/** Watching a conversation: what was missed, the answer that is being written, then what happens. */
import { otherWorkFirst } from "../other-work.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { ConversationFeed, FeedEvent, Turn } from "./feed.ts";
import { listMessages, type StoredMessage } from "./messages.ts";

const pageSize = 200;

export interface Watcher {
  /** A message after the one that was seen last, in their order. */
  missed(message: StoredMessage): void;
  /** The answer that is being written, as far as it is. */
  turn(turn: Turn): void;
  event(event: FeedEvent): void;
}

export interface Watch {
  /** False: it was stopped before. Rejects, and stops, when the database cannot be read. */
  readonly caughtUp: Promise<boolean>;
  /** Nothing is told any more. */
  stop(): void;
}

/**
 * Subscribes first and then reads what was missed, page by page, however much it is; others work between two pages.
 * What happens meanwhile is held back until then.
 */
export function watchConversation(
  { store, feed }: { readonly store: TenantStore; readonly feed: ConversationFeed },
  tenantId: string,
  conversationId: string,
  after: number,
  watcher: Watcher,
): Watch {
  let held: FeedEvent[] | null = [];
  let stopped = false;
  const unsubscribe = feed.subscribe(tenantId, conversationId, (event) => {
    if (held === null) watcher.event(event);
    else held.push(event);
  });
  const stop = () => {
    stopped = true;
    unsubscribe();
  };
  const catchUp = async () => {
    let from = after;
    const answered = new Set<string | null>();
    for (;;) {
      const page = await store.read(tenantId, (reader) =>
        listMessages(reader, conversationId, from, pageSize),
      );
      if (stopped) return false;
      for (const message of page) {
        answered.add(message.replyTo);
        watcher.missed(message);
      }
      if (page.length < pageSize) break;
      from = page.at(-1)?.seq ?? from;
      await otherWorkFirst();
    }
    if (stopped) return false;
    const turn = feed.turn(tenantId, conversationId);
    // An answer is in the database a moment before its turn ends: who has the one needs no word of the other.
    if (turn !== undefined && !answered.has(turn.turnId)) watcher.turn(turn);
    const waiting = held ?? [];
    held = null;
    // The turn as it stands holds what its pieces said.
    for (const event of waiting) if (event.type !== "delta" && event.type !== "turn") watcher.event(event);
    return true;
  };
  const caughtUp = catchUp().catch((error: unknown) => {
    stop();
    throw error;
  });
  return { caughtUp, stop };
}
