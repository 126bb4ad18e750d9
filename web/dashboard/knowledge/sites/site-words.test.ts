import { describe, expect, test } from "bun:test";
import type { SourceCounts, SourceRun } from "../../api/types.ts";
import { draftOf, NEW_SITE, scheduleInWords, settingsOf } from "./site-draft.ts";
import { countsInWords, siteName, siteState } from "./site-words.ts";

const counts: SourceCounts = {
  found: 46,
  added: 3,
  changed: 1,
  unchanged: 40,
  removed: 0,
  skipped: 2,
  failed: 0,
  missing: 0,
};
const run = (more: Partial<SourceCounts> = {}): SourceRun => ({
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: "2026-01-01T00:01:00Z",
  pages: { ...counts, ...more },
});

describe("a site in words", () => {
  test.each([
    ["https://shop.example/", "shop.example"],
    ["https://shop.example:8080/help/", "shop.example:8080/help/"],
    ["nonsense", "nonsense"],
  ])("%p is called %p", (url, name) => {
    expect(siteName(url)).toBe(name);
  });

  test.each([
    [{ status: "idle" as const, lastRun: null }, "Not read yet"],
    [{ status: "running" as const, lastRun: null }, "Looking for pages"],
    [
      { status: "running" as const, lastRun: run({ added: 0, unchanged: 0 }) },
      "Reading: 3 of 46 pages so far",
    ],
    [{ status: "idle" as const, lastRun: run() }, "46 pages found"],
    [{ status: "idle" as const, lastRun: run({ failed: 4 }) }, "46 pages found, 4 of them could not be read"],
    [{ status: "failed" as const, lastRun: run() }, "Could not be read"],
  ])("%p", (source, words) => {
    expect(siteState(source).words).toBe(words);
  });

  test("of a run only what happened is said", () => {
    expect(countsInWords(counts)).toBe("3 new · 1 changed · 40 as before · 2 left out");
    const withGaps = { ...counts, added: 0, missing: 3 };
    expect(countsInWords(withGaps)).toBe("1 changed · 40 as before · 2 left out · 3 not there");
  });
});

describe("a site's settings", () => {
  test("come back from the form as they went in", () => {
    const settings = {
      maxPages: 120,
      maxDepth: 3,
      schedule: "0 4 * * 1",
      include: ["/help/", "/faq"],
      exclude: ["/help/old/*"],
    };
    expect(settingsOf(draftOf(settings))).toEqual(settings);
    expect(settingsOf({ ...NEW_SITE, include: " /a \n\njobs/\n*.html\n/a" }).include).toEqual([
      "/a",
      "/jobs/",
      "*.html",
    ]);
  });

  test("name a schedule of one's own as it is", () => {
    expect(scheduleInWords("daily")).toBe("Every night");
    expect(scheduleInWords("0 4 * * 1")).toBe("By the schedule 0 4 * * 1");
  });
});
