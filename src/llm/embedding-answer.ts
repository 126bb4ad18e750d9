/** What a server of embeddings may answer with, and how that is read: bounded, and nothing taken on trust. */
import { retryAfterMs } from "../egress/retry-after.ts";
import type { EmbedRequest, Fetch } from "./provider.ts";
import { ProviderError } from "./provider.ts";

/** Numbers that one request may ask for: their JSON is read in 1 ms, and holds the main thread no longer than that. */
export const floatsPerRequest = 16_384;
/** Longest vectors that are taken. */
export const mostDims = 4_096;
/** Room for a number in any notation, with an indented line of its own. */
const bytesPerNumber = 40;
const otherBytes = 16_384;
const longestWaitMs = 15 * 60_000;

/** What an embedding request failed with, beyond the words of `ProviderError`. */
export class EmbeddingError extends ProviderError {
  constructor(
    message: string,
    retryable: boolean,
    readonly details: {
      readonly cause?: unknown;
      /** The server says when to come back, in milliseconds from now. */
      readonly retryAfterMs?: number;
      /** A text has more tokens than the model takes. */
      readonly tooLong?: boolean;
      /** Nothing came in time. */
      readonly timedOut?: boolean;
    } = {},
  ) {
    super(message, retryable, { cause: details.cause });
  }
}

export interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

/**
 * `fetch` that reads the whole answer before it hands it on, and no more than an answer to this request can have.
 * @param seen told of each answer's status. @throws EmbeddingError when the answer is larger than any that makes sense
 */
export function boundedFetch(
  fetch: Fetch,
  url: string,
  request: EmbedRequest,
  seen: (answer: Answer) => void,
): Fetch {
  const floats = request.texts.length * (request.dims ?? mostDims);
  const maxBytes = floats * bytesPerNumber + otherBytes;
  return async (input, init) => {
    const response = await fetch(input, init);
    seen({ status: response.status, retryAfterMs: retryAfter(response) });
    const body = await readWhole(response, maxBytes);
    if (body === null || brackets(body) > 64 + 8 * request.texts.length)
      throw new EmbeddingError(`The server at ${url} sends something else than vectors.`, false);
    const type = response.headers.get("content-type");
    return new Response(body, {
      status: response.status,
      headers: type === null ? {} : { "content-type": type },
    });
  };
}

/** @returns null when there is more than `maxBytes` */
async function readWhole(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    // Leaving the loop ends the request.
    if (size > maxBytes) return null;
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Lists and objects that a JSON text can have at most: parsing deep nesting takes fifty times as long as its length. */
function brackets(body: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < body.length; at += 1) if (body[at] === 0x5b || body[at] === 0x7b) count += 1;
  return count;
}

function retryAfter(response: Response): number | undefined {
  const ms = retryAfterMs(response);
  return ms === undefined ? undefined : Math.min(ms, longestWaitMs);
}

/** @param lists the vectors as the server sent them, in the order of the texts. @throws EmbeddingError */
export function checkedVectors(
  lists: readonly unknown[],
  request: EmbedRequest,
  url: string,
): Float32Array[] {
  const wrong = (what: string) =>
    new EmbeddingError(
      `The server at ${url} gives no usable vectors with the model "${request.model}": ${what}.`,
      false,
    );
  if (lists.length !== request.texts.length)
    throw wrong(`${lists.length} came for ${request.texts.length} texts`);
  const first = lists[0];
  const dims = request.dims ?? (Array.isArray(first) ? first.length : 0);
  if (dims > mostDims) throw wrong(`they have ${dims} dimensions, and more than ${mostDims} cannot be used`);
  return lists.map((list) => {
    if (!Array.isArray(list) || list.length === 0) throw wrong("one of them is no list of numbers");
    if (list.length !== dims) throw wrong(`one has ${list.length} dimensions instead of ${dims}`);
    return normalised(list) ?? wrongNumbers(wrong);
  });
}

function wrongNumbers(wrong: (what: string) => Error): never {
  throw wrong("one of them has values that are no numbers, or nothing but zeros");
}

/** Far beyond any model's, and far from what a 32-bit number cannot hold. */
const mostValue = 1e15;
const leastLength = 1e-12;

/** Of length 1; null when that cannot be. */
function normalised(list: readonly unknown[]): Float32Array | null {
  const vector = new Float32Array(list.length);
  let squares = 0;
  for (const [index, value] of list.entries()) {
    if (typeof value !== "number" || !(Math.abs(value) < mostValue)) return null;
    vector[index] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  if (length < leastLength) return null;
  return vector.map((value) => value / length);
}

/** In what servers write when a text has more tokens than the model takes. */
const tooLongWords =
  /context (?:length|size|window)|too (?:long|large|many tokens)|max(?:imum)?[\w ]{0,20}(?:tokens|length)|less than \d+ tokens|tokens? limit/i;

/**
 * What a failed request means.
 * @param error as the provider's own code words it
 */
export function embeddingError(error: Error, answer: Answer | null): Error {
  if (error instanceof EmbeddingError || !(error instanceof ProviderError)) return error;
  const status = answer?.status ?? 0;
  const tooLong = status === 413 || (status >= 400 && status < 600 && tooLongWords.test(error.message));
  const { retryAfterMs } = answer ?? {};
  return new EmbeddingError(error.message, error.retryable || status === 408 || status === 425, {
    cause: error,
    tooLong,
    timedOut: error.cause instanceof Error && error.cause.name === "TimeoutError",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
