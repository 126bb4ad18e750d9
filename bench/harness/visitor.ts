/** A visitor of the widget: its WebSocket, its frames. */
import { z } from "zod";

const frame = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("welcome") }),
  z.looseObject({ type: z.literal("ack") }),
  z.looseObject({ type: z.literal("turn") }),
  z.looseObject({ type: z.literal("state") }),
  z.looseObject({ type: z.literal("typing") }),
  z.looseObject({ type: z.literal("partial") }),
  z.looseObject({ type: z.literal("delta"), text: z.string() }),
  z.looseObject({ type: z.literal("error"), code: z.string(), message: z.string() }),
  z.looseObject({
    type: z.literal("message"),
    message: z.looseObject({
      id: z.string(),
      author: z.looseObject({ kind: z.string() }),
      action: z.string().optional(),
    }),
  }),
]);
type Frame = z.infer<typeof frame>;

export interface VisitorTurn {
  /** From sending to the first piece of the answer; null when none came. */
  readonly firstMs: number | null;
  /** From sending to the whole answer. */
  readonly wholeMs: number;
  readonly action: string | undefined;
}

export class Visitor implements Disposable {
  readonly #socket: WebSocket;
  #listen: (frame: Frame) => void = () => undefined;
  /** Messages seen before: one comes again when its delivery is noted. */
  readonly #seen = new Set<string>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<unknown>) =>
      this.#listen(frame.parse(JSON.parse(String(data))));
  }

  /** Connects and says hello. */
  static async connect(serverUrl: string, publicKey: string): Promise<Visitor> {
    const url = `${serverUrl.replace("http", "ws")}/widget/v1/live?channel=${publicKey}`;
    // Bun's WebSocket takes headers, which a page's own cannot set and whose types do not know them.
    const socket: WebSocket = Reflect.construct(WebSocket, [url, { headers: { origin: serverUrl } }]);
    const visitor = new Visitor(socket);
    const welcome = visitor.#until((item) => item.type === "welcome");
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello" }));
    await welcome;
    return visitor;
  }

  async ask(text: string): Promise<VisitorTurn> {
    const started = performance.now();
    let firstMs: number | null = null;
    const answer = this.#until((item) => {
      if (item.type === "error") throw new Error(`${item.code}: ${item.message}`);
      if (item.type === "delta") firstMs ??= performance.now() - started;
      if (item.type !== "message" || this.#seen.has(item.message.id)) return false;
      this.#seen.add(item.message.id);
      return item.message.author.kind === "assistant";
    });
    this.#socket.send(JSON.stringify({ type: "send", clientId: crypto.randomUUID(), text }));
    const found = await answer;
    const action = found.type === "message" ? found.message.action : undefined;
    return { firstMs, wholeMs: performance.now() - started, action };
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #until(test: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve, reject) => {
      this.#socket.onclose = ({ code, reason }) =>
        reject(new Error(`the socket was closed: ${code} ${reason}`));
      this.#listen = (item) => {
        try {
          if (test(item)) resolve(item);
        } catch (error) {
          reject(error);
        }
      };
    });
  }
}
