/** What an owner changes on a document without sending it anew. */
import { and, eq, isNull } from "drizzle-orm";
import { documents } from "../db/tenant-schema.ts";
import type { Writer } from "../db/transaction.ts";
import { appendEvent } from "../events/event-log.ts";
import { getDocument, type StoredDocument } from "./documents.ts";

export interface DocumentChange {
  readonly title?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** The same tag once, whether written in capitals or not; the first way of writing it stays. */
export function distinctTags(tags: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  for (const tag of tags) {
    const key = tag.toLowerCase();
    if (!known.has(key)) known.set(key, tag);
  }
  return [...known.values()];
}

/** What is left out stays as it is; a change to what it is already is none. @throws AppError not_found */
export function changeDocument(writer: Writer, id: string, change: DocumentChange): StoredDocument {
  const current = getDocument(writer, id);
  const title = change.title ?? current.title;
  const tags = change.tags === undefined ? current.tags : distinctTags(change.tags);
  if (title === current.title && JSON.stringify(tags) === JSON.stringify(current.tags)) return current;
  writer.db
    .update(documents)
    .set({
      title,
      tags: JSON.stringify(tags),
      updatedAt: Date.now(),
      ...(title !== current.title && { renamed: true }),
    })
    .where(and(eq(documents.id, id), isNull(documents.deletedAt)))
    .run();
  appendEvent(writer, "document.changed", { documentId: id, title, tags });
  return getDocument(writer, id);
}
