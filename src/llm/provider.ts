/** The one interface of a chat model's provider. */

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly signal: AbortSignal;
  /** Tokens of the answer at most. */
  readonly maxTokens: number;
  /** Texts that end the answer when the model writes them; they are not part of it. */
  readonly stop: readonly string[];
}

export interface ChatUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type ChatEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "end"; readonly usage: ChatUsage; readonly truncated: boolean };

export interface ProviderCheck {
  readonly ok: boolean;
  /** What is right or wrong and what to do, in plain words. */
  readonly detail: string;
  readonly models: readonly string[];
  readonly latencyMs: number;
}

export interface ChatProvider {
  readonly id: "ollama" | "openai-compatible";
  readonly model: string;
  /** Streams the answer and ends with exactly one "end". Leaving the loop ends the request. @throws ProviderError */
  stream(request: ChatRequest): AsyncIterable<ChatEvent>;
}

/** `retryable`: the same request may work a little later. The message is for the owner of the assistant. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  constructor(
    message: string,
    readonly retryable: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export interface EmbedRequest {
  readonly model: string;
  readonly texts: readonly string[];
  /** Length that the vectors must have; null: not known yet. */
  readonly dims: number | null;
  readonly signal: AbortSignal;
}

/** A server that turns texts into vectors. */
export interface EmbeddingServer {
  /** For messages and as its name: where it is. */
  readonly url: string;
  /** One vector a text, L2-normalised. @throws ProviderError, EmbeddingError; the signal's reason when it is aborted */
  embed(request: EmbedRequest): Promise<Float32Array[]>;
}

export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;
