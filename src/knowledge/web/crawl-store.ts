/** A page that is to be read becomes a document, a new version of one, or stays the one that it is. */
import { AppError } from "../../errors.ts";
import type { JobWriter } from "../../jobs/job.ts";
import { findByChecksum, findByUrl, getDocument, type StoredDocument } from "../documents.ts";
import type { Upload } from "../knowledge.ts";
import { type CrawlRun, documentIdOf } from "./crawl-run.ts";
import { settle, settleIn, skipped } from "./crawl-settle.ts";
import type { PageFindings } from "./inspect-protocol.ts";
import type { PageContent } from "./page-fetch.ts";
import { type PageResult, postponePage, type StoredPage, setValidators } from "./page-table.ts";

/** A document that is still being read cannot be replaced; that takes minutes at most. */
const busyMs = 5_000;
const maxBusyTries = 60;

/** @throws RunFailed, RunOver */
export async function storePage(
  run: CrawlRun,
  page: StoredPage,
  content: PageContent,
  found: PageFindings,
): Promise<void> {
  const { options, tenantId } = run;
  const title = found.title ?? (content.fileName.startsWith("page") ? page.url : content.fileName);
  const upload: Upload = {
    ...{ source: "page", title, fileName: content.fileName, url: page.url },
    ...{ mediaType: "application/octet-stream", content: Bun.file(content.path) },
  };
  const { etag, lastModified, checksum } = content;
  const validators = { etag, lastModified, checksum, title: found.title ?? null };
  const finish = (writer: JobWriter, document: StoredDocument, outcome: PageResult["outcome"]) => {
    setValidators(writer, page.id, document.id, validators);
    settleIn(run, writer, run.current(writer), page, { outcome });
  };
  try {
    const { documentId } = page;
    if (documentId === null) await add(run, page, upload, content.path, finish);
    else if (page.checksum === checksum)
      await run.transact((writer) => finish(writer, getDocument(writer, documentId), "unchanged"));
    else {
      const current = await options.store.read(tenantId, (reader) => getDocument(reader, documentId));
      // A title that its owner chose stays.
      const renamed = page.title !== null && current.title !== page.title;
      const next = renamed ? { ...upload, title: current.title } : upload;
      await options.knowledge.replace(tenantId, current.id, next, {
        within: (writer, document) =>
          finish(writer, document, document.nextChecksum === checksum ? "changed" : "unchanged"),
      });
    }
  } catch (error) {
    await notStored(run, page, checksum, error);
  }
}

async function add(
  run: CrawlRun,
  page: StoredPage,
  upload: Upload,
  path: string,
  finish: (writer: JobWriter, document: StoredDocument, outcome: PageResult["outcome"]) => void,
): Promise<void> {
  const { store: tenants, knowledge } = run.options;
  const other = await tenants.read(run.tenantId, (reader) => findByUrl(reader, page.url));
  if (other !== undefined)
    return settle(run, page, skipped(`It is a document of its own already: "${other.title}".`));
  const id = documentIdOf(path);
  await knowledge.add(run.tenantId, { ...upload, id }, (writer, document, created) => {
    if (created) finish(writer, document, "added");
    else settleIn(run, writer, run.current(writer), page, sameAs(document));
  });
}

function sameAs(document: StoredDocument): PageResult {
  return { ...skipped(`Its content is exactly that of "${document.title}".`), sameAs: document.id };
}

/** Another document has this content; or the page's own is still being read, or was just deleted. */
async function notStored(run: CrawlRun, page: StoredPage, checksum: string, error: unknown): Promise<void> {
  const code = error instanceof AppError ? error.code : null;
  if (code !== "conflict" && code !== "not_found") throw error;
  await run.transact((writer, source) => {
    const known = findByChecksum(writer, checksum);
    if (known !== undefined && known.id !== page.documentId && known.nextChecksum === null)
      settleIn(run, writer, source, page, sameAs(known));
    else if (page.tries < maxBusyTries) postponePage(writer, page.id, Date.now() + busyMs);
    else
      settleIn(run, writer, source, page, {
        outcome: "failed",
        reason: "Its last version is still being read. The next run takes the new one.",
      });
  });
}
