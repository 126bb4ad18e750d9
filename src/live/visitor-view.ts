/** What a visitor sees of a stored message: named fields only, so that a new stored field is never shown by accident. */
import type { StoredMessage } from "../conversations/messages.ts";
import type { VisitorMessage } from "./frames.ts";

export function visitorMessage(message: StoredMessage, contactId: string): VisitorMessage {
  const { id, seq, text, status, authorKind, authorName, citations, confidence, action, providerMessageId } =
    message;
  const own = authorKind === "contact";
  const prefix = `${contactId}:`;
  return {
    id,
    seq,
    author: { kind: authorKind, ...(own || authorName === null ? {} : { name: authorName }) },
    text,
    createdAt: new Date(message.createdAt).toISOString(),
    status,
    ...(citations === null
      ? {}
      : {
          citations: citations.map(({ n, title, page, quote, url }) => ({
            n,
            title,
            quote,
            ...(page === undefined ? {} : { page }),
            ...(url === undefined ? {} : { url }),
          })),
        }),
    ...(confidence === null ? {} : { confidence: { level: confidence.level } }),
    ...(action === null ? {} : { action }),
    ...(own && providerMessageId?.startsWith(prefix) === true
      ? { clientId: providerMessageId.slice(prefix.length) }
      : {}),
  };
}
