/** The middle of a run: what waits is visited, two at a time and not too fast, for as long as a slice may take. */
import type { CrawlRun } from "./crawl-run.ts";
import { waitingPages } from "./page-frontier.ts";
import type { PageKind, StoredPage } from "./page-table.ts";

/** No new page is begun after this long; what was begun is brought to its end. */
const sliceMs = 3_000;
/** Requests at the same time, and the pause between their beginnings. */
const parallel = 2;
const pauseMs = 200;
const lookAgainMs = 50;

/** Visits what waits until the slice is over. @throws what a visit throws, after the others have ended */
export async function visitAll(
  run: CrawlRun,
  kind: PageKind,
  visit: (run: CrawlRun, page: StoredPage) => Promise<void>,
): Promise<void> {
  const { delayMs } = run.source;
  const until = performance.now() + sliceMs;
  const begun = new Set<string>();
  let nextAt = 0;
  const next = () =>
    run.options.store.read(run.tenantId, (reader) => {
      const page = waitingPages(reader, run.key, kind, begun.size + 1).find(({ id }) => !begun.has(id));
      if (page !== undefined) begun.add(page.id);
      return page;
    });
  let busy = 0;
  const visitInTurn = async (page: StoredPage) => {
    busy += 1;
    try {
      const at = Math.max(performance.now(), nextAt);
      nextAt = at + Math.max(pauseMs, delayMs);
      await Bun.sleep(at - performance.now());
      run.signal.throwIfAborted();
      await visit(run, page);
    } finally {
      busy -= 1;
    }
  };
  const visitor = async () => {
    while (Math.max(performance.now(), nextAt) < until && !run.signal.aborted) {
      const page = await next();
      if (page !== undefined) await visitInTurn(page);
      // What the other one is reading may lead to more.
      else if (busy > 0) await Bun.sleep(lookAgainMs);
      else return;
    }
  };
  const visitors = Array.from({ length: delayMs > 0 || kind === "sitemap" ? 1 : parallel }, visitor);
  const ended = await Promise.allSettled(visitors);
  const failed = ended.find((item) => item.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  run.signal.throwIfAborted();
}
