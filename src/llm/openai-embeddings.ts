/** Vectors from any server that speaks OpenAI's protocol: `POST /v1/embeddings`. */
import { z } from "zod";
import {
  type Answer,
  boundedFetch,
  checkedVectors,
  EmbeddingError,
  embeddingError,
} from "./embedding-answer.ts";
import {
  type OpenAiCompatibleOptions,
  openAiAddress,
  openAiError,
  openAiFailure,
  openAiHeaders,
} from "./openai-compatible.ts";
import type { EmbeddingServer, EmbedRequest } from "./provider.ts";

/** The numbers themselves are looked at by `checkedVectors`: a schema would take longer over them than reading does. */
const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0).optional(), embedding: z.unknown() })),
});

export class OpenAiEmbeddings implements EmbeddingServer {
  constructor(readonly options: OpenAiCompatibleOptions) {}

  get url(): string {
    return this.options.url;
  }

  async embed(request: EmbedRequest): Promise<Float32Array[]> {
    const { url } = this.options;
    let answer: Answer | null = null;
    const fetch = boundedFetch(this.options.fetch, url, request, (seen) => {
      answer = seen;
    });
    try {
      const response = await fetch(openAiAddress(this.options, "embeddings"), {
        method: "POST",
        headers: { ...openAiHeaders(this.options), "content-type": "application/json" },
        body: JSON.stringify({ model: request.model, input: request.texts }),
        signal: request.signal,
      });
      if (!response.ok) throw await openAiFailure(response, this.options);
      const body = answerSchema.safeParse(await response.json());
      if (!body.success)
        throw new EmbeddingError(`The server at ${url} sends something else than vectors.`, false);
      return checkedVectors(inOrder(body.data.data), request, url);
    } catch (error) {
      throw embeddingError(openAiError(error, url), answer);
    }
  }
}

/** In the order of the texts: a server may send them in any, and says which is which. */
function inOrder(items: readonly { index?: number | undefined; embedding?: unknown }[]): unknown[] {
  const lists: unknown[] = items.map(() => null);
  for (const [place, { index, embedding }] of items.entries()) lists[index ?? place] = embedding;
  return lists;
}
