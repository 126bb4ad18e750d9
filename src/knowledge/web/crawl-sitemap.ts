/** Reading one sitemap of a run. */
import { rm } from "node:fs/promises";
import { LoadError } from "../loaders/loader.ts";
import type { CrawlRun } from "./crawl-run.ts";
import { sitemapFindings } from "./inspect-protocol.ts";
import type { PageFailure } from "./page-failure.ts";
import type { PageContent } from "./page-fetch.ts";
import { postponePage, type StoredPage, settlePage } from "./page-table.ts";
import { isSameSite } from "./web-address.ts";

/** An index may name sitemaps, which may name sitemaps once more. */
const maxNesting = 2;
const maxTries = 3;

/** @throws RunOver */
export async function visitSitemap(run: CrawlRun, page: StoredPage): Promise<void> {
  const path = run.newDownload();
  try {
    const fetched = await run.options.fetcher.fetch({
      ...{ url: page.url, path, signal: run.signal },
      mayFollow: (next) => isSameSite(new URL(page.url), next),
    });
    if (fetched.kind === "content") await readSitemap(run, page, fetched);
    else if (fetched.kind === "failed") await failed(run, page, fetched);
    else await settle(run, page, "It redirects to another site.");
  } finally {
    await rm(path, { force: true });
  }
}

async function readSitemap(run: CrawlRun, page: StoredPage, content: PageContent): Promise<void> {
  try {
    const found = await run.inspect(sitemapFindings, content, { kind: "sitemap", url: page.url });
    if (!found.isSitemap) return await settle(run, page, "There is no sitemap at this address.");
    await run.addFound("page", 0, found.links, found.refused);
    if (page.depth < maxNesting) await run.addFound("sitemap", page.depth + 1, found.sitemaps);
    await run.transact((writer, source) => {
      if (found.more || (page.depth >= maxNesting && found.sitemaps.length > 0))
        run.markIncomplete(writer, source);
      settlePage(writer, page.id, { outcome: "unchanged" });
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    await run.transact((writer, source) => {
      run.markIncomplete(writer, source);
      settlePage(writer, page.id, { outcome: "failed", reason: error.message });
    });
  }
}

/** One that is not there is none; one that cannot be had at the moment may name pages that were there before. */
async function failed(run: CrawlRun, page: StoredPage, failure: PageFailure): Promise<void> {
  await run.transact((writer, source) => {
    const isMissing = failure.code === "not_found" || failure.code === "refused";
    const again = failure.retryAfterMs !== null && page.tries + 1 < maxTries;
    if (again) return postponePage(writer, page.id, Date.now() + (failure.retryAfterMs ?? 0));
    if (!isMissing) run.markIncomplete(writer, source);
    settlePage(writer, page.id, { outcome: isMissing ? "gone" : "failed", reason: failure.message });
  });
}

async function settle(run: CrawlRun, page: StoredPage, reason: string): Promise<void> {
  await run.transact((writer) => settlePage(writer, page.id, { outcome: "skipped", reason }));
}
