/** The `web_pages` table of a tenant. */
import { and, eq, isNull } from "drizzle-orm";
import { documents, webPages } from "../../db/tenant-schema.ts";
import type { Reader, Writer } from "../../db/transaction.ts";

export type PageKind = "page" | "sitemap";
export type PageOutcome = "added" | "changed" | "unchanged" | "skipped" | "gone" | "failed";

/** Of a source, which of its runs. */
export interface RunKey {
  readonly sourceId: string;
  readonly run: number;
}

export interface StoredPage {
  readonly id: string;
  readonly url: string;
  readonly depth: number;
  readonly tries: number;
  /** Its document, unless that was deleted. */
  readonly documentId: string | null;
  /** What the page itself was called when it was read last. */
  readonly title: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** SHA-256 of what was fetched last. */
  readonly checksum: string | null;
}

export const pageColumns = {
  id: webPages.id,
  url: webPages.url,
  depth: webPages.depth,
  tries: webPages.tries,
  documentId: documents.id,
  title: webPages.title,
  etag: webPages.etag,
  lastModified: webPages.lastModified,
  checksum: webPages.checksum,
} as const;

export const liveDocument = and(eq(documents.id, webPages.documentId), isNull(documents.deletedAt));

export function pageOfDocument(reader: Reader, documentId: string): StoredPage | undefined {
  return reader.db
    .select(pageColumns)
    .from(webPages)
    .innerJoin(documents, liveDocument)
    .where(eq(webPages.documentId, documentId))
    .get();
}

/** The document of a page that was added one by one, by the address that was asked for. */
export function documentOfAddress(reader: Reader, url: string): string | undefined {
  const row = reader.db
    .select({ id: documents.id })
    .from(webPages)
    .innerJoin(documents, liveDocument)
    .where(and(isNull(webPages.sourceId), eq(webPages.url, url)))
    .get();
  return row?.id;
}

/** Notes a page that is a document of its own; one of the same address whose document is gone is forgotten. */
export function insertSinglePage(writer: Writer, url: string, documentId: string): void {
  writer.run("DELETE FROM web_pages WHERE source_id IS NULL AND url = ?", url);
  writer.run(
    "INSERT INTO web_pages (id, source_id, url, document_id) VALUES (?, NULL, ?, ?)",
    Bun.randomUUIDv7(),
    url,
    documentId,
  );
}

/** What is kept to notice a change the next time. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly checksum: string;
  readonly title: string | null;
}

export function setValidators(writer: Writer, pageId: string, documentId: string, given: Validators): void {
  writer.run(
    `UPDATE web_pages SET document_id = ?, etag = ?, last_modified = ?, checksum = ?, title = ?, same_as = NULL,
       leads_to = NULL WHERE id = ?`,
    documentId,
    given.etag,
    given.lastModified,
    given.checksum,
    given.title,
    pageId,
  );
}

export function setChecked(writer: Writer, pageId: string): void {
  writer.run("UPDATE web_pages SET checked_at = ? WHERE id = ?", Date.now(), pageId);
}

export interface PageResult {
  readonly outcome: PageOutcome;
  readonly reason?: string;
  readonly leadsTo?: string;
  readonly sameAs?: string;
}

export function settlePage(writer: Writer, pageId: string, result: PageResult): void {
  writer.run(
    `UPDATE web_pages SET waiting = 0, outcome = ?, reason = ?, leads_to = ?, same_as = ?, checked_at = ?
     WHERE id = ?`,
    result.outcome,
    result.reason ?? null,
    result.leadsTo ?? null,
    result.sameAs ?? null,
    Date.now(),
    pageId,
  );
}

/** Leaves a page waiting, to be tried again at `notBefore` (milliseconds UTC). */
export function postponePage(writer: Writer, pageId: string, notBefore: number): void {
  writer.run("UPDATE web_pages SET tries = tries + 1, not_before = ? WHERE id = ?", notBefore, pageId);
}

/** Whether following where `from` leads ends at `to`: two pages that each name the other lead nowhere. */
export function leadsTo(reader: Reader, sourceId: string, run: number, from: string, to: string): boolean {
  let at: string | null = from;
  for (let steps = 0; at !== null && steps < 10; steps += 1) {
    if (at === to) return true;
    const row: { leadsTo: string | null } | undefined = reader.get<{ leadsTo: string | null }>(
      "SELECT leads_to AS leadsTo FROM web_pages WHERE source_id = ? AND run = ? AND url = ?",
      sourceId,
      run,
      at,
    );
    at = row?.leadsTo ?? null;
  }
  return false;
}

/**
 * Gives a page's document, and what is known of its content, to another page of the site that has none.
 * @returns whether it was given
 */
export function moveDocument(writer: Writer, from: string, sourceId: string, toUrl: string): boolean {
  const heir = writer.get<{ id: string }>(
    "SELECT id FROM web_pages WHERE source_id = ? AND url = ? AND document_id IS NULL",
    sourceId,
    toUrl,
  );
  const own = writer.get<{ documentId: string | null; title: string | null; checksum: string | null }>(
    "SELECT document_id AS documentId, title, checksum FROM web_pages WHERE id = ?",
    from,
  );
  if (heir === undefined || own === undefined || own.documentId === null) return false;
  writer.run("UPDATE web_pages SET document_id = NULL WHERE id = ?", from);
  // Not its ETag: that is the old address's.
  writer.run(
    "UPDATE web_pages SET document_id = ?, title = ?, checksum = ?, etag = NULL, last_modified = NULL WHERE id = ?",
    own.documentId,
    own.title,
    own.checksum,
    heir.id,
  );
  writer.db.update(documents).set({ url: toUrl }).where(eq(documents.id, own.documentId)).run();
  return true;
}

/** Forgets a page's document, which is being removed, and what was known of its content. */
export function forgetDocument(writer: Writer, pageId: string): void {
  writer.run(
    `UPDATE web_pages SET document_id = NULL, title = NULL, etag = NULL, last_modified = NULL, checksum = NULL
     WHERE id = ?`,
    pageId,
  );
}

export function deletePage(writer: Writer, pageId: string): void {
  writer.run("DELETE FROM web_pages WHERE id = ?", pageId);
}

/** Some pages of a source, whatever their state. */
export function anyPages(
  reader: Reader,
  sourceId: string,
  limit: number,
): { id: string; documentId: string | null; url: string }[] {
  return reader.all(
    `SELECT web_pages.id AS id, documents.id AS documentId, web_pages.url AS url FROM web_pages
     LEFT JOIN documents ON documents.id = document_id AND deleted_at IS NULL WHERE source_id = ? LIMIT ?`,
    sourceId,
    limit,
  );
}

/** Makes a page of a source a document of its own. */
export function releasePage(writer: Writer, page: { readonly id: string; readonly url: string }): void {
  writer.run("DELETE FROM web_pages WHERE source_id IS NULL AND url = ?", page.url);
  writer.run("UPDATE web_pages SET source_id = NULL, waiting = 0 WHERE id = ?", page.id);
}
