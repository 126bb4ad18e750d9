/** `/api/v1/sources`: web sites that are read by themselves. */
import { z } from "zod";
import type { App } from "../app.ts";
import type { Reader } from "../db/transaction.ts";
import { type ListedPage, listPages } from "../knowledge/web/page-list.ts";
import { countsOf, getSource, listSources, type StoredSource } from "../knowledge/web/source-table.ts";
import { decodeIdCursor, defineRoute, iso, json, noContent, pageOf, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const byId = z.object({ id: schemas.id });
const tag = "Web sources";

function sourceBody(reader: Reader, source: StoredSource): schemas.SourceBody {
  const { id, url, kind, maxPages, maxDepth, schedule, status, errorCode, startedAt, finishedAt } = source;
  return {
    ...{ id, url, kind, maxPages, maxDepth, schedule, status },
    include: [...source.include],
    exclude: [...source.exclude],
    ...(errorCode === null ? {} : { error: { code: errorCode, message: source.errorMessage ?? "" } }),
    lastRun:
      startedAt === null
        ? null
        : {
            startedAt: iso(startedAt),
            finishedAt: finishedAt === null ? null : iso(finishedAt),
            pages: countsOf(reader, source),
          },
    nextRunAt: source.nextRunAt === null ? null : iso(source.nextRunAt),
    createdAt: iso(source.createdAt),
  };
}

function pageBody({ id, url, status, documentId, reason, checkedAt }: ListedPage): schemas.SourcePageBody {
  return {
    ...{ id, url, status, lastChecked: checkedAt === null ? null : iso(checkedAt) },
    ...(documentId === null ? {} : { documentId }),
    ...(reason === null ? {} : { reason }),
  };
}

export function sourceRoutes(app: App): Route[] {
  const { store, webSources } = app;
  const bodyOf = (tenantId: string, source: StoredSource) =>
    store.read(tenantId, (reader) => sourceBody(reader, source));
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/sources",
      access: "tenant",
      tag,
      summary: "Add a web site and read it; the same address again gives the one that is there, as it is",
      body: schemas.sourceRequest,
      responses: { 201: schemas.source, 200: schemas.source },
      handle: async ({ body, tenantId }) => {
        const { source, created } = await webSources.add(tenantId, body);
        return json(created ? 201 : 200, await bodyOf(tenantId, source));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/sources",
      access: "tenant",
      tag,
      summary: "List web sites, newest first",
      query: schemas.page,
      responses: { 200: schemas.sourceList },
      handle: async ({ query, tenantId }) => {
        const before = decodeIdCursor(query.cursor);
        const page = await store.read(tenantId, (reader) =>
          pageOf(
            listSources(reader, { before, limit: query.limit + 1 }),
            query.limit,
            (row) => row.id,
            (row) => sourceBody(reader, row),
          ),
        );
        return json(200, page);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/sources/{id}",
      access: "tenant",
      tag,
      summary: "Get a web site, with what its last run found",
      params: byId,
      responses: { 200: schemas.source },
      handle: async ({ params, tenantId }) =>
        json(200, await store.read(tenantId, (reader) => sourceBody(reader, getSource(reader, params.id)))),
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/sources/{id}",
      access: "tenant",
      tag,
      summary: "Change how much of a web site is read, and when; what is left out stays",
      params: byId,
      body: schemas.sourcePatch,
      responses: { 200: schemas.source },
      handle: async ({ params, body, tenantId }) =>
        json(200, await bodyOf(tenantId, await webSources.change(tenantId, params.id, given(body)))),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/sources/{id}",
      access: "tenant",
      tag,
      summary: "Delete a web site, with its documents or without",
      params: byId,
      query: schemas.sourceDeletion,
      responses: { 204: null },
      handle: async ({ params, query, tenantId }) => {
        await webSources.remove(tenantId, params.id, query.documents);
        return noContent();
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/sources/{id}/crawl",
      access: "tenant",
      tag,
      summary: "Read a web site now; a run that is under way goes on",
      params: byId,
      responses: { 200: schemas.source },
      handle: async ({ params, tenantId }) =>
        json(200, await bodyOf(tenantId, await webSources.crawl(tenantId, params.id))),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/sources/{id}/crawl",
      access: "tenant",
      tag,
      summary: "End the run that is under way; what it has read stays",
      params: byId,
      responses: { 200: schemas.source },
      handle: async ({ params, tenantId }) =>
        json(200, await bodyOf(tenantId, await webSources.cancel(tenantId, params.id))),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/sources/{id}/pages",
      access: "tenant",
      tag,
      summary: "List the pages of a web site, with what became of each",
      params: byId,
      query: schemas.page,
      responses: { 200: schemas.sourcePageList },
      handle: async ({ params, query, tenantId }) => {
        const after = decodeIdCursor(query.cursor);
        const rows = await store.read(tenantId, (reader) => {
          const source = getSource(reader, params.id);
          return listPages(reader, source, { after, limit: query.limit + 1 });
        });
        return json(
          200,
          pageOf(rows, query.limit, (row) => row.id, pageBody),
        );
      },
    }),
  ];
}

/** Without the settings that were left out. */
function given<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
