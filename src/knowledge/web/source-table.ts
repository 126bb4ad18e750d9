/** The `web_sources` table of a tenant. */
import { and, desc, eq, isNull, lt } from "drizzle-orm";
import { z } from "zod";
import { webSources } from "../../db/tenant-schema.ts";
import type { Reader, Writer } from "../../db/transaction.ts";
import { AppError, notFound } from "../../errors.ts";
import { countOutcomes } from "./page-frontier.ts";

export type SourceKind = "site" | "sitemap";

export interface SourceSettings {
  readonly maxPages: number;
  readonly maxDepth: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly schedule: string;
}

export interface StoredSource extends SourceSettings {
  readonly id: string;
  readonly url: string;
  readonly kind: SourceKind;
  readonly nextRunAt: number | null;
  readonly status: "idle" | "running" | "failed";
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Number of the latest run; 0: there was none. */
  readonly run: number;
  readonly phase: "begin" | "sitemaps" | "visit" | "sweep";
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly origins: readonly string[];
  readonly start: string | null;
  readonly follows: boolean;
  readonly delayMs: number;
  readonly incomplete: boolean;
  readonly failedInRow: number;
  readonly removed: number;
  readonly counts: string | null;
  readonly createdAt: number;
}

const columns = {
  id: webSources.id,
  url: webSources.url,
  kind: webSources.kind,
  maxPages: webSources.maxPages,
  maxDepth: webSources.maxDepth,
  include: webSources.include,
  exclude: webSources.exclude,
  schedule: webSources.schedule,
  nextRunAt: webSources.nextRunAt,
  status: webSources.status,
  errorCode: webSources.errorCode,
  errorMessage: webSources.errorMessage,
  run: webSources.run,
  phase: webSources.phase,
  startedAt: webSources.startedAt,
  finishedAt: webSources.finishedAt,
  origins: webSources.origins,
  start: webSources.start,
  follows: webSources.follows,
  delayMs: webSources.delayMs,
  incomplete: webSources.incomplete,
  failedInRow: webSources.failedInRow,
  removed: webSources.removed,
  counts: webSources.counts,
  createdAt: webSources.createdAt,
} as const;

const live = isNull(webSources.deletedAt);
const mostSources = 200;

/** @throws AppError conflict when the tenant has too many */
export function insertSource(
  writer: Writer,
  source: SourceSettings & { readonly id: string; readonly url: string; readonly kind: SourceKind },
): void {
  const counted = writer.get<{ n: number }>("SELECT count(*) AS n FROM web_sources WHERE deleted_at IS NULL");
  if ((counted?.n ?? 0) >= mostSources)
    throw new AppError("conflict", `There can be ${mostSources} web sources at most. Delete one first.`);
  const now = Date.now();
  writer.db
    .insert(webSources)
    .values({
      ...source,
      ...{ status: "idle", run: 0, phase: "begin", origins: [], follows: false, delayMs: 0 },
      ...{ incomplete: false, failedInRow: 0, removed: 0, createdAt: now, updatedAt: now },
    })
    .run();
}

export function findSource(reader: Reader, url: string, kind: SourceKind): StoredSource | undefined {
  return reader.db
    .select(columns)
    .from(webSources)
    .where(and(eq(webSources.url, url), eq(webSources.kind, kind), live))
    .get();
}

/** @throws AppError not_found */
export function getSource(reader: Reader, id: string): StoredSource {
  const row = sourceIfThere(reader, id);
  if (row === undefined) throw notFound("web source");
  return row;
}

export function sourceIfThere(reader: Reader, id: string): StoredSource | undefined {
  return reader.db
    .select(columns)
    .from(webSources)
    .where(and(eq(webSources.id, id), live))
    .get();
}

/** Newest first, before the id `before`. */
export function listSources(
  reader: Reader,
  options: { before: string | undefined; limit: number },
): StoredSource[] {
  return reader.db
    .select(columns)
    .from(webSources)
    .where(and(live, options.before === undefined ? undefined : lt(webSources.id, options.before)))
    .orderBy(desc(webSources.id))
    .limit(options.limit)
    .all();
}

export type SourceChange = Partial<
  Pick<
    StoredSource,
    | "nextRunAt"
    | "phase"
    | "origins"
    | "start"
    | "follows"
    | "delayMs"
    | "incomplete"
    | "failedInRow"
    | "removed"
    | keyof SourceSettings
  >
>;

export function changeSource(writer: Writer, id: string, change: SourceChange): void {
  writer.db
    .update(webSources)
    .set({ ...change, updatedAt: Date.now() })
    .where(eq(webSources.id, id))
    .run();
}

/** The next run begins. @returns its number */
export function beginRun(writer: Writer, source: Pick<StoredSource, "id" | "run">): number {
  const now = Date.now();
  const run = source.run + 1;
  writer.db
    .update(webSources)
    .set({
      ...{ run, status: "running", errorCode: null, errorMessage: null, phase: "begin", counts: null },
      ...{ startedAt: now, finishedAt: null, incomplete: false, failedInRow: 0, removed: 0, updatedAt: now },
    })
    .where(eq(webSources.id, source.id))
    .run();
  return run;
}

export function endRun(
  writer: Writer,
  id: string,
  counts: RunCounts,
  error: { readonly code: string; readonly message: string } | null,
): void {
  const now = Date.now();
  writer.db
    .update(webSources)
    .set({
      ...{ status: error === null ? "idle" : "failed", finishedAt: now, counts: JSON.stringify(counts) },
      ...{ errorCode: error?.code ?? null, errorMessage: error?.message ?? null, updatedAt: now },
    })
    .where(eq(webSources.id, id))
    .run();
}

/** Hides it from everything; its pages and its row are removed by a job. */
export function hideSource(writer: Writer, id: string): void {
  writer.db
    .update(webSources)
    .set({ deletedAt: Date.now(), nextRunAt: null })
    .where(eq(webSources.id, id))
    .run();
}

export function deleteSourceRow(writer: Writer, id: string): void {
  writer.db.delete(webSources).where(eq(webSources.id, id)).run();
}

const runCounts = z.object({
  found: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  removed: z.int(),
  skipped: z.int(),
  failed: z.int(),
  /** Runs of earlier releases did not count them. */
  missing: z.int().default(0),
});
export type RunCounts = z.infer<typeof runCounts>;

/** Of the latest run, also while it is under way. */
export function countsOf(reader: Reader, source: StoredSource): RunCounts {
  if (source.counts !== null) return runCounts.parse(JSON.parse(source.counts));
  const outcomes = countOutcomes(reader, source.id, source.run);
  const of = (outcome: string) => outcomes.get(outcome) ?? 0;
  let found = 0;
  for (const n of outcomes.values()) found += n;
  return {
    found,
    added: of("added"),
    changed: of("changed"),
    unchanged: of("unchanged"),
    removed: source.removed,
    skipped: of("skipped"),
    failed: of("failed"),
    missing: of("gone"),
  };
}
