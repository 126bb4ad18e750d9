/** What the shapes of several resources are made of. */
import { z } from "zod";

export const id = z.uuid().describe("UUIDv7");
export const timestamp = z.iso.datetime().describe("ISO 8601, UTC");
export const text = (max: number) => z.string().trim().min(1).max(max);

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("stable, for programs"),
  detail: z.string().describe("what happened and what to do, for people"),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe("`nextCursor` of the page before"),
});

export function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export type Problem = z.infer<typeof problem>;
