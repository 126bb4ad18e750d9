/** `/api/v1/documents` */
import { z } from "zod";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { findDocuments } from "../knowledge/document-list.ts";
import { getDocument, hasContent, listChunks } from "../knowledge/documents.ts";
import type { Upload } from "../knowledge/knowledge.ts";
import { findPair } from "../knowledge/question-answer-table.ts";
import { originalOf } from "../knowledge/question-answers.ts";
import { learningFailure } from "../knowledge/remote-embedders.ts";
import { tempFolder } from "../tenants/data-folder.ts";
import { readJson } from "./body.ts";
import { chunkBody, documentBody } from "./document-bodies.ts";
import { addPairs, changePair, isPair, wholeBody } from "./document-pairs.ts";
import { ReceivedForm, safeFileName } from "./multipart.ts";
import { parseInput } from "./problem.ts";
import { decodeCursor, decodeIdCursor, defineRoute, json, noContent, pageOf, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const maxTextJson = 4 * 1024 * 1024;
const maxFiles = 100;
const uploadBodies = {
  "multipart/form-data": {
    schema: {
      type: "object",
      required: ["file"],
      properties: { file: { type: "array", items: { type: "string", format: "binary" } } },
    },
  },
  "application/json": {
    schema: z.toJSONSchema(z.union([schemas.textDocument, schemas.questionAnswer]), {
      io: "input",
    }),
  },
} as const;
const newBodies = {
  ...uploadBodies,
  "application/json": {
    schema: {
      anyOf: [
        schemas.textDocument,
        schemas.pageDocument,
        schemas.questionAnswer,
        schemas.questionAnswers,
      ].map((body) => z.toJSONSchema(body, { io: "input" })),
    },
  },
} as const;
const byId = z.object({ id: schemas.id });

export function documentRoutes(app: App): Route[] {
  const { knowledge, singlePages, store } = app;
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/documents",
      access: "tenant",
      tag: "Documents",
      summary:
        "Add documents: files (multipart, field `file`, several), text, a web page, or questions with their answers (JSON)",
      rawBody: newBodies,
      responses: { 201: schemas.documentCreated, 200: schemas.documentCreated },
      handle: async ({ request, tenantId }) => {
        const body = await jsonOf(request);
        if (isPair(body)) return addPairs(app, tenantId, body);
        if (namesPage(body)) {
          const page = parseInput(schemas.pageDocument, body, "body");
          const { document, created } = await singlePages.add(tenantId, page);
          return json(created ? 201 : 200, { items: [documentBody(document)] });
        }
        await using form = await formOf(app, request, body);
        const items: schemas.DocumentBody[] = [];
        let created = false;
        for (const upload of uploadsOf(form, body)) {
          const result = await knowledge.add(tenantId, upload);
          created ||= result.created;
          items.push(documentBody(result.document));
        }
        return json(created ? 201 : 200, { items });
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents",
      access: "tenant",
      tag: "Documents",
      summary: "List documents, newest first",
      query: schemas.documentQuery,
      responses: { 200: schemas.documentList },
      handle: async ({ query, tenantId }) => {
        const { limit, cursor, q: text, status, source, tag, language } = query;
        const filter = {
          text,
          status,
          sources: source && [source],
          tags: tag === undefined ? undefined : [tag],
          languages: language === undefined ? undefined : [language],
        };
        const page = { before: decodeIdCursor(cursor), limit: limit + 1 };
        const rows = await findDocuments(store, tenantId, filter, page);
        const failure = await store.read(tenantId, learningFailure);
        return json(
          200,
          pageOf(
            rows,
            limit,
            (row) => row.id,
            (row) => documentBody(row, failure),
          ),
        );
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}",
      access: "tenant",
      tag: "Documents",
      summary: "Get a document",
      params: byId,
      responses: { 200: schemas.document },
      handle: async ({ params, tenantId }) =>
        json(200, await store.read(tenantId, (reader) => wholeBody(reader, params.id))),
    }),
    defineRoute({
      method: "PUT",
      path: "/api/v1/documents/{id}",
      access: "tenant",
      tag: "Documents",
      summary:
        "Put a new version in a document's place; the old one is searched until the new one is ready, a new answer is given at once",
      params: byId,
      rawBody: uploadBodies,
      responses: { 200: schemas.document },
      handle: async ({ params, request, tenantId }) => {
        const current = await store.read(tenantId, (reader) => getDocument(reader, params.id));
        const body = await jsonOf(request);
        const { source } = current;
        if (source === "qa" || isPair(body)) return changePair(app, tenantId, params.id, source, body);
        await using form = await formOf(app, request, body);
        const [upload, ...more] = uploadsOf(form, body);
        if (upload === undefined || more.length > 0)
          throw new AppError("invalid_request", "A new version is one file.");
        // A title that its owner chose is worth more than the name of the new file.
        const renamed = upload.source === "upload" && current.title !== current.fileName;
        const next = renamed ? { ...upload, title: current.title } : upload;
        await knowledge.replace(tenantId, params.id, next);
        return json(200, await store.read(tenantId, (reader) => wholeBody(reader, params.id)));
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/documents/{id}",
      access: "tenant",
      tag: "Documents",
      summary: "Delete a document with every trace of it",
      params: byId,
      responses: { 204: null },
      handle: async ({ params, tenantId }) => {
        await knowledge.remove(tenantId, params.id);
        return noContent();
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/documents/{id}/retry",
      access: "tenant",
      tag: "Documents",
      summary: "Read a failed document again",
      params: byId,
      responses: { 200: schemas.document },
      handle: async ({ params, tenantId }) => {
        await knowledge.retry(tenantId, params.id);
        return json(200, await store.read(tenantId, (reader) => wholeBody(reader, params.id)));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}/chunks",
      access: "tenant",
      tag: "Documents",
      summary: "List the passages of a document",
      params: byId,
      query: schemas.page,
      responses: { 200: schemas.chunkList },
      handle: async ({ params, query, tenantId }) => {
        const cursor = decodeCursor(query.cursor);
        const after = cursor === undefined ? -1 : Number(cursor);
        if (cursor !== undefined && !/^\d{1,9}$/.test(cursor))
          throw new AppError("invalid_request", "query.cursor: not a cursor of this list");
        const rows = await store.read(tenantId, (reader) => {
          getDocument(reader, params.id);
          return listChunks(reader, params.id, after, query.limit + 1);
        });
        const page = pageOf(rows, query.limit, (row) => String(row.position), chunkBody);
        return json(200, page);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/documents/{id}/original",
      access: "tenant",
      tag: "Documents",
      summary: "Download the original as it was uploaded",
      params: byId,
      responses: { 200: "application/octet-stream" },
      handle: async ({ params, tenantId }) => {
        const { document, pair } = await store.read(tenantId, (reader) => ({
          document: getDocument(reader, params.id),
          pair: findPair(reader, params.id),
        }));
        if (!hasContent(document))
          throw new AppError("not_found", "This page has not been fetched: there is no original of it.");
        const original =
          pair === undefined ? Bun.file(knowledge.originalPath(tenantId, params.id)) : originalOf(pair).text;
        // Always as an attachment of no type that a browser runs: uploads are other people's HTML and SVG.
        return new Response(original, {
          headers: {
            "content-type": "application/octet-stream",
            "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(document.fileName)}`,
            "content-security-policy": "sandbox; default-src 'none'",
          },
        });
      },
    }),
  ];
}

/** The body, where it is JSON. */
async function jsonOf(request: Request): Promise<unknown> {
  const isJson = /^application\/json/i.test(request.headers.get("content-type") ?? "");
  return isJson ? readJson(request, maxTextJson) : undefined;
}

/** The form, where the body is not JSON. */
async function formOf(app: App, request: Request, body: unknown): Promise<ReceivedForm | null> {
  if (body !== undefined) return null;
  const { maxUploadBytes, data } = app.config;
  const bytes = Math.max(maxUploadBytes * 2, maxUploadBytes + 1024 * 1024);
  return ReceivedForm.read(request, { bytes, fileBytes: maxUploadBytes, files: maxFiles }, tempFolder(data));
}

function uploadsOf(form: ReceivedForm | null, body: unknown): Upload[] {
  if (form === null) return [textUpload(body)];
  const { files } = form;
  if (files.length === 0) throw new AppError("invalid_request", "The form has no file in the field `file`.");
  return files.map(({ name, content }) => ({
    source: "upload",
    title: name,
    fileName: name,
    mediaType: "application/octet-stream",
    content,
  }));
}

function namesPage(body: unknown): boolean {
  return typeof body === "object" && body !== null && "url" in body;
}

function textUpload(body: unknown): Upload {
  const { title, text } = parseInput(schemas.textDocument, body, "body");
  const content = new Blob([text]);
  return {
    source: "text",
    title,
    fileName: `${safeFileName(title)}.md`,
    mediaType: "text/markdown",
    content,
  };
}
