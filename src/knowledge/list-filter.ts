/** Which documents a list shows. */
import { eq, or, type SQL, sql } from "drizzle-orm";
import { documents } from "../db/tenant-schema.ts";
import type { DocumentSource, DocumentStatus } from "./documents.ts";

export interface ListFilter {
  /** Stands in the title, or in the address of a web page. */
  readonly text?: string | undefined;
  readonly status?: DocumentStatus | undefined;
  readonly source?: DocumentSource | undefined;
  readonly tag?: string | undefined;
  /** ISO 639-1 */
  readonly language?: string | undefined;
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

/** Conditions over `documents`, to be joined by AND. */
export function conditionsOf(filter: ListFilter): SQL[] {
  const { text, status, source, tag, language } = filter;
  const pattern = text === undefined || text === "" ? undefined : anywherePattern(text);
  return [
    pattern === undefined
      ? undefined
      : or(sql`${documents.title} GLOB ${pattern}`, sql`${documents.url} GLOB ${pattern}`),
    status === undefined ? undefined : eq(documents.status, status),
    source === undefined ? undefined : eq(documents.source, source),
    tag === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM json_each(${documents.tags}) WHERE json_each.value = ${tag})`,
    language === undefined ? undefined : eq(documents.language, language),
  ].filter((condition) => condition !== undefined);
}
