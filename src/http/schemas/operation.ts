/** Jobs and health. */
import { z } from "zod";
import { id, list, page, timestamp } from "./common.ts";

export const jobState = z.enum(["ready", "running", "dead"]);
export const jobQuery = page.extend({ state: jobState.default("dead") });
export const jobList = list(
  z.object({
    id,
    type: z.string(),
    state: jobState,
    attempts: z.int(),
    maxAttempts: z.int(),
    runAt: timestamp,
    lastError: z.string().nullable(),
    createdAt: timestamp,
  }),
);

export const live = z.object({ status: z.literal("ok"), version: z.string() });
export const ready = z.object({
  status: z.enum(["ok", "failed"]),
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), durationMs: z.number() }),
  ),
});
