/** Which documents a list shows, or a search looks into. */
import { and, eq, gte, isNull, lt, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { chunks, documents } from "../db/tenant-schema.ts";
import type { Reader } from "../db/transaction.ts";
import type { DocumentSource, DocumentStatus } from "./documents.ts";

/** All that is given has to be true of a document. */
export interface DocumentFilter {
  readonly ids?: readonly string[] | undefined;
  /** Stands in the title, or in the address of a web page. */
  readonly text?: string | undefined;
  readonly status?: DocumentStatus | undefined;
  readonly sources?: readonly DocumentSource[] | undefined;
  /** One of these is enough. */
  readonly tags?: readonly string[] | undefined;
  /** ISO 639-1. */
  readonly languages?: readonly string[] | undefined;
  /** Last changed at this time or later, and before `until`; milliseconds UTC. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Conditions over `documents`, to be joined by AND. */
export function conditionsOf(filter: DocumentFilter): SQL[] {
  const { ids, text, status, sources, tags, languages, since, until } = filter;
  return [
    oneOf(documents.id, ids),
    text === undefined || text === "" ? undefined : contains(text),
    status === undefined ? undefined : eq(documents.status, status),
    oneOf(documents.source, sources),
    tags === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM json_each(${documents.tags}) AS tag WHERE ${oneOf(sql`tag.value`, tags)})`,
    oneOf(documents.language, languages),
    since === undefined ? undefined : gte(documents.updatedAt, since),
    until === undefined ? undefined : lt(documents.updatedAt, until),
  ].filter((condition) => condition !== undefined);
}

/** Keys of the passages of the documents that pass; null: there is no filter. */
export function allowedKeys(reader: Reader, filter: DocumentFilter | undefined): ReadonlySet<number> | null {
  const conditions = conditionsOf(filter ?? {});
  if (conditions.length === 0) return null;
  const rows = reader.db
    .select({ key: chunks.key })
    .from(documents)
    .innerJoin(chunks, eq(chunks.documentId, documents.id))
    .where(and(isNull(documents.deletedAt), ...conditions))
    .all();
  return new Set(rows.map((row) => row.key));
}

/** As JSON, so that the statement's text is the same for any number of values: statements are kept by their text. */
function oneOf(column: SQLWrapper, values: readonly string[] | undefined): SQL | undefined {
  return values === undefined
    ? undefined
    : sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`;
}

function contains(text: string): SQL | undefined {
  const pattern = anywherePattern(text);
  return or(sql`${documents.title} GLOB ${pattern}`, sql`${documents.url} GLOB ${pattern}`);
}

/**
 * A pattern for SQLite's GLOB that finds `text` anywhere, in capitals or not. GLOB knows all of Unicode letter by
 * letter, where LIKE and `lower()` know only ASCII: "öffnung" must find "Öffnungszeiten".
 */
export function anywherePattern(text: string): string {
  const letters = [...text.normalize("NFC")].map((letter) => {
    const both = [letter.toLowerCase(), letter.toUpperCase()].filter((form) => [...form].length === 1);
    const forms = new Set([letter, ...both]);
    // In a class of its own each of *, ? and [ means itself.
    return forms.size > 1 || /[*?[]/.test(letter) ? `[${[...forms].join("")}]` : letter;
  });
  return `*${letters.join("")}*`;
}
