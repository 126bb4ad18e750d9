/**
 * A server that speaks OpenAI's protocol as far as vectors go (`/v1/embeddings`, `/v1/models`; shapes of the public API
 * reference): only the outside world is faked, and only by a real HTTP server.
 */
import { type FakeEmbedder, vectorsOf } from "./fake-vectors.ts";

export interface FakeOpenAi extends Disposable {
  readonly url: string;
  readonly embedder: FakeEmbedder;
  /** Key that is asked for; null: none. */
  key: string | null;
  /** Texts of each request for vectors that was let in, in order. */
  readonly requests: (readonly string[])[];
}

export function startFakeOpenAi(initial: Partial<FakeEmbedder> = {}, port = 0): FakeOpenAi {
  const embedder: FakeEmbedder = { models: ["text-embedding-test"], dims: 256, ...initial };
  const fake = { embedder, key: null as string | null, requests: [] as (readonly string[])[] };
  const problem = (status: number, message: string, code: string, headers = {}) =>
    Response.json(
      { error: { message, type: "invalid_request_error", param: null, code } },
      { status, headers },
    );
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const given = request.headers.get("authorization");
      if (fake.key !== null && given !== `Bearer ${fake.key}`)
        return problem(401, `Incorrect API key provided: ${given}`, "invalid_api_key");
      if (pathname === "/v1/models")
        return Response.json({
          object: "list",
          data: embedder.models.map((id) => ({ id, object: "model", created: 1, owned_by: "test" })),
        });
      if (pathname !== "/v1/embeddings") return problem(404, "Unknown request URL", "unknown_url");
      const { model, input } = (await request.json()) as { model: string; input: string[] };
      fake.requests.push(input);
      await embedder.before?.();
      if (embedder.failWith !== undefined)
        return problem(
          embedder.failWith,
          `The request failed, your key was ${given}`,
          "failed",
          embedder.retryAfter === undefined ? {} : { "retry-after": embedder.retryAfter },
        );
      if (!embedder.models.includes(model))
        return problem(404, `The model \`${model}\` does not exist`, "model_not_found");
      const { mostCharacters } = embedder;
      if (mostCharacters !== undefined && input.some((text) => text.length > mostCharacters))
        return problem(400, "This model's maximum context length is 8192 tokens", "context_length_exceeded");
      if (embedder.body !== undefined)
        return new Response(embedder.body, { headers: { "content-type": "application/json" } });
      const data = vectorsOf(embedder, input).map((embedding, index) => ({
        object: "embedding",
        index,
        embedding,
      }));
      // In any order: the protocol says which is which.
      return Response.json({
        object: "list",
        data: data.toReversed(),
        model,
        usage: { prompt_tokens: 8, total_tokens: 8 },
      });
    },
  });
  return Object.assign(fake, {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.dispose]: () => void server.stop(true),
  });
}
