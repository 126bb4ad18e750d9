import { describe, expect, test } from "bun:test";
import { createSseDecoder, readEvents, type SseEvent } from "./sse.ts";

const expected: readonly SseEvent[] = [
  { event: "message-start", data: '{"turnId":"1"}' },
  { event: "text-delta", data: '{"text":"Grüße, 你好 🌍"}' },
  { event: "message", data: "first\nsecond" },
  { event: "message-end", data: "{}" },
];

function stream(newline: string): Uint8Array {
  const lines = [
    ": a comment",
    "event: message-start",
    'data: {"turnId":"1"}',
    "",
    "id: 7",
    "event:text-delta",
    'data: {"text":"Grüße, 你好 🌍"}',
    "",
    "data: first",
    "data: second",
    "",
    "event: message-end",
    "data: {}",
    "",
    "",
  ];
  return new TextEncoder().encode(lines.join(newline));
}

function decode(chunks: readonly Uint8Array[]): SseEvent[] {
  const decoder = createSseDecoder();
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

describe("the event stream decoder", () => {
  for (const [name, newline] of [
    ["LF", "\n"],
    ["CRLF", "\r\n"],
  ] as const) {
    test(`gives the same events wherever the bytes are split in two (${name})`, () => {
      const bytes = stream(newline);
      for (let at = 0; at <= bytes.length; at++) {
        expect(decode([bytes.subarray(0, at), bytes.subarray(at)])).toEqual([...expected]);
      }
    });

    test(`gives the same events byte by byte (${name})`, () => {
      const bytes = stream(newline);
      expect(decode([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual([...expected]);
    });
  }

  test("drops an event that the stream never finished", () => {
    expect(decode([new TextEncoder().encode('event: text-delta\ndata: {"text":"half')])).toEqual([]);
  });

  test("cancels the body when the reader leaves early", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(stream("\n")),
      cancel: () => {
        cancelled = true;
      },
    });
    for await (const event of readEvents(body)) {
      expect(event.event).toBe("message-start");
      break;
    }
    expect(cancelled).toBe(true);
  });
});
