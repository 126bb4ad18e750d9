/** Which documents a search looks into. */
import type { Reader } from "../db/transaction.ts";
import type { DocumentSource } from "./documents.ts";

/** All that is given has to be true of a document. */
export interface DocumentFilter {
  readonly ids?: readonly string[];
  readonly sources?: readonly DocumentSource[];
  /** One of these is enough. */
  readonly tags?: readonly string[];
  /** ISO 639-1. */
  readonly languages?: readonly string[];
  /** Last changed at this time or later, and before `until`; milliseconds UTC. */
  readonly since?: number;
  readonly until?: number;
}

/** Keys of the passages of the documents that pass; null: there is no filter. */
export function allowedKeys(reader: Reader, filter: DocumentFilter | undefined): ReadonlySet<number> | null {
  const conditions = filter === undefined ? [] : conditionsOf(filter);
  if (conditions.length === 0) return null;
  const rows = reader.all<{ key: number }>(
    `SELECT chunks.key AS key FROM documents JOIN chunks ON chunks.document_id = documents.id
     WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`,
    ...conditions.map(([, value]) => value),
  );
  return new Set(rows.map((row) => row.key));
}

function conditionsOf(filter: DocumentFilter): [sql: string, value: string | number][] {
  const conditions: [string, string | number][] = [];
  const oneOf = (column: string, values: readonly string[] | undefined) => {
    if (values !== undefined)
      conditions.push([`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values)]);
  };
  oneOf("documents.id", filter.ids);
  oneOf("documents.source", filter.sources);
  oneOf("documents.language", filter.languages);
  if (filter.tags !== undefined)
    conditions.push([
      `EXISTS (SELECT 1 FROM json_each(documents.tags) AS tag
        WHERE tag.value IN (SELECT value FROM json_each(?)))`,
      JSON.stringify(filter.tags),
    ]);
  if (filter.since !== undefined) conditions.push(["documents.updated_at >= ?", filter.since]);
  if (filter.until !== undefined) conditions.push(["documents.updated_at < ?", filter.until]);
  return conditions;
}
