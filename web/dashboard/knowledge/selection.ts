/** Which documents are chosen; pure, the documents stay as they were when they were chosen. */
import type { DocumentBody } from "../api/types.ts";

export type Selection = ReadonlyMap<string, DocumentBody>;

export const NOTHING_SELECTED: Selection = new Map();

export function withDocuments(
  selection: Selection,
  documents: readonly DocumentBody[],
  chosen: boolean,
): Selection {
  const next = new Map(selection);
  for (const document of documents) {
    if (chosen) next.set(document.id, document);
    else next.delete(document.id);
  }
  return next;
}

/** All from one to another, both included, in the order of the list; both ways. */
export function between(
  documents: readonly DocumentBody[],
  first: string,
  last: string,
): readonly DocumentBody[] {
  const places = [first, last].map((id) => documents.findIndex((document) => document.id === id));
  const [from = -1, to = -1] = places.sort((a, b) => a - b);
  return from < 0 ? [] : documents.slice(from, to + 1);
}

export function isAllSelected(selection: Selection, documents: readonly DocumentBody[]): boolean {
  return documents.length > 0 && documents.every(({ id }) => selection.has(id));
}
