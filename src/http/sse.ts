/** Server-sent events over a plain response. */

export interface EventSink {
  send(event: string, data: unknown): void;
  close(): void;
  /** Runs once, when either side ended. */
  onClose(effect: () => void): void;
  readonly signal: AbortSignal;
}

const pingMs = 8_000;
/** A reader that lets this much pile up is cut off; it comes back and asks since its last number. */
const maxQueued = 4 * 1024 * 1024;

/** Starts a stream and hands its sink to `start`, which must not throw. It ends when `stillAllowed` says no. */
export function eventStream(
  { request, stillAllowed }: { request: Request; stillAllowed: () => boolean },
  start: (sink: EventSink) => void,
): Response {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  const effects: (() => void)[] = [];
  const finish = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    for (const effect of effects) effect();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          if (ended.signal.aborted) return;
          if ((controller.desiredSize ?? 0) < -maxQueued) {
            finish();
            controller.error(new Error("the reader is too slow"));
            return;
          }
          controller.enqueue(encoder.encode(text));
        };
        const close = () => {
          if (ended.signal.aborted) return;
          finish();
          controller.close();
        };
        const ping = setInterval(() => {
          if (stillAllowed()) write(": ping\n\n");
          else close();
        }, pingMs);
        effects.push(() => clearInterval(ping));
        request.signal.addEventListener("abort", finish, { once: true });
        start({
          send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
          close,
          onClose: (effect) => void effects.push(effect),
          signal: ended.signal,
        });
      },
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 64 * 1024 }),
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
