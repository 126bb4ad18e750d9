/** What is tried on each route, and what another tenant may get for it. A route without a rule fails the test. */
import type { Inhabitant } from "./isolation-world.ts";

export interface Rule {
  /** Path parameters: ids of the tenant that is attacked. */
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /**
   * `foreign`: it names something of the attacked tenant, so another tenant must get 404. `own`: it names nothing, so
   * another tenant gets its own things only.
   */
  readonly names: "foreign" | "own";
}

/** The smallest valid request of every route that needs a credential, on the things of `a`. */
export function rulesFor(a: Inhabitant): Readonly<Record<string, Rule>> {
  const { ids } = a;
  const own = (body?: unknown): Rule => ({ names: "own", body });
  const foreign = (params: Rule["params"], body?: unknown): Rule => ({
    names: "foreign",
    params: params ?? {},
    body,
  });
  const document = foreign({ id: ids.document });
  const source = foreign({ id: ids.source });
  const conversation = foreign({ id: ids.conversation });
  const unanswered = foreign({ id: ids.unanswered });
  return {
    "GET /api/v1/session": own(),
    "DELETE /api/v1/session": own(),
    "POST /api/v1/documents": own({ title: "Mine", text: "Something of my own." }),
    "GET /api/v1/documents": own(),
    "GET /api/v1/documents/{id}": document,
    "PUT /api/v1/documents/{id}": foreign(
      { id: ids.document },
      { title: "Mine", text: "Not yours any more." },
    ),
    "DELETE /api/v1/documents/{id}": document,
    "POST /api/v1/documents/{id}/retry": document,
    "GET /api/v1/documents/{id}/chunks": document,
    "GET /api/v1/documents/{id}/original": document,
    "GET /api/v1/documents/summary": own(),
    "PATCH /api/v1/documents/{id}": foreign({ id: ids.document }, { title: "Mine now", tags: ["mine"] }),
    "GET /api/v1/documents/{id}/chunks/{chunkId}": foreign({ id: ids.document, chunkId: ids.document }),
    "GET /api/v1/documents/{id}/text": document,
    "GET /api/v1/documents/{id}/questions": document,
    "POST /api/v1/sources": own({ url: "http://127.0.0.1:9/of-my-own" }),
    "GET /api/v1/sources": own(),
    "GET /api/v1/sources/{id}": source,
    "PATCH /api/v1/sources/{id}": foreign({ id: ids.source }, { maxPages: 7, schedule: "daily" }),
    "DELETE /api/v1/sources/{id}": source,
    "POST /api/v1/sources/{id}/crawl": source,
    "DELETE /api/v1/sources/{id}/crawl": source,
    "GET /api/v1/sources/{id}/pages": source,
    // The word itself is not asked for: an answer may repeat the question.
    "POST /api/v1/search": own({ query: "How long does delivery take?", limit: 50 }),
    "POST /api/v1/chat": foreign(
      {},
      { message: "How long does delivery take?", conversationId: ids.conversation },
    ),
    "GET /api/v1/conversations": own(),
    "GET /api/v1/conversations/{id}": conversation,
    "GET /api/v1/conversations/{id}/messages": conversation,
    "POST /api/v1/conversations/{id}/messages": foreign(
      { id: ids.conversation },
      { text: "I am not of here." },
    ),
    "POST /api/v1/conversations/{id}/handover": foreign({ id: ids.conversation }, {}),
    "DELETE /api/v1/conversations/{id}/handover": conversation,
    "POST /api/v1/conversations/{id}/resolution": conversation,
    "DELETE /api/v1/conversations/{id}/resolution": conversation,
    "GET /api/v1/conversations/{id}/trace/{messageId}": foreign({
      id: ids.conversation,
      messageId: ids.answer,
    }),
    "GET /api/v1/conversations/{id}/stream": conversation,
    "GET /api/v1/unanswered": own(),
    "GET /api/v1/unanswered/{id}": unanswered,
    "POST /api/v1/unanswered/{id}/answer": foreign({ id: ids.unanswered }, { answer: "Not for you." }),
    "POST /api/v1/unanswered/{id}/dismissal": unanswered,
    "DELETE /api/v1/unanswered/{id}/dismissal": unanswered,
    "GET /api/v1/settings": own(),
    "PATCH /api/v1/settings": own({ assistant: { greeting: "Hello from me." } }),
    "GET /api/v1/providers": own(),
    "PATCH /api/v1/providers/{id}": { names: "own", params: { id: "openai-compatible" }, body: {} },
    "POST /api/v1/providers/{id}/check": { names: "own", params: { id: "openai-compatible" } },
    "GET /api/v1/channels": own(),
    "PATCH /api/v1/channels/{id}": foreign({ id: ids.webchat }, { name: "Taken" }),
    "GET /api/v1/api-keys": own(),
    "POST /api/v1/api-keys": own({ name: "Another" }),
    "DELETE /api/v1/api-keys/{id}": foreign({ id: ids.apiKey }),
    "GET /api/v1/jobs": own(),
    "POST /api/v1/jobs/{id}/replay": foreign({ id: ids.deadJob }),
    "DELETE /api/v1/jobs/{id}": foreign({ id: ids.deadJob }),
  };
}
