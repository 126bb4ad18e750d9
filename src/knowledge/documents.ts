/** The `documents` and `chunks` tables of a tenant. */
import { and, asc, desc, eq, gt, gte, isNull, lt, or } from "drizzle-orm";
import { z } from "zod";
import { chunks, documents } from "../db/tenant-schema.ts";
import type { Reader, Writer } from "../db/transaction.ts";
import { notFound } from "../errors.ts";
import { conditionsOf, type DocumentFilter } from "./document-filter.ts";
import { deletePair } from "./question-answer-table.ts";

export type DocumentStatus = "pending" | "processing" | "ready" | "failed";
/** Where a document came from: `qa` is a question with its answer, `page` a page of a web site. */
export type DocumentSource = "upload" | "text" | "qa" | "page";

export interface StoredDocument {
  readonly id: string;
  readonly title: string;
  readonly source: DocumentSource;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly checksum: string;
  /** Of the new version that is being read; null when there is none. */
  readonly nextChecksum: string | null;
  readonly version: number;
  readonly status: DocumentStatus;
  readonly chunks: number;
  readonly embedded: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Of a web page. */
  readonly url: string | null;
  /** ISO 639-1, as far as it could be told. */
  readonly language: string | null;
  readonly tags: readonly string[];
  /** What could not be read of it, though the rest was. */
  readonly note: string | null;
  /** Its owner gave it its title, and it is searched by that rather than by a title in the file. */
  readonly renamed: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewDocument {
  readonly id: string;
  readonly title: string;
  readonly source: DocumentSource;
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly checksum: string;
  readonly url?: string;
  readonly tags?: readonly string[];
}

const columns = {
  id: documents.id,
  title: documents.title,
  source: documents.source,
  fileName: documents.fileName,
  mediaType: documents.mediaType,
  bytes: documents.bytes,
  checksum: documents.checksum,
  nextChecksum: documents.nextChecksum,
  version: documents.version,
  status: documents.status,
  chunks: documents.chunks,
  embedded: documents.embedded,
  errorCode: documents.errorCode,
  errorMessage: documents.errorMessage,
  url: documents.url,
  language: documents.language,
  tags: documents.tags,
  note: documents.note,
  renamed: documents.renamed,
  createdAt: documents.createdAt,
  updatedAt: documents.updatedAt,
} as const;

export function insertDocument(writer: Writer, input: NewDocument): void {
  const now = Date.now();
  writer.db
    .insert(documents)
    .values({
      ...input,
      tags: JSON.stringify(input.tags ?? []),
      version: 1,
      status: "pending",
      chunks: 0,
      embedded: 0,
      createdAt: now,
      updatedAt: now,
    })
    .run();
}

type Row = Omit<StoredDocument, "tags"> & { readonly tags: string };

function stored(row: Row): StoredDocument {
  return { ...row, tags: parseTags(row.tags) };
}

const noTags: readonly string[] = [];

/** The tags as the column holds them. */
export function parseTags(column: string): readonly string[] {
  return column === "[]" ? noTags : z.array(z.string()).parse(JSON.parse(column));
}

/** The document that has this content, or will have it when its new version is read. */
export function findByChecksum(reader: Reader, checksum: string): StoredDocument | undefined {
  const row = reader.db
    .select(columns)
    .from(documents)
    .where(
      and(
        or(eq(documents.checksum, checksum), eq(documents.nextChecksum, checksum)),
        isNull(documents.deletedAt),
      ),
    )
    .get();
  return row === undefined ? undefined : stored(row);
}

/** Reserves the content of a new version for the document; null gives it back. */
export function setNextChecksum(writer: Writer, id: string, checksum: string | null): void {
  writer.db.update(documents).set({ nextChecksum: checksum }).where(eq(documents.id, id)).run();
}

/** @throws AppError not_found */
export function getDocument(reader: Reader, id: string): StoredDocument {
  const row = reader.db
    .select(columns)
    .from(documents)
    .where(and(eq(documents.id, id), isNull(documents.deletedAt)))
    .get();
  if (row === undefined) throw notFound("document");
  return stored(row);
}

/** Not one that is hidden and being removed. */
export function isShown(reader: Reader, id: string): boolean {
  return reader.get("SELECT 1 FROM documents WHERE id = ? AND deleted_at IS NULL", id) !== undefined;
}

/** Also one that is hidden and being removed. */
export function isDocument(reader: Reader, id: string): boolean {
  return reader.get("SELECT 1 FROM documents WHERE id = ?", id) !== undefined;
}

export interface DocumentListOptions extends DocumentFilter {
  /** Ids below this one. */
  readonly before?: string | undefined;
  /** Ids from this one on. */
  readonly from?: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listDocuments(reader: Reader, options: DocumentListOptions): StoredDocument[] {
  const { before, from, limit, ...filter } = options;
  return reader.db
    .select(columns)
    .from(documents)
    .where(
      and(
        isNull(documents.deletedAt),
        before === undefined ? undefined : lt(documents.id, before),
        from === undefined ? undefined : gte(documents.id, from),
        ...conditionsOf(filter),
      ),
    )
    .orderBy(desc(documents.id))
    .limit(limit)
    .all()
    .map(stored);
}

export interface StatusChange {
  readonly status: DocumentStatus;
  readonly mediaType?: string;
  readonly language?: string | null;
  readonly note?: string | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** @returns false when the document is gone. */
export function setStatus(writer: Writer, id: string, change: StatusChange): boolean {
  const { changes } = writer.db
    .update(documents)
    .set({
      status: change.status,
      errorCode: change.error?.code ?? null,
      errorMessage: change.error?.message ?? null,
      updatedAt: Date.now(),
      ...(change.mediaType === undefined ? {} : { mediaType: change.mediaType }),
      ...(change.language === undefined ? {} : { language: change.language }),
      ...(change.note === undefined ? {} : { note: change.note }),
    })
    .where(and(eq(documents.id, id), isNull(documents.deletedAt)))
    .run();
  return changes > 0;
}

/** Makes the new version the document's own. */
export function setVersion(
  writer: Writer,
  id: string,
  next: {
    readonly title: string;
    readonly fileName: string;
    readonly checksum: string;
    readonly bytes: number;
  },
): void {
  const { title, fileName, checksum, bytes } = next;
  writer.run(
    `UPDATE documents SET title = ?, file_name = ?, checksum = ?, bytes = ?, version = version + 1, next_checksum = NULL,
       renamed = renamed AND title = ?
     WHERE id = ? AND checksum <> ?`,
    title,
    fileName,
    checksum,
    bytes,
    title,
    id,
    checksum,
  );
}

export function setTags(writer: Writer, id: string, tags: readonly string[]): void {
  writer.run(
    "UPDATE documents SET tags = ?, updated_at = ? WHERE id = ?",
    JSON.stringify(tags),
    Date.now(),
    id,
  );
}

const noContent = "none:";

/** Stands for the checksum of a document that has no content yet: a page that is still to be fetched. */
export function noChecksum(id: string): string {
  return noContent + id;
}

export function hasContent(document: Pick<StoredDocument, "checksum">): boolean {
  return !document.checksum.startsWith(noContent);
}

/** Gives a document its first content. */
export function setContent(
  writer: Writer,
  id: string,
  content: {
    readonly title: string;
    readonly fileName: string;
    readonly mediaType: string;
    readonly checksum: string;
    readonly bytes: number;
  },
): void {
  writer.db.update(documents).set(content).where(eq(documents.id, id)).run();
}

/** The document that has this address. */
export function findByUrl(reader: Reader, url: string): StoredDocument | undefined {
  const row = reader.db
    .select(columns)
    .from(documents)
    .where(and(eq(documents.url, url), isNull(documents.deletedAt)))
    .get();
  return row === undefined ? undefined : stored(row);
}

export function setUrl(writer: Writer, id: string, url: string): void {
  writer.db.update(documents).set({ url }).where(eq(documents.id, id)).run();
}

/** Hides a document from everything; its rows are removed by a job. The checksum is freed for a new upload at once. */
export function hideDocument(writer: Writer, id: string): void {
  writer.db
    .update(documents)
    .set({ deletedAt: Date.now(), checksum: `deleted:${id}`, nextChecksum: null })
    .where(eq(documents.id, id))
    .run();
  deletePair(writer, id);
}

/** The last step of a removal; its chunks must be gone. */
export function deleteDocumentRow(writer: Writer, id: string): void {
  writer.db.delete(documents).where(eq(documents.id, id)).run();
}

/** Documents that are there, and the bytes of their originals. */
export function documentTotals(reader: Reader): { readonly documents: number; readonly bytes: number } {
  return reader.get("SELECT documents, bytes FROM document_totals") ?? { documents: 0, bytes: 0 };
}

/** Whether every passage of a document has its vector. */
export function hasAllVectors(reader: Reader, id: string): boolean {
  return (
    reader.get("SELECT 1 FROM chunks WHERE document_id = ? AND embedded_at IS NULL LIMIT 1", id) === undefined
  );
}

export interface StoredChunk {
  readonly id: string;
  readonly position: number;
  readonly text: string;
  readonly heading: string | null;
  readonly page: number | null;
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly embedded: boolean;
}

const chunkColumns = {
  id: chunks.id,
  position: chunks.position,
  text: chunks.text,
  heading: chunks.heading,
  page: chunks.page,
  start: chunks.startOffset,
  end: chunks.endOffset,
  tokens: chunks.tokens,
  embeddedAt: chunks.embeddedAt,
} as const;

type ChunkRow = Omit<StoredChunk, "embedded"> & { readonly embeddedAt: number | null };

function storedChunk({ embeddedAt, ...chunk }: ChunkRow): StoredChunk {
  return { ...chunk, embedded: embeddedAt !== null };
}

/** @throws AppError not_found; a passage of another document is not found either */
export function getChunk(reader: Reader, documentId: string, id: string): StoredChunk {
  const row = reader.db
    .select(chunkColumns)
    .from(chunks)
    .where(and(eq(chunks.documentId, documentId), eq(chunks.id, id)))
    .get();
  if (row === undefined) throw notFound("passage");
  return storedChunk(row);
}

/** In document order, after position `after`. */
export function listChunks(reader: Reader, documentId: string, after: number, limit: number): StoredChunk[] {
  return reader.db
    .select(chunkColumns)
    .from(chunks)
    .where(and(eq(chunks.documentId, documentId), gt(chunks.position, after)))
    .orderBy(asc(chunks.position))
    .limit(limit)
    .all()
    .map(storedChunk);
}

/** Passages of all documents. */
export function countPassages(reader: Reader): number {
  return reader.get<{ n: number }>("SELECT coalesce(sum(chunks), 0) AS n FROM documents")?.n ?? 0;
}

/** Whether a document waits for vectors. */
export function hasPassagesToLearn(reader: Reader): boolean {
  return (
    reader.get(
      "SELECT 1 FROM documents WHERE status = 'processing' AND embedded < chunks AND deleted_at IS NULL LIMIT 1",
    ) !== undefined
  );
}
