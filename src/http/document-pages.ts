/** What the pages about documents need beyond the documents themselves. */
import { z } from "zod";
import type { App } from "../app.ts";
import { questionsAbout } from "../conversations/document-questions.ts";
import { AppError } from "../errors.ts";
import { summariseDocuments } from "../knowledge/document-list.ts";
import { readTextSlice } from "../knowledge/document-text.ts";
import { getChunk, getDocument } from "../knowledge/documents.ts";
import { chunkBody } from "./document-bodies.ts";
import { wholeBody } from "./document-pairs.ts";
import { defineRoute, iso, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const byId = z.object({ id: schemas.id });
const tag = "Documents";
const mostTags = 200;

/** Most documents first. */
function counted(counts: ReadonlyMap<string, number>, limit = Number.POSITIVE_INFINITY) {
  return [...counts]
    .map(([name, documents]) => ({ name, documents }))
    .sort((a, b) => b.documents - a.documents || a.name.localeCompare(b.name))
    .slice(0, limit);
}

export function documentPageRoutes(app: App): Route[] {
  const { knowledge, store } = app;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/summary",
      access: "tenant",
      tag,
      summary: "Count documents and passages, by state, kind, language and tag",
      responses: { 200: schemas.documentSummary },
      handle: async ({ tenantId }) => {
        const summary = await summariseDocuments(store, tenantId);
        const body: schemas.DocumentSummary = {
          documents: summary.documents,
          passages: summary.passages,
          byStatus: summary.byStatus,
          bySource: counted(summary.bySource),
          byLanguage: counted(summary.byLanguage),
          byTag: counted(summary.byTag, mostTags),
        };
        return json(200, body);
      },
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/documents/{id}",
      access: "tenant",
      tag,
      summary: "Change a document's title or tags; what is left out stays",
      params: byId,
      body: schemas.documentChange,
      responses: { 200: schemas.document },
      handle: async ({ params, body, tenantId }) => {
        await knowledge.change(tenantId, params.id, body);
        return json(200, await store.read(tenantId, (reader) => wholeBody(reader, params.id)));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}/chunks/{chunkId}",
      access: "tenant",
      tag,
      summary: "Get a passage of a document",
      params: byId.extend({ chunkId: schemas.id }),
      responses: { 200: schemas.chunk },
      handle: async ({ params, tenantId }) => {
        const chunk = await store.read(tenantId, (reader) => {
          getDocument(reader, params.id);
          return getChunk(reader, params.id, params.chunkId);
        });
        return json(200, chunkBody(chunk));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}/text",
      access: "tenant",
      tag,
      summary: "Read a part of a document's plain text, in which the offsets of its passages count",
      params: byId,
      query: schemas.textQuery,
      responses: { 200: schemas.textSlice },
      handle: async ({ params, query, tenantId }) => {
        await store.read(tenantId, (reader) => getDocument(reader, params.id));
        const path = knowledge.textPath(tenantId, params.id);
        const slice = await readTextSlice(path, query.from, query.length);
        if (slice === null)
          throw new AppError("not_found", "The text of this document is not there: it was not read yet.");
        return json(200, slice);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}/questions",
      access: "tenant",
      tag,
      summary: "List the latest questions that were answered from a document, among the last 3,000 messages",
      params: byId,
      query: schemas.questionQuery,
      responses: { 200: schemas.documentQuestions },
      handle: async ({ params, query, tenantId }) => {
        const { questions, ...rest } = await store.read(tenantId, (reader) => {
          getDocument(reader, params.id);
          return questionsAbout(reader, params.id, query.limit);
        });
        const items = questions.map(({ askedAt, confidence, action, ...question }) => ({
          ...question,
          askedAt: iso(askedAt),
          ...(confidence === null ? {} : { confidence }),
          ...(action === null ? {} : { action }),
        }));
        return json(200, { items, ...rest } satisfies schemas.DocumentQuestions);
      },
    }),
  ];
}
