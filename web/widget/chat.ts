/**
 * The conversation with its effects: what the visitor does becomes frames, what the server says becomes state, what
 * must not get lost is kept. Knows nothing of the screen.
 */
import type { ClientFrame, ServerFrame, VisitorMessage } from "../../src/live/frames.ts";
import { Connection, type ConnectionOptions, type ConnectionStatus } from "./connection.ts";
import { type Action, type ChatState, emptyChat, highestSeq, isExpecting, reduce } from "./state.ts";
import type { Keepsakes } from "./storage.ts";

export interface ChatOptions {
  /** `wss://host/widget/v1/live?channel=…` */
  readonly url: string;
  readonly keepsakes: Keepsakes;
  readonly onChange: () => void;
  /** A message of the other side that this page did not have before. */
  readonly onMessage?: (message: VisitorMessage) => void;
  readonly times?: ConnectionOptions["times"] & { readonly settleMs?: number };
}

const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 6000;
const SETTLE_MS = 5000;

export class Chat {
  state: ChatState = emptyChat;
  connection: ConnectionStatus = { kind: "idle" };
  readonly #live: Connection;
  /** Feedback that could not be sent yet. */
  #waiting: ClientFrame[] = [];
  #typingSentAt = 0;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;
  #email: string | undefined;

  readonly #options: ChatOptions;
  constructor(options: ChatOptions) {
    this.#options = options;

    this.#live = new Connection({
      url: options.url,
      hello: () => this.#hello(),
      onFrame: (frame) => this.#receive(frame),
      onStatus: (status) => {
        this.connection = status;
        options.onChange();
      },
      onUnknownVisitor: () => {
        options.keepsakes.token = undefined;
        options.keepsakes.seen = 0;
        this.#dispatch({ type: "forget" });
      },
      isExpecting: () => isExpecting(this.state),
      ...(options.times && { times: options.times }),
    });
    this.#dispatch({ type: "restore", outgoing: options.keepsakes.unsent });
  }

  connect(): void {
    this.#live.start();
  }

  retryNow(): void {
    this.#live.retryNow();
  }

  /** The browser says that the network is gone: no use in pretending. */
  networkLost(): void {
    this.#live.drop();
  }

  stop(): void {
    clearTimeout(this.#typingTimer);
    clearTimeout(this.#settleTimer);
    this.#live.stop();
  }

  send(text: string): void {
    const clientId = newId();
    this.#dispatch({ type: "send", clientId, text, now: Date.now() });
    const item = this.state.outgoing.find((other) => other.clientId === clientId);
    if (item !== undefined) this.#options.keepsakes.keepUnsent(item);
    this.#live.start();
    this.#live.send({ type: "send", clientId, text });
  }

  retry(clientId: string): void {
    const item = this.state.outgoing.find((other) => other.clientId === clientId);
    if (item === undefined || item.state !== "failed") return;
    this.#dispatch({ type: "retry", clientId });
    this.#live.send({ type: "send", clientId, text: item.text });
  }

  discard(clientId: string): void {
    this.#options.keepsakes.dropUnsent(clientId);
    this.#dispatch({ type: "discard", clientId });
  }

  askForPerson(email?: string): void {
    this.#email = email ?? this.#email;
    this.#dispatch({ type: "ask", who: "human" });
    this.#live.start();
    this.#live.send(this.#handover("human"));
  }

  askForAssistant(): void {
    this.#dispatch({ type: "ask", who: "assistant" });
    this.#live.send(this.#handover("assistant"));
  }

  rate(messageId: string, value: "up" | "down", reason?: string): void {
    this.#dispatch({ type: "feedback", messageId, value });
    const frame: ClientFrame = { type: "feedback", messageId, value, ...(reason ? { reason } : {}) };
    if (!this.#live.send(frame)) this.#waiting.push(frame);
  }

  /** Tells a person on the other side that the visitor writes; the assistant does not care. */
  typing(): void {
    if (this.state.status !== "human" || Date.now() - this.#typingSentAt < TYPING_EVERY_MS) return;
    this.#typingSentAt = Date.now();
    this.#live.send({ type: "typing" });
  }

  dismissNotice(): void {
    this.#dispatch({ type: "dismiss" });
  }

  /** Forgets the visitor: the next connection is somebody new. */
  reset(): void {
    this.stop();
    this.#options.keepsakes.forget();
    this.#waiting = [];
    this.#email = undefined;
    for (const item of this.state.outgoing) this.#dispatch({ type: "discard", clientId: item.clientId });
    this.#dispatch({ type: "forget" });
  }

  #hello(): ClientFrame {
    const visitorToken = this.#options.keepsakes.token;
    return {
      type: "hello",
      ...(visitorToken !== undefined && { visitorToken }),
      after: highestSeq(this.state),
    };
  }

  #receive(frame: ServerFrame): void {
    const { gaps, messages } = this.state;
    this.#dispatch({ type: "frame", frame, now: Date.now() });
    if (this.state.gaps !== gaps) {
      this.#live.drop();
      return;
    }
    if (frame.type === "welcome") this.#welcomed(frame.visitorToken);
    if (frame.type === "ack") this.#options.keepsakes.dropUnsent(frame.clientId);
    if (frame.type === "typing" && frame.who === "agent") this.#agentTypes();
    if (frame.type !== "message") return;
    const { author, clientId, id } = frame.message;
    if (clientId !== undefined) this.#options.keepsakes.dropUnsent(clientId);
    const isNew = !messages.some((held) => held.id === id);
    if (author.kind !== "contact" && isNew) this.#options.onMessage?.(frame.message);
  }

  /** Says again what the server may not have heard: it knows a message by its `clientId`. */
  #welcomed(visitorToken: string): void {
    this.#options.keepsakes.token = visitorToken;
    for (const { clientId, text, state } of this.state.outgoing) {
      if (state === "pending") this.#live.send({ type: "send", clientId, text });
    }
    if (this.state.asked !== undefined) this.#live.send(this.#handover(this.state.asked));
    for (const frame of this.#waiting.splice(0)) this.#live.send(frame);
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(
      () => this.#dispatch({ type: "settle" }),
      this.#options.times?.settleMs ?? SETTLE_MS,
    );
  }

  #handover(who: "human" | "assistant"): ClientFrame {
    if (who === "assistant") return { type: "handover", cancel: true };
    return { type: "handover", ...(this.#email !== undefined && { email: this.#email }) };
  }

  #agentTypes(): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => this.#dispatch({ type: "agentStopped" }), TYPING_SHOWN_MS);
  }

  #dispatch(action: Action): void {
    const next = reduce(this.state, action);
    if (next === this.state) return;
    this.state = next;
    this.#options.onChange();
  }
}

/** `randomUUID` exists only in secure contexts; a shop on plain http in its own network is none. */
function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
