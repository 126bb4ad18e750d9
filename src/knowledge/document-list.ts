/** Looking through all documents of a tenant in slices, so that a large tenant does not hold the main thread. */
import type { Reader } from "../db/transaction.ts";
import { otherWorkFirst } from "../other-work.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { DocumentFilter } from "./document-filter.ts";
import { type DocumentStatus, listDocuments, parseTags, type StoredDocument } from "./documents.ts";

/** About 2 ms each. */
const searchedSlice = 4000;
const countedSlice = 1000;

/** Newest first, before the id `before`; at most `limit`. */
export async function findDocuments(
  store: TenantStore,
  tenantId: string,
  filter: DocumentFilter,
  page: { readonly before: string | undefined; readonly limit: number },
): Promise<StoredDocument[]> {
  const found: StoredDocument[] = [];
  let { before } = page;
  for (;;) {
    const slice = await store.read(tenantId, (reader) => {
      const last = sliceEnd(reader, before);
      const limit = page.limit - found.length;
      return { last, rows: listDocuments(reader, { ...filter, before, from: last, limit }) };
    });
    found.push(...slice.rows);
    if (found.length >= page.limit || slice.last === undefined) return found;
    before = slice.last;
    await otherWorkFirst();
  }
}

/** The id with which a slice ends; undefined: the rest is less than a slice. */
function sliceEnd(reader: Reader, before: string | undefined): string | undefined {
  const row = reader.get<{ id: string }>(
    "SELECT id FROM documents WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?",
    before ?? "g",
    searchedSlice - 1,
  );
  return row?.id;
}

export interface DocumentSummary {
  readonly documents: number;
  /** Passages of all documents. */
  readonly passages: number;
  readonly byStatus: Readonly<Record<DocumentStatus, number>>;
  readonly bySource: ReadonlyMap<string, number>;
  readonly byLanguage: ReadonlyMap<string, number>;
  readonly byTag: ReadonlyMap<string, number>;
}

interface CountedRow extends Record<string, unknown> {
  readonly id: string;
  readonly status: DocumentStatus;
  readonly source: string;
  readonly language: string | null;
  readonly chunks: number;
  readonly tags: string;
}

/** How many documents there are of each state, kind, language and tag. */
export async function summariseDocuments(store: TenantStore, tenantId: string): Promise<DocumentSummary> {
  const byStatus: Record<DocumentStatus, number> = { pending: 0, processing: 0, ready: 0, failed: 0 };
  const bySource = new Map<string, number>();
  const byLanguage = new Map<string, number>();
  const byTag = new Map<string, number>();
  let documents = 0;
  let passages = 0;
  let after = "";
  for (;;) {
    const rows = await store.read(tenantId, (reader) => countedRows(reader, after));
    for (const row of rows) {
      passages += row.chunks;
      byStatus[row.status] += 1;
      countIn(bySource, row.source);
      if (row.language !== null) countIn(byLanguage, row.language);
      for (const tag of parseTags(row.tags)) countIn(byTag, tag);
    }
    documents += rows.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < countedSlice) break;
    after = last.id;
    await otherWorkFirst();
  }
  return { documents, passages, byStatus, bySource, byLanguage, byTag };
}

function countedRows(reader: Reader, after: string): CountedRow[] {
  return reader.all<CountedRow>(
    `SELECT id, status, source, language, chunks, tags FROM documents
     WHERE id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?`,
    after,
    countedSlice,
  );
}

function countIn(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
