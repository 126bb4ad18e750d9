/**
 * Reads sites, a slice at a time. All that a run knows is in its tables, so that it goes on after a crash, and another
 * tenant's run has its turn after each slice.
 */
import { rmSync } from "node:fs";
import { isDiskFull } from "../../errors.ts";
import { appendEvent } from "../../events/event-log.ts";
import type { JobContext, JobHandler, JobWriter } from "../../jobs/job.ts";
import { dropWaiting } from "../../jobs/job-table.ts";
import { begin } from "./crawl-begin.ts";
import { visitPage } from "./crawl-page.ts";
import { type CrawlOptions, CrawlRun, diskFull, RunFailed, RunOver } from "./crawl-run.ts";
import { visitSitemap } from "./crawl-sitemap.ts";
import { sweep } from "./crawl-sweep.ts";
import { visitAll } from "./crawl-visits.ts";
import { hasPagesBeside, nextWaiting } from "./page-frontier.ts";
import {
  beginRun,
  changeSource,
  countsOf,
  endRun,
  type StoredSource,
  sourceIfThere,
} from "./source-table.ts";

const maxBeginnings = 3;
const beginAgainMs = 3_000;

export class Crawler {
  readonly #options: CrawlOptions;
  /** Of the slices that run now, by source. */
  readonly #running = new Map<string, AbortController>();

  constructor(options: CrawlOptions) {
    this.#options = options;
    options.queue.register(this.#handler());
  }

  /** Begins a run unless one is under way. */
  start(writer: JobWriter, source: StoredSource): void {
    if (source.status === "running") return;
    // Of a run before, which may wait for a minute yet.
    dropWaiting(writer, "crawl", runKey(source));
    this.#enqueue(writer, { id: source.id, run: beginRun(writer, source) });
  }

  /** Ends the run that is under way, if any; what it has read stays. */
  cancel(writer: JobWriter, source: StoredSource): void {
    if (source.status !== "running") return;
    dropWaiting(writer, "crawl", runKey(source));
    endRun(writer, source.id, countsOf(writer, source), null);
    writer.onCommit(() => this.#running.get(source.id)?.abort(new RunOver("the run was cancelled")));
  }

  #enqueue(writer: JobWriter, source: Pick<StoredSource, "id" | "run">, runAt = Date.now()): void {
    const payload = { sourceId: source.id, run: source.run };
    writer.enqueue({ type: "crawl", orderingKey: runKey(source), payload, runAt });
  }

  #handler(): JobHandler {
    return {
      type: "crawl",
      concurrency: 8,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: 600_000,
      run: (context) => this.#slice(context),
      onDead: (writer, job, reason) => {
        const source = sourceIfThere(writer, String(job.payload.sourceId));
        if (source?.status !== "running" || source.run !== job.payload.run) return;
        const message = `This site could not be read because of a fault on the server (${reason.slice(0, 200)}). Try again; if it stays so, tell the operator.`;
        this.#fail(writer, source, new RunFailed("internal", message));
      },
    };
  }

  async #slice(context: JobContext): Promise<void> {
    const { tenantId, payload } = context.job;
    const sourceId = String(payload.sourceId);
    const source = await this.#options.store.read(tenantId, (reader) => sourceIfThere(reader, sourceId));
    if (source?.status !== "running" || source.run !== payload.run) return;
    const abort = new AbortController();
    this.#running.set(sourceId, abort);
    const run = new CrawlRun(
      this.#options,
      tenantId,
      source,
      AbortSignal.any([context.signal, abort.signal]),
    );
    try {
      await run.prepare();
      if (source.phase === "begin") await begin(run);
      else if (source.phase === "sitemaps") await visitAll(run, "sitemap", visitSitemap);
      else if (source.phase === "visit") await visitAll(run, "page", visitPage);
      await run.transact((writer, current) => {
        context.finish(writer);
        this.#goOn(run, writer, current);
      });
    } catch (error) {
      if (error instanceof RunOver) return await this.#forgetFolder(run);
      const failure = asFailure(error);
      if (failure === null) throw error;
      await run.transact((writer, current) => {
        context.finish(writer);
        this.#failOrRepeat(writer, current, failure);
      });
    } finally {
      this.#running.delete(sourceId);
    }
  }

  /** A source that was deleted meanwhile may have lost its folder before this slice let go of it. */
  async #forgetFolder({ tenantId, source, folder }: CrawlRun): Promise<void> {
    const known = await this.#options.store.read(tenantId, (reader) => sourceIfThere(reader, source.id));
    if (known === undefined) rmSync(folder, { recursive: true, force: true });
  }

  /** What comes after a slice: the next one of this phase, or the next phase. */
  #goOn(run: CrawlRun, writer: JobWriter, source: StoredSource): void {
    if (source.phase === "sitemaps" || source.phase === "visit") {
      const next = nextWaiting(writer, run.key, source.phase === "visit" ? "page" : "sitemap");
      if (next !== null) {
        this.#enqueue(writer, source, Math.max(next, Date.now() + source.delayMs));
        return;
      }
      if (source.phase === "sitemaps") {
        const hasSitemap = hasPagesBeside(writer, source.id, source.run, source.start ?? "");
        if (source.kind === "sitemap" && !hasSitemap)
          throw new RunFailed("no_pages", "The sitemap cannot be read, or names no page of its own site.");
        changeSource(writer, source.id, { phase: "visit", follows: !hasSitemap });
      } else changeSource(writer, source.id, { phase: "sweep" });
    } else if (source.phase === "sweep" && sweep(run, writer, source)) {
      this.#complete(writer, sourceIfThere(writer, source.id) ?? source);
      return;
    }
    this.#enqueue(writer, source);
  }

  #complete(writer: JobWriter, source: StoredSource): void {
    const counts = countsOf(writer, source);
    endRun(writer, source.id, counts, null);
    appendEvent(writer, "source.crawled", { sourceId: source.id, url: source.url, ...counts });
  }

  /** The beginning is tried again before the site is given up for this run. */
  #failOrRepeat(writer: JobWriter, source: StoredSource, failure: RunFailed): void {
    const again = source.phase === "begin" && failure.mayPass && source.failedInRow + 1 < maxBeginnings;
    if (again) {
      changeSource(writer, source.id, { failedInRow: source.failedInRow + 1 });
      this.#enqueue(writer, source, Date.now() + beginAgainMs);
    } else this.#fail(writer, source, failure);
  }

  #fail(writer: JobWriter, source: StoredSource, { code, message }: RunFailed): void {
    endRun(writer, source.id, countsOf(writer, source), { code, message });
    appendEvent(writer, "source.failed", { sourceId: source.id, url: source.url, code });
  }
}

function runKey(source: Pick<StoredSource, "id">): string {
  return `source:${source.id}`;
}

function asFailure(error: unknown): RunFailed | null {
  if (error instanceof RunFailed) return error;
  if (!isDiskFull(error)) return null;
  return new RunFailed("storage_full", diskFull);
}
