import { createParser, type EventSourceMessage } from "eventsource-parser";

export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

export interface SseDecoder {
  /** Events that became whole with these bytes; a chunk may end anywhere, inside a character too. */
  push(bytes: Uint8Array): readonly SseEvent[];
}

export function createSseDecoder(): SseDecoder {
  let ready: SseEvent[] = [];
  const text = new TextDecoder();
  const parser = createParser({
    onEvent(event: EventSourceMessage) {
      ready.push({ event: event.event ?? "message", data: event.data });
    },
  });
  return {
    push(bytes) {
      ready = [];
      parser.feed(text.decode(bytes, { stream: true }));
      return ready;
    },
  };
}

/** Yields the events of a `text/event-stream` body. Leaving the loop cancels the request behind it. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<SseEvent> {
  const reader = body.getReader();
  const decoder = createSseDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* decoder.push(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
