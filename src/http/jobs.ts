/** `/api/v1/jobs`: what waits, runs, or was given up. */
import { z } from "zod";
import type { App } from "../app.ts";
import { notFound } from "../errors.ts";
import { discardJob, listJobs, replayJob } from "../jobs/job-table.ts";
import { decodeIdCursor, defineRoute, iso, json, noContent, pageOf, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const byId = z.object({ id: schemas.id });

export function jobRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/jobs",
      access: "tenant",
      tag: "Jobs",
      summary: "List jobs of a state, oldest first",
      query: schemas.jobQuery,
      responses: { 200: schemas.jobList },
      handle: async ({ query, tenantId }) => {
        const after = decodeIdCursor(query.cursor) ?? "";
        const rows = await app.store.read(tenantId, (reader) =>
          listJobs(reader, query.state, after, query.limit + 1),
        );
        const page = pageOf(
          rows,
          query.limit,
          (row) => row.id,
          ({ runAt, createdAt, ...job }) => ({ ...job, runAt: iso(runAt), createdAt: iso(createdAt) }),
        );
        return json(200, page);
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/jobs/{id}/replay",
      access: "tenant",
      tag: "Jobs",
      summary: "Run a dead job again",
      params: byId,
      responses: { 204: null },
      handle: async ({ params, tenantId }) => {
        if (!(await app.queue.transact(tenantId, (writer) => replayJob(writer, params.id))))
          throw notFound("dead job");
        return noContent();
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/jobs/{id}",
      access: "tenant",
      tag: "Jobs",
      summary: "Discard a dead job",
      params: byId,
      responses: { 204: null },
      handle: async ({ params, tenantId }) => {
        if (!(await app.store.transact(tenantId, (writer) => discardJob(writer, params.id))))
          throw notFound("dead job");
        return noContent();
      },
    }),
  ];
}
