/** How the visit of a page ends. */
import type { JobWriter } from "../../jobs/job.ts";
import type { CrawlRun } from "./crawl-run.ts";
import { type PageResult, type StoredPage, settlePage } from "./page-table.ts";
import { changeSource, type StoredSource } from "./source-table.ts";

export const skipped = (reason: string): PageResult => ({ outcome: "skipped", reason });

/** Ends the page's visit. A page that failed may have links that nobody has seen. */
export async function settle(run: CrawlRun, page: StoredPage, result: PageResult): Promise<void> {
  await run.transact((writer, source) => settleIn(run, writer, source, page, result));
}

/** The same inside a transaction. */
export function settleIn(
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
