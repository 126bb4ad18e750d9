/** The product's API as another program uses it: fetch, JSON, an API key. */
import { z } from "zod";
import { until } from "./load.ts";

const documentBody = z.object({
  id: z.string(),
  status: z.enum(["pending", "processing", "ready", "failed"]),
  searchable: z.enum(["no", "words", "full"]),
  chunks: z.int(),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type DocumentBody = z.infer<typeof documentBody>;

const searchBody = z.object({
  items: z.array(
    z.object({ chunkId: z.string(), documentId: z.string(), text: z.string(), score: z.number() }),
  ),
  timings: z.object({
    embedMs: z.number(),
    keywordMs: z.number(),
    vectorMs: z.number(),
    totalMs: z.number(),
  }),
});
export type SearchBody = z.infer<typeof searchBody>;

const chatBody = z.object({
  conversationId: z.string(),
  message: z.object({ id: z.string(), text: z.string(), action: z.string(), provider: z.string() }),
});
export type ChatBody = z.infer<typeof chatBody>;

const chunkPage = z.object({
  items: z.array(z.object({ text: z.string(), heading: z.string().optional() })),
  nextCursor: z.string().nullable(),
});

const traceBody = z.object({
  totalMs: z.number(),
  steps: z.array(z.object({ name: z.string(), durationMs: z.number() })),
});

export class Client {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  /** @throws when the status is not 2xx. */
  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  }

  async addText(title: string, text: string): Promise<DocumentBody> {
    return firstItem(await this.send("POST", "/api/v1/documents", { title, text }));
  }

  async addFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<DocumentBody> {
    const form = new FormData();
    form.append("file", new File([bytes], name));
    return firstItem(await this.send("POST", "/api/v1/documents", form));
  }

  async document(id: string): Promise<DocumentBody> {
    return documentBody.parse(await this.send("GET", `/api/v1/documents/${id}`));
  }

  /** Waits until the document is found by its words, or by meaning too. @throws when it failed. */
  async waitFor(id: string, what: "words" | "full", everyMs = 10): Promise<DocumentBody> {
    return until(
      async () => {
        const found = await this.document(id);
        if (found.status === "failed") throw new Error(`the document failed: ${found.error?.message}`);
        if (what === "words") return found.searchable !== "no" && found;
        return found.status === "ready" && found;
      },
      `document ${id}`,
      { everyMs, withinMs: 300_000 },
    );
  }

  async chunks(id: string): Promise<{ readonly text: string; readonly heading?: string | undefined }[]> {
    const all: { text: string; heading?: string | undefined }[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${cursor}`;
      const page: z.infer<typeof chunkPage> = chunkPage.parse(
        await this.send("GET", `/api/v1/documents/${id}/chunks?limit=100${from}`),
      );
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  }

  async search(query: string, mode: "hybrid" | "vector" | "keyword" = "hybrid"): Promise<SearchBody> {
    return searchBody.parse(await this.send("POST", "/api/v1/search", { query, mode }));
  }

  async chat(message: string, conversationId?: string): Promise<ChatBody> {
    const body = conversationId === undefined ? { message } : { message, conversationId };
    return chatBody.parse(await this.send("POST", "/api/v1/chat", body));
  }

  async trace(answer: ChatBody): Promise<z.infer<typeof traceBody>> {
    return traceBody.parse(
      await this.send("GET", `/api/v1/conversations/${answer.conversationId}/trace/${answer.message.id}`),
    );
  }
}

function firstItem(body: unknown): DocumentBody {
  const item = z.object({ items: z.array(documentBody) }).parse(body).items[0];
  if (item === undefined) throw new Error("no document came back");
  return item;
}
