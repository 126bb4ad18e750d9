/** One page of a run: fetched, looked over, and put into the knowledge base where it is new or changed. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { JobWriter } from "../../jobs/job.ts";
import { LoadError } from "../loaders/loader.ts";
import { type CrawlRun, RunFailed } from "./crawl-run.ts";
import { settle, settleIn, skipped } from "./crawl-settle.ts";
import { storePage } from "./crawl-store.ts";
import { type PageFindings, pageFindings, robotsAgent, robotsFindings } from "./inspect-protocol.ts";
import type { PageFailure } from "./page-failure.ts";
import type { PageContent } from "./page-fetch.ts";
import { leadsTo, moveDocument, postponePage, type StoredPage } from "./page-table.ts";
import { changeSource, type StoredSource } from "./source-table.ts";
import { isIncluded } from "./web-address.ts";

const maxTries = 3;
/** So many pages one after the other that cannot be had: the site is down, and nothing is concluded from that. */
const mostFailedInRow = 10;

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
    const reason = `It redirects to ${address}`;
    if (!pointTo(run, writer, source, page, address, `${reason}.`))
      settleIn(run, writer, source, page, {
        outcome: "failed",
        reason: `${reason}, for which your limit of pages leaves no room.`,
      });
  });
}

/**
 * The page is only another address of one of the site: its document becomes that one's.
 * @returns false, and nothing has happened, where the run has no room for that one
 */
function pointTo(
  run: CrawlRun,
  writer: JobWriter,
  source: StoredSource,
  page: StoredPage,
  address: string,
  reason: string,
): boolean {
  if (!run.addTo(writer, source, "page", page.depth, [address])) return false;
  moveDocument(writer, page.id, source.id, address);
  settleIn(run, writer, source, page, { ...skipped(reason), leadsTo: address });
  return true;
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
  await storePage(run, page, content, found);
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
