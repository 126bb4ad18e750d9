/** Ollama over its native API: it lets us set `num_ctx` and says how many tokens it read. */
import { Ollama } from "ollama";
import { EgressDenied } from "../egress/fetch.ts";
import {
  type ChatEvent,
  type ChatProvider,
  type ChatRequest,
  type Fetch,
  type ProviderCheck,
  ProviderError,
} from "./provider.ts";

export interface OllamaOptions {
  readonly url: string;
  readonly fetch: Fetch;
}

/** Room for the instructions, ten passages, the history and the answer. Ollama's own default cuts silently far below. */
const contextTokens = 8192;

/** The client library's `fetch` with an abort signal on every request: the library can only abort all of them. */
export function ollamaClient(options: OllamaOptions, signal: AbortSignal): Ollama {
  const withSignal = (input: RequestInfo | URL, init?: RequestInit) => {
    const own = init?.signal;
    const both = own === undefined || own === null ? signal : AbortSignal.any([own, signal]);
    return options.fetch(input instanceof Request ? input.url : input, { ...init, signal: both });
  };
  return new Ollama({ host: options.url, fetch: withSignal as typeof fetch });
}

/** Names of the models that can chat (embedding models are left out). @throws ProviderError */
export async function listOllamaModels(options: OllamaOptions, signal: AbortSignal): Promise<string[]> {
  try {
    const { models } = await ollamaClient(options, signal).list();
    return models.filter((model) => !/embed|bge-|minilm/i.test(model.name)).map((model) => model.name);
  } catch (error) {
    throw ollamaError(error, options.url);
  }
}

export async function checkOllama(options: OllamaOptions, model: string | null): Promise<ProviderCheck> {
  const started = performance.now();
  const result = (ok: boolean, detail: string, models: readonly string[] = []): ProviderCheck => ({
    ok,
    detail,
    models,
    latencyMs: Math.round(performance.now() - started),
  });
  try {
    const models = await listOllamaModels(options, AbortSignal.timeout(10_000));
    if (models.length === 0)
      return result(
        false,
        `Ollama answers at ${options.url}, but has no chat model. Run \`ollama pull\` with a model's name on that machine.`,
      );
    if (model !== null && !models.some((name) => sameModel(name, model)))
      return result(
        false,
        `Ollama answers at ${options.url}, but has no model "${model}". It has: ${models.slice(0, 8).join(", ")}.`,
        models,
      );
    return result(
      true,
      `Ollama answers at ${options.url} with ${models.length} ${models.length === 1 ? "model" : "models"}.`,
      models,
    );
  } catch (error) {
    return result(false, error instanceof Error ? error.message : String(error));
  }
}

/** `llama3` and `llama3:latest` are one model. */
function sameModel(listed: string, wanted: string): boolean {
  return listed === wanted || listed === `${wanted}:latest`;
}

export class OllamaProvider implements ChatProvider {
  readonly id = "ollama";

  constructor(
    readonly options: OllamaOptions,
    readonly model: string,
  ) {}

  async *stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
    try {
      const parts = await ollamaClient(this.options, request.signal).chat({
        model: this.model,
        messages: request.messages.map((message) => ({ ...message })),
        stream: true,
        think: false,
        options: {
          num_ctx: contextTokens,
          num_predict: request.maxTokens,
          temperature: 0.2,
          stop: [...request.stop],
        },
      });
      let ended = false;
      for await (const part of parts) {
        if (part.message.content !== "") yield { type: "text", text: part.message.content };
        if (!part.done) continue;
        ended = true;
        const promptTokens = part.prompt_eval_count ?? 0;
        // A prompt that fills the context was cut at its beginning: instructions and first sources are gone.
        const truncated = part.done_reason === "length" || promptTokens >= contextTokens;
        yield { type: "end", usage: { promptTokens, completionTokens: part.eval_count ?? 0 }, truncated };
      }
      if (!ended)
        throw new ProviderError(`Ollama at ${this.options.url} broke off in the middle of the answer.`, true);
    } catch (error) {
      throw ollamaError(error, this.options.url);
    }
  }
}

/** The same for people. A text of the server's own is cut: it may be long. */
export function ollamaError(error: unknown, url: string): Error {
  if (error instanceof ProviderError) return error;
  if (error instanceof EgressDenied) return new ProviderError(error.message, false, { cause: error });
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const status = error instanceof Error && "status_code" in error ? Number(error.status_code) : 0;
  if (error instanceof Error && error.name === "TimeoutError")
    return new ProviderError(`Ollama at ${url} does not answer in time.`, true, { cause: error });
  if (status === 404)
    return new ProviderError(
      `Ollama at ${url} does not have this model: ${message}. Run \`ollama pull\` there.`,
      false,
      { cause: error },
    );
  if (status > 0)
    return new ProviderError(
      `Ollama at ${url} answers with an error (${status}): ${message}.`,
      status >= 500 || status === 429,
      { cause: error },
    );
  if (error instanceof Error && error.name === "AbortError") return error;
  if (error instanceof SyntaxError)
    return new ProviderError(
      `Something answers at ${url}, but not as Ollama does. Check the address.`,
      true,
      {
        cause: error,
      },
    );
  return new ProviderError(
    `No Ollama answers at ${url}. Is it running there, and may this server reach it? (${message})`,
    true,
    { cause: error },
  );
}
