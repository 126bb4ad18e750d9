/** The pages of a run: which it has found, and which of them still wait. */
import { and, asc, eq, sql } from "drizzle-orm";
import { documents, webPages } from "../../db/tenant-schema.ts";
import type { Reader, Writer } from "../../db/transaction.ts";
import { liveDocument, type PageKind, pageColumns, type RunKey, type StoredPage } from "./page-table.ts";

/** Puts addresses into a run that are not in it yet. @returns false when there was no room for all of them */
export function addToRun(
  writer: Writer,
  run: RunKey & { readonly most: number },
  found: { readonly kind: PageKind; readonly depth: number; readonly urls: readonly string[] },
): boolean {
  const { sourceId, run: number, most } = run;
  const counted = writer.get<{ n: number }>(
    "SELECT count(*) AS n FROM web_pages WHERE source_id = ? AND run = ? AND kind = ? AND refused = 0",
    sourceId,
    number,
    found.kind,
  );
  const unknown = writer.all<{ url: string }>(
    `SELECT value AS url FROM json_each(?) WHERE NOT EXISTS (
       SELECT 1 FROM web_pages WHERE source_id = ? AND url = value AND run = ?)`,
    JSON.stringify(found.urls),
    sourceId,
    number,
  );
  const room = Math.max(0, most - (counted?.n ?? 0));
  const rows = unknown.slice(0, room).map(({ url }) => ({ id: Bun.randomUUIDv7(), url }));
  writer.run(
    `INSERT INTO web_pages (id, source_id, url, kind, depth, run, waiting)
     SELECT value ->> 'id', ?, value ->> 'url', ?, ?, ?, 1 FROM json_each(?) WHERE true
     ON CONFLICT (source_id, url) DO UPDATE SET kind = excluded.kind, depth = excluded.depth, run = excluded.run,
       waiting = 1, tries = 0, not_before = 0, outcome = NULL, reason = NULL, refused = 0, leads_to = NULL,
       same_as = NULL`,
    sourceId,
    found.kind,
    found.depth,
    number,
    JSON.stringify(rows),
  );
  return unknown.length <= room;
}

const mostRefused = 200;

/** Notes addresses that robots.txt forbids. They take no room of the run's pages, and only the first are kept. */
export function addRefused(writer: Writer, run: RunKey, urls: readonly string[]): void {
  const noted = writer.get<{ n: number }>(
    "SELECT count(*) AS n FROM web_pages WHERE source_id = ? AND run = ? AND refused = 1",
    run.sourceId,
    run.run,
  );
  const room = Math.max(0, mostRefused - (noted?.n ?? 0));
  const rows = urls.slice(0, room).map((url) => ({ id: Bun.randomUUIDv7(), url }));
  writer.run(
    `INSERT INTO web_pages (id, source_id, url, run, refused, outcome, reason, checked_at)
     SELECT value ->> 'id', ?, value ->> 'url', ?, 1, 'skipped', ?, ? FROM json_each(?) WHERE true
     ON CONFLICT (source_id, url) DO UPDATE SET run = excluded.run, refused = 1, outcome = excluded.outcome,
       waiting = 0, reason = excluded.reason, checked_at = excluded.checked_at WHERE web_pages.run < excluded.run`,
    run.sourceId,
    run.run,
    "The site's robots.txt does not allow it.",
    Date.now(),
    JSON.stringify(rows),
  );
}

/** The next pages of a run that may be fetched now, sitemaps apart, those nearest to the start first. */
export function waitingPages(reader: Reader, run: RunKey, kind: PageKind, limit: number): StoredPage[] {
  return reader.db
    .select(pageColumns)
    .from(webPages)
    .leftJoin(documents, liveDocument)
    .where(
      and(
        eq(webPages.sourceId, run.sourceId),
        // Written out, so that the index of waiting pages is used.
        sql`${webPages.waiting} = 1`,
        eq(webPages.run, run.run),
        eq(webPages.kind, kind),
        sql`${webPages.notBefore} <= ${Date.now()}`,
      ),
    )
    .orderBy(asc(webPages.depth), asc(webPages.id))
    .limit(limit)
    .all();
}

/** When the next page of a run may be fetched, in milliseconds; null: none waits. */
export function nextWaiting(reader: Reader, run: RunKey, kind: PageKind): number | null {
  const row = reader.get<{ at: number | null }>(
    "SELECT min(not_before) AS at FROM web_pages WHERE source_id = ? AND waiting = 1 AND run = ? AND kind = ?",
    run.sourceId,
    run.run,
    kind,
  );
  return row?.at ?? null;
}

/** How many pages of which outcome a run has so far. */
export function countOutcomes(reader: Reader, sourceId: string, run: number): ReadonlyMap<string, number> {
  const rows = reader.all<{ outcome: string; n: number }>(
    `SELECT coalesce(outcome, 'waiting') AS outcome, count(*) AS n FROM web_pages
     WHERE source_id = ? AND run = ? AND kind = 'page' GROUP BY 1`,
    sourceId,
    run,
  );
  return new Map(rows.map(({ outcome, n }) => [outcome, n]));
}

/** Whether the run has found pages beside the one it started with. */
export function hasPagesBeside(reader: Reader, sourceId: string, run: number, start: string): boolean {
  return (
    reader.get(
      "SELECT 1 FROM web_pages WHERE source_id = ? AND run = ? AND kind = 'page' AND url <> ? LIMIT 1",
      sourceId,
      run,
      start,
    ) !== undefined
  );
}
