/** The parsing child's answers about files of the web. */
import { inspectPage } from "./inspect-page.ts";
import {
  mostSitemaps,
  type PageFindings,
  type RobotsFindings,
  robotsAgent,
  type SitemapFindings,
  type WebTask,
} from "./inspect-protocol.ts";
import { inspectSitemap } from "./inspect-sitemap.ts";
import { readRobots } from "./link-sieve.ts";
import { addressOnSite, isWanted } from "./web-address.ts";

const maxDelayMs = 10_000;

/** @throws LoadError */
export function inspectWeb(
  bytes: Uint8Array,
  fileName: string,
  task: WebTask,
): PageFindings | SitemapFindings | RobotsFindings {
  if (task.kind === "page") return inspectPage(bytes, fileName, task);
  return task.kind === "sitemap" ? inspectSitemap(bytes, task) : inspectRobots(task);
}

/** What a robots.txt says about the site and about one address. Its delay is kept to ten seconds. */
function inspectRobots({ url, robotsPath, scope }: WebTask): RobotsFindings {
  const robots = readRobots(robotsPath, scope);
  const sitemaps = new Set<string>();
  for (const named of robots.getSitemaps()) {
    const address = addressOnSite(named, url, scope);
    if (address !== null && sitemaps.size < mostSitemaps) sitemaps.add(address);
  }
  const address = addressOnSite(url, url, scope);
  const seconds = robots.getCrawlDelay(robotsAgent) ?? 0;
  return {
    sitemaps: [...sitemaps],
    delayMs: Math.min(maxDelayMs, Math.max(0, seconds * 1000)),
    address: address !== null && isWanted(address, scope) ? address : null,
    allowed: address === null || robots.isAllowed(address, robotsAgent) !== false,
  };
}
