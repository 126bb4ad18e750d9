/** What is said about a site and its pages. Pure. */
import type { SourceBody, SourceCounts, SourcePageBody } from "../../api/types.ts";
import { countOf } from "../words.ts";

/** "shop.example", or with the path where it is not the whole site. */
export function siteName(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return pathname === "/" ? host : `${host}${pathname}`;
  } catch {
    return url;
  }
}

export interface SiteState {
  readonly words: string;
  readonly tone: "waiting" | "working" | "ready" | "failed";
}

/** Pages of which is known what became of them, of those found so far. */
function settled({ added, changed, unchanged, skipped, failed, missing }: SourceCounts): number {
  return added + changed + unchanged + skipped + failed + missing;
}

export function siteState({ status, lastRun }: Pick<SourceBody, "status" | "lastRun">): SiteState {
  if (status === "failed") return { words: "Could not be read", tone: "failed" };
  if (status === "running") {
    if (lastRun === null || lastRun.pages.found === 0) return { words: "Looking for pages", tone: "working" };
    const found = countOf(lastRun.pages.found, "page", "pages");
    return {
      words: `Reading: ${settled(lastRun.pages).toLocaleString()} of ${found} so far`,
      tone: "working",
    };
  }
  if (lastRun === null) return { words: "Not read yet", tone: "waiting" };
  const { found, failed } = lastRun.pages;
  const broken = failed === 0 ? "" : `, ${failed.toLocaleString()} of them could not be read`;
  return {
    words: `${countOf(found, "page", "pages")} found${broken}`,
    tone: failed === 0 ? "ready" : "working",
  };
}

const OUTCOMES = [
  ["added", "new"],
  ["changed", "changed"],
  ["unchanged", "as before"],
  ["removed", "removed"],
  ["skipped", "left out"],
  ["failed", "not readable"],
  ["missing", "not there"],
] as const satisfies readonly (readonly [keyof SourceCounts, string])[];

/** "3 new · 1 changed · 40 as before"; what there is none of is not said. */
export function countsInWords(counts: SourceCounts): string {
  return OUTCOMES.filter(([name]) => counts[name] > 0)
    .map(([name, words]) => `${counts[name].toLocaleString()} ${words}`)
    .join(" · ");
}

const PAGES: Readonly<Record<SourcePageBody["status"], string>> = {
  waiting: "Waiting",
  indexed: "Read",
  skipped: "Left out",
  gone: "Not there any more",
  failed: "Could not be read",
};

export function pageState({ status }: Pick<SourcePageBody, "status">): string {
  return PAGES[status];
}
