/** Puts the jobs of a document into the queue, those of one document after each other. */
import type { JobWriter } from "../jobs/job.ts";

/** What is read: the original, or a new version that waits beside it (`next`, see document-jobs.ts). */
export function enqueueIngest(
  writer: JobWriter,
  payload: { readonly documentId: string; readonly next?: Readonly<Record<string, unknown>> },
): void {
  writer.enqueue({ type: "ingest", orderingKey: `document:${payload.documentId}`, payload });
}

/** Has the document's passages searched by its title as it is now. */
export function enqueueRetitle(writer: JobWriter, documentId: string): void {
  writer.enqueue({ type: "retitle", orderingKey: `document:${documentId}`, payload: { documentId } });
}

/**
 * Fetches the page of a document; once, however often it is asked for.
 * @param isRetry its owner asked for it again. A fetch that waits already would not do: it leaves documents alone that
 *   are pending, as this one is then
 */
export function enqueuePageFetch(writer: JobWriter, documentId: string, isRetry = false): void {
  const orderingKey = `page:${documentId}`;
  const payload = { documentId, ...(isRetry && { isRetry }) };
  writer.enqueue({ type: "fetch-page", orderingKey, payload, ...(!isRetry && { onlyOne: true as const }) });
}
