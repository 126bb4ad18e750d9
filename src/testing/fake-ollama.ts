/**
 * A server that speaks Ollama's native protocol (newline-delimited JSON, shapes recorded from Ollama 0.6) with answers
 * made by the test: only the outside world is faked, and only by a real HTTP server.
 */
import { type FakeEmbedder, vectorsOf } from "./fake-vectors.ts";

export interface FakeOllamaOptions {
  readonly models?: readonly string[];
  /** The answer to a chat; by default the first source's first words, cited. */
  readonly answer?: (messages: readonly { role: string; content: string }[]) => string;
  /** The answer cut as the model sends it; by default after every word. */
  readonly pieces?: (messages: readonly { role: string; content: string }[]) => readonly string[];
  /** Waited for before the piece of that index is sent: lets a test hold the model in the middle. */
  readonly before?: (index: number) => Promise<void> | void;
  /** Milliseconds before the first and between further pieces of an answer. */
  readonly delayMs?: number;
  /** Status to answer chats with instead, e.g. 500. */
  readonly failWith?: number;
  /** Break off after this many pieces. */
  readonly breakAfter?: number;
  /** Gives vectors too. */
  readonly embedder?: FakeEmbedder;
  readonly port?: number;
}

export interface FakeOllama extends Disposable {
  readonly url: string;
  /** Chats that were asked for, in order. */
  readonly chats: {
    readonly model: string;
    readonly messages: readonly { role: string; content: string }[];
    readonly options: Readonly<Record<string, unknown>>;
  }[];
  /** How many of them were ended by the caller before their end. */
  aborted: number;
  /** Pieces sent so far, over all chats. */
  sent: number;
  /** Texts of each request for vectors, in order. */
  readonly embeds: (readonly string[])[];
  /** Answers that were sent to their end. */
  finished: number;
  readonly options: { -readonly [Name in keyof FakeOllamaOptions]: FakeOllamaOptions[Name] };
}

function citeFirstSource(messages: readonly { role: string; content: string }[]): string {
  const question = messages.at(-1)?.content ?? "";
  const source = /<source number="1"[^>]*>\n([\s\S]*?)\n<\/source>/.exec(question)?.[1] ?? "nothing";
  return `${source.split(/(?<=[.!?])\s/)[0]?.replaceAll("\n", " ") ?? ""} [1]`;
}

export function startFakeOllama(initial: FakeOllamaOptions = {}): FakeOllama {
  const options = { ...initial };
  const fake = {
    chats: [] as FakeOllama["chats"],
    embeds: [] as (readonly string[])[],
    aborted: 0,
    sent: 0,
    finished: 0,
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: options.port ?? 0,
    idleTimeout: 120,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/version") return Response.json({ version: "0.6.4" });
      if (pathname === "/api/tags")
        return Response.json({
          models: (options.models ?? ["test-model:latest"]).map((name) => ({
            name,
            model: name,
            modified_at: "2026-01-01T00:00:00Z",
            size: 1,
            digest: "0",
            details: {},
          })),
        });
      if (pathname === "/api/embed") return embed(request, options.embedder, fake.embeds);
      if (pathname !== "/api/chat") return Response.json({ error: "not found" }, { status: 404 });
      const body = (await request.json()) as FakeOllama["chats"][number];
      fake.chats.push(body);
      if (options.failWith !== undefined)
        return Response.json({ error: "the model failed" }, { status: options.failWith });
      return new Response(chatStream(request, body, options, fake), {
        headers: { "content-type": "application/x-ndjson" },
      });
    },
  });
  return Object.assign(fake, {
    url: `http://127.0.0.1:${server.port}`,
    options,
    [Symbol.dispose]: () => void server.stop(true),
  });
}

async function embed(
  request: Request,
  embedder: FakeEmbedder | undefined,
  embeds: (readonly string[])[],
): Promise<Response> {
  const { model, input } = (await request.json()) as { model: string; input: string | string[] };
  const texts = [input].flat();
  embeds.push(texts);
  await embedder?.before?.();
  if (embedder?.failWith !== undefined)
    return Response.json(
      { error: "the model failed" },
      {
        status: embedder.failWith,
        headers: embedder.retryAfter === undefined ? {} : { "retry-after": embedder.retryAfter },
      },
    );
  if (embedder === undefined || !embedder.models.includes(model))
    return Response.json({ error: `model "${model}" not found, try pulling it first` }, { status: 404 });
  if (embedder.body !== undefined)
    return new Response(embedder.body, { headers: { "content-type": "application/json" } });
  const embeddings = vectorsOf(embedder, texts);
  return Response.json({ model, embeddings, total_duration: 1, load_duration: 1, prompt_eval_count: 8 });
}

/** Resolves when the caller has gone. */
function endOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function chatStream(
  request: Request,
  body: FakeOllama["chats"][number],
  options: FakeOllamaOptions,
  fake: { aborted: number; sent: number; finished: number },
): ReadableStream {
  const text = (options.answer ?? citeFirstSource)(body.messages);
  const pieces = options.pieces?.(body.messages) ?? text.match(/\S+\s*/g) ?? [];
  const encoder = new TextEncoder();
  const line = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`);
  const part = (content: string) => ({
    model: body.model,
    created_at: "2026-01-01T00:00:00Z",
    message: { role: "assistant", content },
    done: false,
  });
  const end = {
    ...part(""),
    done: true,
    done_reason: "stop",
    total_duration: 1,
    load_duration: 1,
    prompt_eval_count: 100,
    prompt_eval_duration: 1,
    eval_count: pieces.length,
    eval_duration: 1,
  };
  return new ReadableStream({
    async start(controller) {
      try {
        for (const [index, piece] of pieces.entries()) {
          if (options.delayMs !== undefined) await Bun.sleep(options.delayMs);
          if (options.before !== undefined)
            await Promise.race([options.before(index), endOf(request.signal)]);
          if (request.signal.aborted) {
            fake.aborted += 1;
            return;
          }
          if (index === options.breakAfter) {
            controller.error(new Error("broken off"));
            return;
          }
          controller.enqueue(line(part(piece)));
          fake.sent += 1;
        }
        controller.enqueue(line(end));
        controller.close();
        fake.finished += 1;
      } catch {
        fake.aborted += 1;
      }
    },
  });
}
