/** One page of a run: fetched, looked over, and put into the knowledge base where it is new or changed. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import type { JobWriter } from "../../jobs/job.ts";
import { findByChecksum, findByUrl, getDocument, type StoredDocument } from "../documents.ts";
import type { Upload } from "../knowledge.ts";
import { LoadError } from "../loaders/loader.ts";
import { type CrawlRun, documentIdOf, RunFailed } from "./crawl-run.ts";
import { type PageFindings, pageFindings, robotsAgent, robotsFindings } from "./inspect-protocol.ts";
import type { PageContent, PageFailure } from "./page-fetch.ts";
import {
  leadsTo,
  moveDocument,
  type PageResult,
  postponePage,
  type StoredPage,
  setValidators,
  settlePage,
} from "./page-table.ts";
import { changeSource, type StoredSource } from "./source-table.ts";
import { isIncluded } from "./web-address.ts";

const maxTries = 3;
/** So many pages one after the other that cannot be had: the site is down, and nothing is concluded from that. */
const mostFailedInRow = 10;
/** A document that is still being read cannot be replaced; that takes minutes at most. */
const busyMs = 5_000;
const maxBusyTries = 60;

/** Announced types that hold nothing to read. What a type hides is found out when it is fetched. */
const unreadable =
  /^(?:image|audio|video|font|model)\/|^text\/(?:css|javascript)$|^application\/(?:(?:x-)?javascript|json|ld\+json|manifest\+json|xml|rss\+xml|atom\+xml|zip|gzip|x-tar|wasm)$/;

/** @throws RunFailed, RunOver */
export async function visitPage(run: CrawlRun, page: StoredPage): Promise<void> {
  const path = run.newDownload();
  try {
    const fetched = await run.options.fetcher.fetch({
      ...{ url: page.url, path, signal: run.signal },
      ...(page.documentId === null ? {} : { etag: page.etag, lastModified: page.lastModified }),
      mayFollow: () => false,
      takes: (mediaType) => !unreadable.test(mediaType),
    });
    switch (fetched.kind) {
      case "failed":
        return await failed(run, page, fetched);
      case "moved":
        return await moved(run, page, fetched.to);
      case "unwanted":
        return await settle(run, page, skipped(`It is of the type ${fetched.mediaType}, which is not read.`));
      case "unchanged":
        return await unchanged(run, page);
      case "content":
        return await taken(run, page, fetched);
    }
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    await settle(run, page, { outcome: "failed", reason: error.message });
  } finally {
    await rm(path, { force: true });
  }
}

const skipped = (reason: string): PageResult => ({ outcome: "skipped", reason });

/** Ends the page's visit. A page that failed may have links that nobody has seen. */
async function settle(run: CrawlRun, page: StoredPage, result: PageResult): Promise<void> {
  await run.transact((writer, source) => settleIn(run, writer, source, page, result));
}

function settleIn(
  run: CrawlRun,
  writer: JobWriter,
  source: StoredSource,
  page: StoredPage,
  result: PageResult,
): void {
  if (result.outcome === "failed" && source.follows) run.markIncomplete(writer, source);
  if (result.outcome !== "failed" && source.failedInRow > 0)
    changeSource(writer, source.id, { failedInRow: 0 });
  settlePage(writer, page.id, result);
}

async function failed(run: CrawlRun, page: StoredPage, failure: PageFailure): Promise<void> {
  const { code, message, retryAfterMs } = failure;
  const isAway = code === "unreachable" || code === "server_error";
  await run.transact((writer, source) => {
    if (retryAfterMs !== null && page.tries + 1 < maxTries) {
      postponePage(writer, page.id, Date.now() + retryAfterMs * 2 ** page.tries);
      return;
    }
    if (source.follows && page.url === source.start) throw new RunFailed(code, message);
    if (isAway && source.failedInRow + 1 >= mostFailedInRow)
      throw new RunFailed(
        "unreachable",
        `The site stopped answering. The last page failed like this: ${message}`,
      );
    settleIn(run, writer, source, page, {
      outcome: code === "not_found" ? "gone" : "failed",
      reason: message,
    });
    if (isAway) changeSource(writer, source.id, { failedInRow: source.failedInRow + 1 });
  });
}

async function moved(run: CrawlRun, page: StoredPage, to: string): Promise<void> {
  const file = { path: run.robotsPath, fileName: "robots.txt" };
  const target = await run.inspect(robotsFindings, file, { kind: "robots", url: to });
  if (target.address === null)
    return settle(
      run,
      page,
      skipped(`It redirects to ${to.slice(0, 300)}, which is no page of this site to read.`),
    );
  if (!target.allowed)
    return settle(run, page, skipped(`It redirects to ${target.address}, which robots.txt does not allow.`));
  const { address } = target;
  await run.transact((writer, source) => {
    if (leadsTo(writer, source.id, source.run, address, page.url))
      return settleIn(run, writer, source, page, { outcome: "failed", reason: "It redirects in a circle." });
    pointTo(run, writer, source, page, address, `It redirects to ${address}.`);
  });
}

/** The page is only another address of one of the site. Its document becomes that one's. @returns false: no room */
function pointTo(
  run: CrawlRun,
  writer: JobWriter,
  source: StoredSource,
  page: StoredPage,
  address: string,
  reason: string,
): boolean {
  const hadRoom = run.addTo(writer, source, "page", page.depth, [address]);
  if (hadRoom) moveDocument(writer, page.id, source.id, address);
  settleIn(run, writer, source, page, { ...skipped(reason), leadsTo: address });
  return hadRoom;
}

/** The links of a page that the server did not send again are in what it sent before. */
async function unchanged(run: CrawlRun, page: StoredPage): Promise<void> {
  const original =
    page.documentId === null ? "" : run.options.knowledge.originalPath(run.tenantId, page.documentId);
  if (goesOn(run, page) && existsSync(original)) {
    const file = { path: original, fileName: "page.html" };
    const found = await run.inspect(pageFindings, file, { kind: "page", url: page.url });
    await follow(run, page, found);
  }
  await settle(run, page, { outcome: "unchanged" });
}

function goesOn(run: CrawlRun, page: StoredPage): boolean {
  return run.source.follows && page.depth < run.source.maxDepth;
}

async function follow(run: CrawlRun, page: StoredPage, found: PageFindings): Promise<void> {
  if (!goesOn(run, page)) return;
  await run.addFound("page", page.depth + 1, found.links, found.refused);
  if (found.more) await run.transact((writer, source) => run.markIncomplete(writer, source));
}

async function taken(run: CrawlRun, page: StoredPage, content: PageContent): Promise<void> {
  const found = await run.inspect(pageFindings, content, { kind: "page", url: page.url });
  const header = directives(content.robotsTag);
  if (!header.has("nofollow") && !header.has("none")) await follow(run, page, found);
  if (!found.readable)
    return settle(run, page, skipped(`It is a file of the kind "${found.format}", which is not read.`));
  if (found.noindex || header.has("noindex") || header.has("none"))
    return settle(run, page, skipped("The page asks not to be indexed (noindex)."));
  const { canonical } = found;
  if (canonical !== undefined && (await isPointed(run, page, canonical))) return;
  if (!isIncluded(page.url, run.scope))
    return settle(run, page, skipped("It is read for its links only: your patterns do not include it."));
  await store(run, page, content, found);
}

/** Leaves the page to its canonical address. @returns false where that leads back here, or there is no room for it */
async function isPointed(run: CrawlRun, page: StoredPage, canonical: string): Promise<boolean> {
  return run.transact<boolean>((writer, source) => {
    if (leadsTo(writer, source.id, source.run, canonical, page.url)) return false;
    return pointTo(run, writer, source, page, canonical, `It says that its address is ${canonical}.`);
  });
}

/** `X-Robots-Tag: noindex, metachat: nofollow`; what is meant for others is left out. */
function directives(header: string): ReadonlySet<string> {
  const words = new Set<string>();
  let isForUs = true;
  for (const part of header.split(",")) {
    const named = /^\s*([\w-]+)\s*:\s*(.*)$/.exec(part);
    const agent = named?.[1];
    if (agent !== undefined && agent !== "unavailable_after") isForUs = agent === robotsAgent.toLowerCase();
    if (isForUs) words.add((agent === undefined ? part : (named?.[2] ?? "")).trim());
  }
  return words;
}

async function store(
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
  if (code === "storage_full")
    throw new RunFailed(
      "storage_full",
      "The disk of this server is full. Make room, then read the site again.",
    );
  if (code !== "conflict" && code !== "not_found") throw error;
  await run.transact((writer, source) => {
    const known = findByChecksum(writer, checksum);
    if (known !== undefined && known.id !== page.documentId && known.nextChecksum === null)
      settleIn(run, writer, source, page, sameAs(known));
    else if (page.tries < maxBusyTries) postponePage(writer, page.id, Date.now() + busyMs);
    else
      settleIn(run, writer, source, page, {
        ...{
          outcome: "failed",
          reason: "Its last version is still being read. The next run takes the new one.",
        },
      });
  });
}
