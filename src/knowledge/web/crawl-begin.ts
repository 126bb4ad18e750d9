/** How a run begins: where the site is, what its robots.txt says, and which sitemaps there are. */
import { rename, writeFile } from "node:fs/promises";
import { type CrawlRun, RunFailed } from "./crawl-run.ts";
import { type RobotsFindings, robotsFindings } from "./inspect-protocol.ts";
import type { PageFailure } from "./page-failure.ts";
import { changeSource } from "./source-table.ts";
import { isSameSite, normaliseAddress } from "./web-address.ts";

/** What a crawler has to read of a robots.txt at least (RFC 9309). */
const maxRobots = 500 * 1024;

interface Place {
  readonly start: string;
  /** The site's own origin first. */
  readonly origins: readonly string[];
}

/** @throws RunFailed, RunOver */
export async function begin(run: CrawlRun): Promise<void> {
  const { source } = run;
  const asked: Place = { start: source.url, origins: [new URL(source.url).origin] };
  const first = await readRobots(run, asked);
  const place = await locate(run, asked);
  const isElsewhere = place.origins[0] !== asked.origins[0];
  const robots =
    isElsewhere || place.start !== asked.start ? await readRobots(run, place, isElsewhere) : first;
  const sitemaps = source.kind === "sitemap" ? [place.start] : sitemapsOf(robots, place);
  await run.transact((writer, current) => {
    changeSource(writer, source.id, {
      ...{ origins: place.origins, delayMs: robots.delayMs, phase: "sitemaps", failedInRow: 0 },
      start: source.kind === "site" ? place.start : null,
    });
    run.addTo(writer, current, "sitemap", 0, sitemaps);
    if (source.kind === "site") run.addTo(writer, current, "page", 0, [place.start]);
  });
}

function sitemapsOf(robots: RobotsFindings, place: Place): readonly string[] {
  return robots.sitemaps.length > 0 ? robots.sitemaps : [`${place.origins[0] ?? ""}/sitemap.xml`];
}

/** Follows the start's redirects, as long as they stay on the site but for `www.` and https. */
async function locate(run: CrawlRun, asked: Place): Promise<Place> {
  const from = new URL(asked.start);
  const fetched = await run.options.fetcher.fetch({
    ...{ url: asked.start, path: run.newDownload(), signal: run.signal },
    mayFollow: (next) => isSameSite(from, next),
    takes: () => false,
  });
  if (fetched.kind === "failed") throw failedRun(fetched);
  if (fetched.kind === "moved")
    throw new RunFailed(
      "moved_away",
      `The site sends visitors on to ${fetched.to}. If that is where it is now, add that address instead.`,
    );
  const start = fetched.kind === "unwanted" ? normaliseAddress(fetched.url) : null;
  if (start === null) return asked;
  const { origin } = new URL(start);
  return { start, origins: origin === from.origin ? asked.origins : [origin, from.origin] };
}

/**
 * Keeps the robots.txt of the place's own origin for the run. One that is not there allows everything; one that the
 * site cannot give at the moment allows nothing, as RFC 9309 has it.
 */
async function readRobots(run: CrawlRun, place: Place, fetchAnew = true): Promise<RobotsFindings> {
  if (fetchAnew) await fetchRobots(run, place.origins[0] ?? "");
  const { include, exclude } = run.source;
  const scope = { origins: place.origins, include, exclude, start: place.start };
  const file = { path: run.robotsPath, fileName: "robots.txt" };
  const robots = await run.inspect(robotsFindings, file, { kind: "robots", url: place.start, scope });
  if (run.source.kind === "sitemap") return robots;
  if (!robots.allowed)
    throw new RunFailed(
      "robots_disallow",
      `The site's robots.txt does not allow MetaChat to read ${place.start}. If it is your site, allow it there; single pages can be added by their addresses.`,
    );
  if (robots.address === null)
    throw new RunFailed("excluded", `The start page ${place.start} is excluded, or is not a page of text.`);
  return robots;
}

async function fetchRobots(run: CrawlRun, origin: string): Promise<void> {
  const path = run.newDownload();
  const fetched = await run.options.fetcher.fetch({
    ...{ url: `${origin}/robots.txt`, path, signal: run.signal, cutAt: maxRobots },
    mayFollow: () => true,
  });
  const isThere = fetched.kind === "content";
  const isRefused = fetched.kind === "failed" && (fetched.code === "not_found" || fetched.code === "refused");
  if (fetched.kind === "failed" && !isRefused) throw failedRun(fetched);
  if (!isThere) await writeFile(path, "");
  await rename(path, run.robotsPath);
}

function failedRun(failure: PageFailure): RunFailed {
  return new RunFailed(failure.code, failure.message, failure.retryAfterMs !== null);
}
