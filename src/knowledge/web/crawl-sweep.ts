/** The end of a run: documents of pages that are not there any more are removed. */
import type { Reader } from "../../db/transaction.ts";
import type { JobWriter } from "../../jobs/job.ts";
import { findByUrl } from "../documents.ts";
import type { CrawlRun } from "./crawl-run.ts";
import { deletePage, forgetDocument, moveDocument, type RunKey } from "./page-table.ts";
import { changeSource, type StoredSource } from "./source-table.ts";

/** Pages in one transaction: each document is an event and a job. */
const sweepSlice = 20;

/** Removes some of what is not on the site any more. @returns true when nothing is left to remove */
export function sweep(run: CrawlRun, writer: JobWriter, source: StoredSource): boolean {
  const pages = sweepable(writer, run.key, !source.incomplete, sweepSlice);
  let removed = 0;
  for (const page of pages) {
    const { documentId } = page;
    if (documentId !== null && !isInherited(writer, run.key, page.id, documentId)) {
      forgetDocument(writer, page.id);
      run.options.knowledge.discard(writer, documentId);
      removed += 1;
    }
    if (!page.seen) deletePage(writer, page.id);
  }
  if (removed > 0) changeSource(writer, source.id, { removed: source.removed + removed });
  return pages.length < sweepSlice;
}

/** A page that was left out because it had the same content takes the document over. */
function isInherited(writer: JobWriter, run: RunKey, pageId: string, documentId: string): boolean {
  const heir = heirOf(writer, run.sourceId, run.run, documentId);
  if (heir === undefined || findByUrl(writer, heir) !== undefined) return false;
  return moveDocument(writer, pageId, run.sourceId, heir);
}

/** A page of the run that was left out because its content is this document's. */
function heirOf(reader: Reader, sourceId: string, run: number, documentId: string): string | undefined {
  return reader.get<{ url: string }>(
    "SELECT url FROM web_pages WHERE same_as = ? AND source_id = ? AND run = ? AND document_id IS NULL LIMIT 1",
    documentId,
    sourceId,
    run,
  )?.url;
}

/** Pages whose documents go: not there any more, not to be read; with `unseen`, also those that the run did not find. */
function sweepable(
  reader: Reader,
  run: RunKey,
  unseen: boolean,
  limit: number,
): { id: string; documentId: string | null; seen: boolean }[] {
  return reader
    .all<{ id: string; documentId: string | null; seen: number }>(
      `SELECT web_pages.id AS id, documents.id AS documentId, run = ? AS seen FROM web_pages
       LEFT JOIN documents ON documents.id = document_id AND deleted_at IS NULL
       WHERE source_id = ? AND ((run = ? AND outcome IN ('gone', 'skipped') AND documents.id IS NOT NULL)
         OR (? AND run < ?)) LIMIT ?`,
      run.run,
      run.sourceId,
      run.run,
      unseen ? 1 : 0,
      run.run,
      limit,
    )
    .map((row) => ({ ...row, seen: row.seen === 1 }));
}
