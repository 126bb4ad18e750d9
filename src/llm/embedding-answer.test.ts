import { expect, test } from "bun:test";
import { boundedFetch, checkedVectors, EmbeddingError, embeddingError } from "./embedding-answer.ts";
import { type EmbedRequest, ProviderError } from "./provider.ts";

const request: EmbedRequest = {
  model: "m",
  texts: ["one", "two"],
  dims: 2,
  signal: new AbortController().signal,
};
const failed = (status: number, message: string, retryAfterMs?: number) =>
  embeddingError(new ProviderError(message, status >= 500), { status, retryAfterMs });

test("vectors are of length 1 whatever length they came with", () => {
  const [a, b] = checkedVectors(
    [
      [3, 4],
      [-2e9, 0],
    ],
    request,
    "http://x",
  );
  expect([...(a ?? [])]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  expect([...(b ?? [])]).toEqual([-1, 0]);
});

test.each([
  [[[1, 2]]],
  [[[1, 2], "1,2"]],
  [
    [
      [1, 2],
      [1, 2, 3],
    ],
  ],
  [
    [
      [1, 2],
      [0, 0],
    ],
  ],
  [
    [
      [1, 2],
      [1, null],
    ],
  ],
  [
    [
      [1, 2],
      [1, 1e300],
    ],
  ],
  [[[1, 2], []]],
])("%j is refused", (lists) => {
  expect(() => checkedVectors(lists, request, "http://x")).toThrow(EmbeddingError);
});

// As Ollama, OpenAI, Hugging Face's server and llama.cpp word it.
test.each([
  [400, "the input length exceeds the context length"],
  [400, "This model's maximum context length is 8192 tokens, however you requested 9000 tokens"],
  [413, "Input validation error: `inputs` must have less than 512 tokens. Given: 1041"],
  [500, "input is too large to process. increase the physical batch size"],
])("%p %p means that a text is too long", (status, message) => {
  expect(failed(status, message)).toMatchObject({ details: { tooLong: true } });
});

test.each([
  [401, "Incorrect API key provided"],
  [404, 'model "m" not found, try pulling it first'],
  [429, "Rate limit reached for requests per min"],
  [503, "The server is overloaded"],
])("%p %p does not", (status, message) => {
  expect(failed(status, message)).toMatchObject({ details: { tooLong: false } });
});

const fetching = (response: () => Response) => {
  const seen: unknown[] = [];
  const fetch = boundedFetch(
    async () => response(),
    "http://x",
    request,
    (answer) => void seen.push(answer),
  );
  return { fetch, seen };
};

test("an answer is handed on whole when it is of a size that makes sense, and left when it is not", async () => {
  const { fetch } = fetching(() => new Response('{"embeddings":[[1,2],[3,4]]}'));
  expect(await (await fetch("http://x")).json()).toEqual({
    embeddings: [
      [1, 2],
      [3, 4],
    ],
  });
  const large = fetching(() => new Response(" ".repeat(20_000)));
  await expect(large.fetch("http://x")).rejects.toThrow(EmbeddingError);
  const nested = fetching(() => new Response("[".repeat(200)));
  await expect(nested.fetch("http://x")).rejects.toThrow(EmbeddingError);
});

test.each([
  ["7", 7_000],
  ["999999", 900_000],
  ["Thu, 01 Jan 2026 00:00:00 GMT", 0],
  ["soon", undefined],
])("Retry-After %p is a wait of %p ms", async (value, ms) => {
  const { fetch, seen } = fetching(
    () => new Response("{}", { status: 429, headers: { "retry-after": value } }),
  );
  await fetch("http://x");
  expect(seen).toEqual([{ status: 429, retryAfterMs: ms }]);
});
