/** One slice of a site's run: what it works on, and the only way in which it changes anything. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import type { z } from "zod";
import type { JobWriter } from "../../jobs/job.ts";
import type { JobQueue } from "../../jobs/job-queue.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { DocumentQuota } from "../document-quota.ts";
import type { Knowledge } from "../knowledge.ts";
import { LoadError } from "../loaders/loader.ts";
import type { ParserPool } from "../parser/parser-pool.ts";
import { mostSitemaps, type WebTask } from "./inspect-protocol.ts";
import type { PageFetcher } from "./page-fetch.ts";
import { addRefused, addToRun } from "./page-frontier.ts";
import type { PageKind, RunKey } from "./page-table.ts";
import { changeSource, type StoredSource, sourceIfThere } from "./source-table.ts";
import type { Scope } from "./web-address.ts";

export interface CrawlOptions {
  readonly quota: DocumentQuota;
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly knowledge: Knowledge;
  readonly parsers: ParserPool;
  readonly fetcher: PageFetcher;
}

/** Thrown where a run is not this one any more: it was cancelled, or its source deleted. */
export class RunOver extends Error {
  override readonly name = "RunOver";
}

export const diskFull = "The disk of this server is full. Make room, then read the site again.";

/** Ends the run; nothing is removed then. */
export class RunFailed extends Error {
  override readonly name = "RunFailed";
  constructor(
    readonly code: string,
    message: string,
    /** It may be better in a moment. */
    readonly mayPass = false,
  ) {
    super(message);
  }
}

/** Addresses put into the run in one transaction. */
const insertSlice = 500;
const downloadPrefix = "page-";

/** A source's own folder: its robots.txt, and what is being downloaded. */
export function sourceFolder(store: TenantStore, tenantId: string, sourceId: string): string {
  return join(store.folder(tenantId), "sources", sourceId);
}

export function documentIdOf(download: string): string {
  return basename(download).slice(downloadPrefix.length);
}

export class CrawlRun {
  readonly folder: string;
  readonly robotsPath: string;

  constructor(
    readonly options: CrawlOptions,
    readonly tenantId: string,
    /** As it was when the slice began. */
    readonly source: StoredSource,
    readonly signal: AbortSignal,
  ) {
    this.folder = sourceFolder(options.store, tenantId, source.id);
    this.robotsPath = join(this.folder, "robots.txt");
  }

  /** Makes the source's folder, and removes what a slice that was cut off has left: only one runs at a time. */
  async prepare(): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.folder)) {
      if (!name.startsWith(downloadPrefix)) continue;
      await this.options.knowledge.removeOrphan(this.tenantId, documentIdOf(name));
      rmSync(join(this.folder, name), { force: true });
    }
  }

  get key(): RunKey {
    return { sourceId: this.source.id, run: this.source.run };
  }

  get scope(): Scope {
    const { origins, include, exclude, start } = this.source;
    return { origins, include, exclude, start: start ?? "" };
  }

  /** Its name holds the id that a new document made of it gets: see `prepare`. */
  newDownload(): string {
    return join(this.folder, downloadPrefix + Bun.randomUUIDv7());
  }

  /** A transaction that takes place only while this run is the source's current one. @throws RunOver */
  transact<T>(
    change: (writer: JobWriter, source: StoredSource) => T extends PromiseLike<unknown> ? never : T,
  ) {
    return this.options.queue.transact<T>(this.tenantId, (writer) => change(writer, this.current(writer)));
  }

  /** The source as it is now. @throws RunOver */
  current(writer: JobWriter): StoredSource {
    const source = sourceIfThere(writer, this.source.id);
    if (source?.status !== "running" || source.run !== this.source.run) throw new RunOver("the run is over");
    return source;
  }

  /** @throws LoadError, RunOver, RunFailed "storage_full", and ZodError when the child's answer is none */
  async inspect<S extends z.ZodType>(
    findings: S,
    file: { readonly path: string; readonly fileName: string },
    task: Pick<WebTask, "kind" | "url"> & Partial<Pick<WebTask, "scope">>,
  ): Promise<z.output<S>> {
    const web = { robotsPath: this.robotsPath, scope: this.scope, ...task };
    const { tenantId, signal } = this;
    try {
      return findings.parse(await this.options.parsers.inspect({ tenantId, signal, ...file, web }));
    } catch (error) {
      // Says nothing of the file: the child could not write.
      if (error instanceof LoadError && error.code === "storage_full")
        throw new RunFailed(error.code, diskFull);
      throw error;
    }
  }

  /** Puts addresses into the run; where there are more than it may have, it is not complete. */
  async addFound(
    kind: PageKind,
    depth: number,
    links: readonly string[],
    refused: readonly string[] = [],
  ): Promise<void> {
    for (let from = 0; from < links.length; from += insertSlice)
      await this.transact((writer, source) => {
        this.addTo(writer, source, kind, depth, links.slice(from, from + insertSlice));
      });
    if (refused.length > 0) await this.transact((writer) => addRefused(writer, this.key, refused));
  }

  /** The same inside a transaction. @returns false when there was no room for all of them */
  addTo(
    writer: JobWriter,
    source: StoredSource,
    kind: PageKind,
    depth: number,
    urls: readonly string[],
  ): boolean {
    const most = kind === "page" ? source.maxPages : mostSitemaps;
    const hadRoom = addToRun(writer, { ...this.key, most }, { kind, depth, urls });
    if (!hadRoom) this.markIncomplete(writer, source);
    return hadRoom;
  }

  markIncomplete(writer: JobWriter, source: StoredSource): void {
    if (!source.incomplete) changeSource(writer, source.id, { incomplete: true });
  }
}
