/** People who write while the server is killed again and again, and who behave as their programs do: send again what was not acknowledged. */
import type { BinaryServer } from "../src/testing/binary.ts";
import { EventReader } from "../src/testing/event-stream.ts";
import { Visitor } from "../src/testing/visitor.ts";

let numbers = 0;

/** One message on its way. The tag stands in the question and in the answer to it. */
interface Outgoing {
  readonly tag: string;
  readonly text: string;
  readonly id: string;
}

export interface Acknowledged {
  readonly tag: string;
  /** The sequence number it was acknowledged with, where the protocol tells. */
  readonly seq?: number;
}

function newMessage(): Outgoing {
  numbers += 1;
  const tag = `#${numbers}#`;
  return { tag, text: `How long does delivery of order ${tag} take?`, id: `message-${numbers}` };
}

export interface Writer {
  readonly acknowledged: Acknowledged[];
  /** Sends what is open and `count` new messages; resolves when all are acknowledged or the server is gone. */
  write(server: BinaryServer, count: number): Promise<void>;
  /** After the server's end. */
  disconnect(): void;
}

/** Over the widget's WebSocket: a message that was not acknowledged is sent again with its `clientId`. */
export class WidgetWriter implements Writer {
  readonly acknowledged: Acknowledged[] = [];
  readonly #channel: string;
  #open: Outgoing[] = [];
  #token: string | undefined;
  #visitor: Visitor | undefined;

  constructor(channel: string) {
    this.#channel = channel;
  }

  async write(server: BinaryServer, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) this.#open.push(newMessage());
    const visitor = new Visitor(server.url, { channel: this.#channel });
    this.#visitor = visitor;
    if (!(await visitor.opened())) return;
    visitor.send({ type: "hello", ...(this.#token === undefined ? {} : { visitorToken: this.#token }) });
    for (const { id, text } of this.#open) visitor.send({ type: "send", clientId: id, text });
    while (!visitor.isClosed && visitor.all("ack").length < this.#open.length) await Bun.sleep(5);
    // The token counts from when there is something to come back to: its first message.
    if (visitor.all("ack").length > 0) this.#token ??= visitor.all("welcome")[0]?.visitorToken;
  }

  disconnect(): void {
    const acks = this.#visitor?.all("ack") ?? [];
    if (acks.length > 0) this.#token ??= this.#visitor?.all("welcome")[0]?.visitorToken;
    for (const { clientId, seq } of acks) {
      const sent = this.#open.find(({ id }) => id === clientId);
      if (sent !== undefined) this.acknowledged.push({ tag: sent.tag, seq });
    }
    this.#open = this.#open.filter(({ id }) => !acks.some(({ clientId }) => clientId === id));
    this.#visitor?.drop();
    this.#visitor = undefined;
  }
}

/** Over `POST /api/v1/chat` with an Idempotency-Key: `message-start` says that the message is kept. */
export class ApiWriter implements Writer {
  readonly acknowledged: Acknowledged[] = [];
  readonly #key: string;
  #open: Outgoing[] = [];
  #conversationId: string | undefined;
  #streams: EventReader[] = [];

  constructor(key: string) {
    this.#key = key;
  }

  async write(server: BinaryServer, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) this.#open.push(newMessage());
    while (this.#open[0] !== undefined && server.running)
      if (!(await this.#sendOne(server, this.#open[0]))) return;
  }

  async #sendOne(server: BinaryServer, message: Outgoing): Promise<boolean> {
    const conversation = this.#conversationId === undefined ? {} : { conversationId: this.#conversationId };
    try {
      const response = await server.api(
        this.#key,
        "POST",
        "/api/v1/chat",
        { message: message.text, stream: true, ...conversation },
        { "idempotency-key": message.id },
      );
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
      const stream = new EventReader(response);
      this.#streams.push(stream);
      while (stream.of("message-start").length === 0 && !stream.ended) await Bun.sleep(2);
      const start = stream.of("message-start")[0];
      if (start === undefined) return false;
      this.#conversationId = String(start.data.conversationId);
      this.acknowledged.push({ tag: message.tag });
      this.#open.shift();
      return true;
    } catch (error) {
      if (server.running && error instanceof Error && /^\d{3} /.test(error.message)) throw error;
      return false;
    }
  }

  disconnect(): void {
    this.#streams = [];
  }
}
