/** A visitor of a web site: a real WebSocket that speaks the widget's frames. */
import type { ClientFrame, ServerFrame, VisitorMessage } from "../live/frames.ts";
import { until } from "./until.ts";

export interface VisitorOptions {
  readonly channel: string;
  /** The page's origin; the server's own by default, null: none is sent. */
  readonly origin?: string | null;
}

/** Bun's own WebSocket takes headers and can be cut off; the DOM's type, which the front ends need, hides that. */
const BunWebSocket = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string> },
) => WebSocket & { terminate(): void };

type FrameOf<T extends ServerFrame["type"]> = Extract<ServerFrame, { type: T }>;

export class Visitor implements Disposable {
  /** Everything that came, in order. */
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  isClosed = false;
  readonly #socket: InstanceType<typeof BunWebSocket>;
  readonly #open: Promise<boolean>;

  constructor(url: string, options: VisitorOptions) {
    const origin = options.origin === undefined ? url : options.origin;
    const address = `${url.replace(/^http/, "ws")}/widget/v1/live?channel=${encodeURIComponent(options.channel)}`;
    this.#socket = new BunWebSocket(address, { headers: origin === null ? {} : { origin } });
    this.#open = new Promise((resolve) => {
      this.#socket.addEventListener("open", () => resolve(true), { once: true });
      this.#socket.addEventListener("close", () => resolve(false), { once: true });
    });
    this.closed = new Promise((resolve) => {
      this.#socket.addEventListener("close", ({ code, reason }) => {
        this.isClosed = true;
        resolve({ code, reason });
      });
    });
    this.#socket.addEventListener("message", ({ data }) => {
      this.frames.push(JSON.parse(String(data)) as ServerFrame);
    });
  }

  /** False when the server refused the connection. */
  opened(): Promise<boolean> {
    return this.#open;
  }

  send(frame: ClientFrame | Readonly<Record<string, unknown>>): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** Says hello. @returns the welcome */
  async hello(known: { visitorToken?: string; after?: number } = {}): Promise<FrameOf<"welcome">> {
    await this.#open;
    this.send({ type: "hello", ...known });
    return this.next("welcome");
  }

  /** Sends a message. @returns its sequence number once the server has it */
  async say(text: string, clientId: string = crypto.randomUUID()): Promise<number> {
    this.send({ type: "send", clientId, text });
    const ack = await this.next("ack", (frame) => frame.clientId === clientId);
    return ack.seq;
  }

  /** The first frame of a type that fits, of those that came or will come. */
  next<T extends ServerFrame["type"]>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
    timeoutMs = 20_000,
  ): Promise<FrameOf<T>> {
    return until(
      () => this.all(type).find(fits),
      `a frame "${type}"; the last were ${JSON.stringify(this.frames.slice(-5))}`,
      timeoutMs,
    ) as Promise<FrameOf<T>>;
  }

  /** The first message that fits. */
  async message(fits: (message: VisitorMessage) => boolean, timeoutMs = 20_000): Promise<VisitorMessage> {
    return (await this.next("message", (frame) => fits(frame.message), timeoutMs)).message;
  }

  all<T extends ServerFrame["type"]>(type: T): FrameOf<T>[] {
    return this.frames.filter((frame): frame is FrameOf<T> => frame.type === type);
  }

  /** The text of the answer as it has grown so far out of partials and deltas. */
  streamed(turnId?: string): string {
    let text = "";
    for (const frame of this.frames) {
      if (frame.type !== "partial" && frame.type !== "delta") continue;
      if (turnId !== undefined && frame.turnId !== turnId) continue;
      text = frame.type === "partial" ? frame.text : text + frame.text;
    }
    return text;
  }

  close(): void {
    this.#socket.close();
  }

  /** Cuts the connection without saying goodbye. */
  drop(): void {
    this.#socket.terminate();
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
