/** Stored documents as the API shows them. */
import { hasContent, type StoredChunk, type StoredDocument } from "../knowledge/documents.ts";
import { iso } from "./route.ts";
import type * as schemas from "./schemas.ts";

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
    checksum: hasContent(document) ? checksum : "",
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

export function chunkBody({ heading, page, ...chunk }: StoredChunk): schemas.ChunkBody {
  return { ...chunk, ...(heading === null ? {} : { heading }), ...(page === null ? {} : { page }) };
}

/** Reading is about a fifth of the work, learning the meaning the rest. */
function progressOf(document: StoredDocument): number {
  if (document.status === "ready") return 1;
  if (document.status === "pending") return 0;
  if (document.chunks === 0) return document.status === "failed" ? 0 : 0.05;
  return Math.round((0.2 + (0.8 * document.embedded) / document.chunks) * 100) / 100;
}
