/**
 * The WebSocket to the server and its whole life: connecting, dropping, waiting, trying again. It knows nothing of
 * conversations; it hands frames on and says honestly how the connection is.
 */
import type { ClientFrame, ServerFrame } from "../../src/live/frames.ts";
import { askedDelay, backoffDelay } from "./backoff.ts";

export type ConnectionStatus =
  | { readonly kind: "idle" | "connecting" | "online" | "refused" }
  | { readonly kind: "offline"; readonly retryAt: number };

export interface ConnectionOptions {
  readonly url: string;
  /** Asked for each time, because the token and the last `seq` change. */
  readonly hello: () => ClientFrame;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onStatus: (status: ConnectionStatus) => void;
  /** The server does not know the visitor token any more. */
  readonly onUnknownVisitor: () => void;
  /** Whether a frame is due, so that silence means a dead connection. */
  readonly isExpecting: () => boolean;
  /** Shorter in tests. */
  readonly times?: Partial<typeof usualTimes>;
}

const usualTimes = {
  /** From opening the socket to `welcome`. */
  handshakeMs: 10_000,
  /** Without any frame while one is due. */
  silenceMs: 45_000,
  /** Online this long: the next drop starts the back-off anew. */
  stableMs: 5_000,
};

/** Close codes of the server. */
const UNKNOWN_VISITOR = 4401;
const NOT_ALLOWED = 4403;
const TOO_MANY = 4429;

export class Connection {
  readonly #times: typeof usualTimes;
  #socket: WebSocket | undefined;
  #status: ConnectionStatus = { kind: "idle" };
  #attempt = 0;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #silence: ReturnType<typeof setTimeout> | undefined;

  readonly #options: ConnectionOptions;
  constructor(options: ConnectionOptions) {
    this.#options = options;

    this.#times = { ...usualTimes, ...options.times };
  }

  /** Connects unless it is connected, connecting, waiting or refused. */
  start(): void {
    if (this.#status.kind === "idle") this.#open();
  }

  /** Ends the connection until the next `start`. */
  stop(): void {
    this.#close();
    this.#attempt = 0;
    this.#say({ kind: "idle" });
  }

  /** Does not wait any longer: somebody asked, or the network is back. */
  retryNow(): void {
    if (this.#status.kind === "offline") this.#open();
  }

  /** The connection cannot be trusted (a gap, silence, no network): drops it and connects again after the back-off. */
  drop(): void {
    if (this.#socket !== undefined) this.#wait(backoffDelay(this.#attempt++));
  }

  /** @returns false when it is not online; nothing is queued here. */
  send(frame: ClientFrame): boolean {
    if (this.#status.kind !== "online" || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    // Only what arrives proves that the connection lives: sending does not start the wait anew.
    if (this.#silence === undefined) this.#watch();
    return true;
  }

  #open(): void {
    this.#close();
    this.#say({ kind: "connecting" });
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#timers.push(setTimeout(() => this.drop(), this.#times.handshakeMs));
    socket.onopen = () => socket.send(JSON.stringify(this.#options.hello()));
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#closed(event.code, event.reason);
    };
  }

  #receive(data: unknown): void {
    const frame = parseFrame(data);
    if (frame === undefined) return;
    if (frame.type === "welcome") {
      this.#clearTimers();
      this.#timers.push(setTimeout(() => this.#resetBackoff(), this.#times.stableMs));
      this.#say({ kind: "online" });
    }
    this.#options.onFrame(frame);
    this.#watch();
  }

  #closed(code: number, reason: string): void {
    if (code === NOT_ALLOWED) {
      this.#close();
      this.#say({ kind: "refused" });
      return;
    }
    if (code === UNKNOWN_VISITOR) this.#options.onUnknownVisitor();
    this.#wait(code === TOO_MANY ? askedDelay(reason) : backoffDelay(this.#attempt++));
  }

  #wait(delayMs: number): void {
    this.#close();
    this.#say({ kind: "offline", retryAt: Date.now() + delayMs });
    this.#timers.push(setTimeout(() => this.#open(), delayMs));
  }

  /** A server that is gone without a goodbye shows only in its silence. */
  #watch(): void {
    clearTimeout(this.#silence);
    this.#silence = undefined;
    if (this.#socket === undefined || !this.#options.isExpecting()) return;
    this.#silence = setTimeout(() => {
      this.#silence = undefined;
      if (this.#options.isExpecting()) this.drop();
    }, this.#times.silenceMs);
  }

  #resetBackoff(): void {
    this.#attempt = 0;
  }

  #close(): void {
    this.#clearTimers();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    clearTimeout(this.#silence);
    this.#silence = undefined;
  }

  #say(status: ConnectionStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}

/** The server is ours, so a frame is only checked for being one; a newer server's unknown types are let pass. */
function parseFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

const frameTypes = "welcome ack message partial delta turn typing state error".split(" ");

function isFrame(value: unknown): value is ServerFrame {
  return (
    typeof value === "object" && value !== null && "type" in value && frameTypes.includes(String(value.type))
  );
}
