import { tenantUrl } from "./tenant.ts";
import type { ConversationBody, MessageBody } from "./types.ts";

export interface DeltaEvent {
  readonly turnId: string;
  readonly index: number;
  readonly text: string;
}
/** All of an answer so far: what somebody gets who comes in the middle of it. `index` is that of the next delta. */
export type PartialEvent = DeltaEvent;
export interface TurnEvent {
  readonly turnId: string;
  readonly state: "started" | "searching" | "writing" | "done" | "failed";
}

export interface LiveHandlers {
  /** The highest `seq` that is there already; asked anew for every connection. */
  readonly after: () => number;
  readonly onMessage: (message: MessageBody) => void;
  readonly onState: (conversation: ConversationBody) => void;
  readonly onPartial: (partial: PartialEvent) => void;
  readonly onDelta: (delta: DeltaEvent) => void;
  readonly onTurn: (turn: TurnEvent) => void;
  /** Whether events arrive; while they do not, the caller polls. */
  readonly onConnected: (connected: boolean) => void;
}

const BACK_OFF_MS = [1_000, 2_000, 5_000, 10_000] as const;
/** The server pings more often than this; a longer silence is a dead connection that nobody closed. */
const SILENCE_MS = 60_000;

/**
 * Follows one conversation until the returned function is called. Reconnects itself instead of leaving that to
 * `EventSource`, because each connection must name the newest `seq` and not the one of the first.
 */
export function followConversation(id: string, handlers: LiveHandlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let stopped = false;

  const wait = (ms: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const drop = () => {
    source?.close();
    if (stopped) return;
    handlers.onConnected(false);
    wait(BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)] ?? 10_000, connect);
  };
  const alive = () => {
    failures = 0;
    wait(SILENCE_MS, drop);
  };
  const on = <T>(current: EventSource, name: string, handle: (body: T) => void) => {
    current.addEventListener(name, (event) => {
      alive();
      handle(JSON.parse((event as MessageEvent<string>).data) as T);
    });
  };
  const connect = () => {
    const current = new EventSource(tenantUrl(`/conversations/${id}/stream?after=${handlers.after()}`));
    source = current;
    current.onopen = () => {
      alive();
      handlers.onConnected(true);
    };
    current.onerror = drop;
    current.addEventListener("ping", alive);
    on(current, "message", handlers.onMessage);
    on(current, "state", handlers.onState);
    on(current, "partial", handlers.onPartial);
    on(current, "delta", handlers.onDelta);
    on(current, "turn", handlers.onTurn);
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}
