/** Reads server-sent events of a response as they come. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { until } from "./until.ts";

export interface ReceivedEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class EventReader implements AsyncDisposable {
  readonly events: ReceivedEvent[] = [];
  ended = false;
  readonly #reader: ReadableStreamDefaultReader<{ event?: string | undefined; data: string }>;

  constructor(response: Response) {
    if (response.body === null) throw new Error("the response has no body");
    const text = response.body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
    this.#reader = text.pipeThrough(new EventSourceParserStream()).getReader();
    void this.#read();
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        const data = JSON.parse(value.data) as Readonly<Record<string, unknown>>;
        this.events.push({ event: value.event ?? "message", data });
      }
    } catch {
      // Cut off by either side: `ended` says so.
    }
    this.ended = true;
  }

  of(event: string): ReceivedEvent[] {
    return this.events.filter((item) => item.event === event);
  }

  /** The first event of a name, of those that came or will come. */
  next(event: string, timeoutMs = 20_000): Promise<ReceivedEvent> {
    return until(
      () => this.of(event)[0],
      `an event "${event}"; there were ${JSON.stringify(this.events)}`,
      timeoutMs,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
