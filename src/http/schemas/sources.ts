/** `/api/v1/sources`. */
import { z } from "zod";
import { maxSchedule, scheduleMistake } from "../../knowledge/web/schedule.ts";
import { id, list, timestamp } from "./common.ts";
import { webAddress } from "./documents.ts";

const pathPattern = z
  .string()
  .trim()
  .max(300)
  .regex(/^[/*][^\p{Cc}]*$/u, "a path that begins with /, and may hold * for anything")
  .describe(
    "`/help/`: every path that begins so; with `*` for anything, the whole path and query must match",
  );
const patterns = z.array(pathPattern).max(50);
const schedule = z
  .string()
  .trim()
  .min(1)
  .max(maxSchedule)
  .superRefine((value, context) => {
    const mistake = scheduleMistake(value);
    if (mistake !== null) context.addIssue({ code: "custom", message: `"${value}" ${mistake}` });
  })
  .describe(
    "`never`, `daily`, `weekly` (at night, UTC), or a cron expression of five parts in UTC that is due at most hourly",
  );
const sourceSettings = z.strictObject({
  maxPages: z.int().min(1).max(5000),
  maxDepth: z
    .int()
    .min(0)
    .max(20)
    .describe("links from the start page; without meaning where a sitemap is read"),
  include: patterns.describe("pages of other paths are not read, the start page for its links only"),
  exclude: patterns,
  schedule,
});
const sourceKind = z
  .enum(["site", "sitemap"])
  .describe(
    "`site`: its sitemap if there is one, else links are followed; `sitemap`: the pages that it names",
  );
export const sourceRequest = sourceSettings.extend({
  url: webAddress.describe("of the start page or the sitemap; only pages of its own site are read"),
  kind: sourceKind.default("site"),
  maxPages: sourceSettings.shape.maxPages.default(200),
  maxDepth: sourceSettings.shape.maxDepth.default(3),
  include: sourceSettings.shape.include.default([]),
  exclude: sourceSettings.shape.exclude.default([]),
  schedule: sourceSettings.shape.schedule.default("never"),
});
export const sourcePatch = sourceSettings.partial();
export const source = z.object({
  id,
  url: z.string(),
  kind: sourceKind,
  maxPages: z.int(),
  maxDepth: z.int(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  schedule: z.string(),
  status: z.enum(["idle", "running", "failed"]),
  error: z.object({ code: z.string(), message: z.string() }).optional().describe("why the last run failed"),
  lastRun: z
    .object({
      startedAt: timestamp,
      finishedAt: timestamp.nullable().describe("null while it is under way"),
      pages: z.object({
        found: z.int(),
        added: z.int(),
        changed: z.int(),
        unchanged: z.int(),
        removed: z.int().describe("documents of pages that are not there any more"),
        skipped: z.int(),
        failed: z.int(),
        missing: z.int().describe("links that lead to no page"),
      }),
    })
    .nullable(),
  nextRunAt: timestamp.nullable(),
  createdAt: timestamp,
});
export const sourceList = list(source);
export const sourceDeletion = z.object({
  documents: z
    .enum(["delete", "keep"])
    .default("delete")
    .describe("`keep`: the pages that were read stay, each a document of its own"),
});
export const sourcePage = z.object({
  id,
  url: z.string(),
  status: z
    .enum(["waiting", "indexed", "skipped", "gone", "failed"])
    .describe("`gone`: it is not there any more; `failed`: what was read of it before is still used"),
  documentId: id.optional(),
  lastChecked: timestamp.nullable(),
  reason: z.string().optional().describe("why it failed or was skipped"),
});
export const sourcePageList = list(sourcePage);

export type SourceBody = z.infer<typeof source>;
export type SourcePageBody = z.infer<typeof sourcePage>;
