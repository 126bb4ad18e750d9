/** Vectors from Ollama: `POST /api/embed`. */
import {
  type Answer,
  boundedFetch,
  checkedVectors,
  EmbeddingError,
  embeddingError,
} from "./embedding-answer.ts";
import { type OllamaOptions, ollamaClient, ollamaError } from "./ollama.ts";
import type { EmbeddingServer, EmbedRequest } from "./provider.ts";

export class OllamaEmbeddings implements EmbeddingServer {
  constructor(readonly options: OllamaOptions) {}

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
      const { embeddings } = await ollamaClient({ url, fetch }, request.signal).embed({
        model: request.model,
        input: [...request.texts],
        // It cuts what is longer than the model takes.
        truncate: true,
      });
      // The library says what comes; the server may send anything.
      const lists: unknown = embeddings;
      if (!Array.isArray(lists))
        throw new EmbeddingError(`The server at ${url} sends something else than vectors.`, false);
      return checkedVectors(lists, request, url);
    } catch (error) {
      throw embeddingError(ollamaError(error, url), answer);
    }
  }
}
