/** `/api/v1/documents` */
import { basename } from "node:path";
import { z } from "zod";
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { getDocument, listChunks, listDocuments, type StoredDocument } from "../knowledge/documents.ts";
import type { Upload } from "../knowledge/knowledge.ts";
import { learningFailure } from "../knowledge/remote-embedders.ts";
import { readForm, readJson } from "./body.ts";
import { parseInput } from "./problem.ts";
import {
  decodeCursor,
  decodeIdCursor,
  defineRoute,
  iso,
  json,
  noContent,
  pageOf,
  type Route,
} from "./route.ts";
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
  "application/json": { schema: z.toJSONSchema(schemas.textDocument, { io: "input" }) },
} as const;
const byId = z.object({ id: schemas.id });

/** @param waitsFor why no meaning can be learnt at present; null: it can */
export function documentBody(document: StoredDocument, waitsFor: string | null = null): schemas.DocumentBody {
  const { id, title, source, mediaType, bytes, checksum, version, status, chunks, tags } = document;
  const error =
    document.errorCode === null
      ? {}
      : { error: { code: document.errorCode, message: document.errorMessage ?? "" } };
  const searchable = chunks === 0 ? "no" : document.embedded >= chunks ? "full" : "words";
  return {
    id,
    title,
    source,
    mediaType,
    bytes,
    checksum,
    version,
    status,
    searchable,
    progress: progressOf(document),
    ...error,
    chunks,
    ...(document.url === null ? {} : { url: document.url }),
    ...(document.language === null ? {} : { language: document.language }),
    tags: [...tags],
    ...noteOf(document, waitsFor),
    createdAt: iso(document.createdAt),
    updatedAt: iso(document.updatedAt),
  };
}

function noteOf(document: StoredDocument, waitsFor: string | null): { note?: string } {
  const waits = document.status === "processing" && document.embedded < document.chunks;
  if (waits && waitsFor !== null)
    return {
      note: `Found by its words so far. Learning its meaning goes on when the model can be used: ${waitsFor}`,
    };
  return document.note === null ? {} : { note: document.note };
}

/** Reading is about a fifth of the work, learning the meaning the rest. */
function progressOf(document: StoredDocument): number {
  if (document.status === "ready") return 1;
  if (document.status === "pending") return 0;
  if (document.chunks === 0) return document.status === "failed" ? 0 : 0.05;
  return Math.round((0.2 + (0.8 * document.embedded) / document.chunks) * 100) / 100;
}

/** The last part of a client's path, without what a file system or a header could trip over. */
export function safeFileName(name: string): string {
  const last = basename(name.replaceAll("\\", "/"))
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "")
    .trim();
  return last === "" || last === "." || last === ".." ? "document" : last.slice(0, 200);
}

export function documentRoutes(app: App): Route[] {
  const { knowledge, store } = app;
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/documents",
      access: "tenant",
      tag: "Documents",
      summary: "Add documents: files (multipart, field `file`, several) or text (JSON)",
      rawBody: uploadBodies,
      responses: { 201: schemas.documentCreated, 200: schemas.documentCreated },
      handle: async ({ request, tenantId }) => {
        const uploads = await uploadsOf(request, app.config.maxUploadBytes);
        const items: schemas.DocumentBody[] = [];
        let created = false;
        for (const upload of uploads) {
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
        const { limit, status } = query;
        const before = decodeIdCursor(query.cursor);
        const { rows, failure } = await store.read(tenantId, (reader) => ({
          rows: listDocuments(reader, { before, limit: limit + 1, status }),
          failure: learningFailure(reader),
        }));
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
        json(
          200,
          await store.read(tenantId, (reader) =>
            documentBody(getDocument(reader, params.id), learningFailure(reader)),
          ),
        ),
    }),
    defineRoute({
      method: "PUT",
      path: "/api/v1/documents/{id}",
      access: "tenant",
      tag: "Documents",
      summary: "Put a new version in a document's place; the old one is searched until the new one is ready",
      params: byId,
      rawBody: uploadBodies,
      responses: { 200: schemas.document },
      handle: async ({ params, request, tenantId }) => {
        await store.read(tenantId, (reader) => getDocument(reader, params.id));
        const [upload, ...more] = await uploadsOf(request, app.config.maxUploadBytes);
        if (upload === undefined || more.length > 0)
          throw new AppError("invalid_request", "A new version is one file.");
        return json(200, documentBody(await knowledge.replace(tenantId, params.id, upload)));
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
      handle: async ({ params, tenantId }) =>
        json(200, documentBody(await knowledge.retry(tenantId, params.id))),
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
        const page = pageOf(
          rows,
          query.limit,
          (row) => String(row.position),
          ({ heading, page, ...chunk }) => ({
            ...chunk,
            ...(heading === null ? {} : { heading }),
            ...(page === null ? {} : { page }),
          }),
        );
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
        const document = await store.read(tenantId, (reader) => getDocument(reader, params.id));
        // Always as an attachment of no type that a browser runs: uploads are other people's HTML and SVG.
        return new Response(Bun.file(knowledge.originalPath(tenantId, params.id)), {
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

async function uploadsOf(request: Request, maxUploadBytes: number): Promise<Upload[]> {
  const isJson = /^application\/json/i.test(request.headers.get("content-type") ?? "");
  return isJson ? [await textUpload(request)] : fileUploads(request, maxUploadBytes);
}

async function textUpload(request: Request) {
  const { title, text } = parseInput(schemas.textDocument, await readJson(request, maxTextJson), "body");
  const content = new Blob([text]);
  return {
    source: "text" as const,
    title,
    fileName: `${safeFileName(title)}.md`,
    mediaType: "text/markdown",
    content,
  };
}

async function fileUploads(request: Request, maxUploadBytes: number) {
  const form = await readForm(request, Math.max(maxUploadBytes * 2, maxUploadBytes + 1024 * 1024));
  const files = form.getAll("file").filter((item): item is File => item instanceof File);
  if (files.length === 0) throw new AppError("invalid_request", "The form has no file in the field `file`.");
  if (files.length > maxFiles)
    throw new AppError("invalid_request", `At most ${maxFiles} files can be sent at once.`);
  const large = files.find((file) => file.size > maxUploadBytes);
  if (large !== undefined)
    throw new AppError(
      "payload_too_large",
      `"${safeFileName(large.name)}" is larger than the limit of ${Math.round(maxUploadBytes / 1024 / 1024)} MB for one document.`,
    );
  return files.map((file) => {
    const fileName = safeFileName(file.name);
    return {
      source: "upload" as const,
      title: fileName,
      fileName,
      mediaType: "application/octet-stream",
      content: file,
    };
  });
}
