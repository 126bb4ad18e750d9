/** Any server that speaks OpenAI's chat completions protocol. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { EgressDenied } from "../egress/fetch.ts";
import {
  type ChatEvent,
  type ChatProvider,
  type ChatRequest,
  type ChatUsage,
  type Fetch,
  type ProviderCheck,
  ProviderError,
} from "./provider.ts";

export interface OpenAiCompatibleOptions {
  /** Base address, with or without `/v1` and a trailing slash. */
  readonly url: string;
  readonly key: string | null;
  readonly fetch: Fetch;
}

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z.object({ content: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .default([]),
  usage: z
    .object({ prompt_tokens: z.number().default(0), completion_tokens: z.number().default(0) })
    .nullish(),
  error: z.object({ message: z.string() }).nullish(),
});

const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

export function openAiAddress(options: OpenAiCompatibleOptions, path: string): string {
  const url = new URL(options.url);
  const base = url.pathname.replace(/\/+$/, "");
  url.pathname = `${/\/v\d+[a-z]*$/.test(base) ? base : `${base}/v1`}/${path}`;
  // What stands behind ? or # would otherwise take the path's place.
  url.search = "";
  url.hash = "";
  return url.href;
}

export function openAiHeaders(options: OpenAiCompatibleOptions): Record<string, string> {
  return options.key === null ? {} : { authorization: `Bearer ${options.key}` };
}

export async function checkOpenAiCompatible(
  options: OpenAiCompatibleOptions,
  model: string | null,
): Promise<ProviderCheck> {
  const started = performance.now();
  const result = (ok: boolean, detail: string, models: readonly string[] = []): ProviderCheck => ({
    ok,
    detail,
    models,
    latencyMs: Math.round(performance.now() - started),
  });
  try {
    const response = await options.fetch(openAiAddress(options, "models"), {
      headers: openAiHeaders(options),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw await openAiFailure(response, options);
    const body = modelsSchema.safeParse(await response.json());
    if (!body.success)
      return result(
        false,
        `Something answers at ${options.url}, but not as OpenAI's protocol wants it. Check the address.`,
      );
    const models = body.data.data.map((item) => item.id);
    if (model === null) return result(false, `The server answers at ${options.url}. Choose a model.`, models);
    if (models.length > 0 && !models.includes(model))
      return result(false, `The server at ${options.url} does not list a model "${model}".`, models);
    return result(true, `The server answers at ${options.url} with the model ${model}.`, models);
  } catch (error) {
    return result(false, openAiError(error, options.url).message);
  }
}

export class OpenAiCompatibleProvider implements ChatProvider {
  readonly id = "openai-compatible";

  constructor(
    readonly options: OpenAiCompatibleOptions,
    readonly model: string,
  ) {}

  async *stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    try {
      const response = await this.options.fetch(openAiAddress(this.options, "chat/completions"), {
        method: "POST",
        headers: {
          ...openAiHeaders(this.options),
          "content-type": "application/json",
          accept: "text/event-stream",
        },
        body: JSON.stringify({
          model: this.model,
          messages: request.messages,
          stream: true,
          stream_options: { include_usage: true },
          max_tokens: request.maxTokens,
          ...(request.stop.length > 0 ? { stop: request.stop } : {}),
          temperature: 0.2,
        }),
        signal: request.signal,
      });
      if (!response.ok || response.body === null) throw await openAiFailure(response, this.options);
      yield* this.#events(response.body);
    } catch (error) {
      throw openAiError(error, this.options.url);
    }
  }

  async *#events(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatEvent> {
    let usage: ChatUsage = { promptTokens: 0, completionTokens: 0 };
    let finish: string | null = null;
    // The DOM's typings let a decoder take any buffer source, which a stream of Uint8Array is not allowed to pipe into.
    const text = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>);
    for await (const event of text.pipeThrough(new EventSourceParserStream())) {
      if (event.data === "[DONE]") break;
      const chunk = chunkSchema.safeParse(JSON.parse(event.data));
      if (!chunk.success) continue;
      if (chunk.data.error != null)
        throw new ProviderError(`The model's server reports: ${chunk.data.error.message}`, true);
      const counted = chunk.data.usage;
      if (counted != null)
        usage = { promptTokens: counted.prompt_tokens, completionTokens: counted.completion_tokens };
      const choice = chunk.data.choices[0];
      if (choice?.delta?.content) yield { type: "text", text: choice.delta.content };
      if (choice?.finish_reason != null) finish = choice.finish_reason;
    }
    if (finish === null)
      throw new ProviderError(
        `The server at ${this.options.url} broke off in the middle of the answer.`,
        true,
      );
    yield { type: "end", usage, truncated: finish === "length" };
  }
}

/** What a refusal means, for people. Servers repeat what they were sent: the key is taken out of their words. */
export async function openAiFailure(
  response: Response,
  { url, key }: OpenAiCompatibleOptions,
): Promise<ProviderError> {
  const body = await response.text().catch(() => "");
  const text = (key === null ? body : body.replaceAll(key, "…")).slice(0, 300);
  const { status } = response;
  if (status === 401 || status === 403)
    return new ProviderError(`The server at ${url} refuses the key (${status}). Replace the key.`, false);
  if (status === 404)
    return new ProviderError(
      `The server at ${url} does not know this address or model (404). Check both. ${text}`,
      false,
    );
  if (status === 429)
    return new ProviderError(
      `The server at ${url} says that it gets too many requests or that the credit is used up (429).`,
      true,
    );
  return new ProviderError(`The server at ${url} answers with an error (${status}). ${text}`, status >= 500);
}

/** What went wrong, for people. */
export function openAiError(error: unknown, url: string): Error {
  if (error instanceof ProviderError) return error;
  if (error instanceof EgressDenied) return new ProviderError(error.message, false, { cause: error });
  if (error instanceof Error && error.name === "AbortError") return error;
  if (error instanceof Error && error.name === "TimeoutError")
    return new ProviderError(`Nothing answers at ${url} in time.`, true, { cause: error });
  if (error instanceof SyntaxError)
    return new ProviderError(`The server at ${url} sent something that is not JSON.`, true, { cause: error });
  return new ProviderError(
    `Nothing answers at ${url}. Is the address right, and may this server reach it? (${error instanceof Error ? error.message : String(error)})`,
    true,
    { cause: error },
  );
}
