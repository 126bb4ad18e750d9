/** The `remote_embedders` table of a tenant: every statement on it is here. */
import type { Reader, Writer } from "../db/transaction.ts";
import { appendEvent } from "../events/event-log.ts";
import type { Anchor } from "../inference/model-store.ts";
import { prefixesOf } from "../llm/embedding-families.ts";
import { readSettings } from "../tenants/settings.ts";
import { activeIndex, floatsOf, vectorBytes } from "./embedding-index.ts";
import type { RemoteModel, RemoteName } from "./embedding-model.ts";
import { dot } from "./scoring.ts";

/** What was found when a model was chosen. */
export interface MeasuredEmbedder {
  readonly model: string;
  readonly dims: number;
  readonly probe: Float32Array;
  readonly anchors: readonly Anchor[];
}

interface Row extends Record<string, unknown> {
  readonly id: number;
  readonly model: string;
  readonly dims: number;
  readonly probe: Uint8Array;
  readonly failure: string | null;
}

/** Cosine of the same text's vectors at or above which they are one model's: kernels and batches change them a little. */
const sameProbe = 0.98;
/** Rows that no index needs are kept so many. */
const keptRows = 20;

const providers = { ollama: "ollama", openai: "openai-compatible" } as const;

/** @returns null when the setting names no model at a model server */
export function parseRemoteName(setting: string): RemoteName | null {
  const [, kind, name] = /^(ollama|openai):([^\s\p{Cc}]{1,200})$/u.exec(setting) ?? [];
  if ((kind !== "ollama" && kind !== "openai") || name === undefined) return null;
  return { model: setting, provider: providers[kind], name, prefixes: prefixesOf(name) };
}

/** The name of a row's vectors, where an index has that of a model on this server. */
export function remoteModelId(remote: RemoteModel): string {
  return `${remote.model}#${remote.embedder}`;
}

/** @returns whether the vectors of these two are one model's */
export function sameVectors(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && dot(a, b) >= sameProbe;
}

/** The model under an index's name; null when it is none of a model server's. */
export function remoteModelById(reader: Reader, tenantId: string, id: string): RemoteModel | null {
  const embedder = embedderOf(id);
  if (embedder === null) return null;
  const row = reader.get<Row>("SELECT * FROM remote_embedders WHERE id = ?", embedder);
  return row === undefined ? null : toModel(tenantId, row);
}

/** The model that a setting names, as it was last found; null when it was never tried. */
export function remoteModelOf(reader: Reader, tenantId: string, setting: string): RemoteModel | null {
  const row = latest(reader, setting);
  return row === undefined ? null : toModel(tenantId, row);
}

/** Its base lines. */
export function remoteAnchors(reader: Reader, remote: RemoteModel): Anchor[] {
  return reader
    .all<{ language: string; mean: Uint8Array }>(
      "SELECT language, mean FROM remote_embedder_anchors WHERE embedder = ? ORDER BY language",
      remote.embedder,
    )
    .map(({ language, mean }) => ({ language, mean: floatsOf(mean) }));
}

/** Keeps what was found. A model that gives the same vectors as before stays the one that it was. */
export function putRemoteEmbedder(writer: Writer, found: MeasuredEmbedder): void {
  const known = latest(writer, found.model);
  if (known !== undefined && sameVectors(floatsOf(known.probe), found.probe)) {
    setFailure(writer, known.id, null);
    return;
  }
  const { lastInsertRowid } = writer.run(
    "INSERT INTO remote_embedders (model, dims, probe, created_at) VALUES (?, ?, ?, ?)",
    found.model,
    found.dims,
    vectorBytes(found.probe),
    Date.now(),
  );
  for (const { language, mean } of found.anchors)
    writer.run(
      "INSERT INTO remote_embedder_anchors (embedder, language, mean) VALUES (?, ?, ?)",
      Number(lastInsertRowid),
      language,
      vectorBytes(mean),
    );
  writer.run(
    `DELETE FROM remote_embedders
     WHERE id <= ? AND model || '#' || id NOT IN (SELECT model FROM embedding_indexes)`,
    Number(lastInsertRowid) - keptRows,
  );
}

/** Says once that the model gives no vectors any more, and why; a later reason takes the place of the one before. */
export function noteFailure(writer: Writer, remote: RemoteModel, reason: string): void {
  const before = failureOf(writer, remote.embedder);
  if (before === undefined) return;
  setFailure(writer, remote.embedder, reason);
  if (before === null)
    appendEvent(writer, "embedding_model.unavailable", { model: remote.model, reason: reason.slice(0, 500) });
}

/** Says once that it gives vectors again. */
export function noteSuccess(writer: Writer, remote: RemoteModel): void {
  if (typeof failureOf(writer, remote.embedder) !== "string") return;
  setFailure(writer, remote.embedder, null);
  appendEvent(writer, "embedding_model.available", { model: remote.model });
}

/** Why the model gives no vectors at present; null: it does, as far as is known. */
export function remoteFailure(reader: Reader, remote: RemoteModel): string | null {
  return failureOf(reader, remote.embedder) ?? null;
}

/** Why no document's meaning can be learnt at present: of the model that makes the tenant's vectors, or would. */
export function learningFailure(reader: Reader): string | null {
  const index = activeIndex(reader);
  if (index === null) {
    const { embeddingModel } = readSettings(reader).settings.retrieval;
    return embeddingModel === null ? null : (latest(reader, embeddingModel)?.failure ?? null);
  }
  const embedder = embedderOf(index.model);
  return embedder === null ? null : (failureOf(reader, embedder) ?? null);
}

/** Undefined: there is no such row any more. */
function failureOf(reader: Reader, embedder: number): string | null | undefined {
  return reader.get<{ failure: string | null }>("SELECT failure FROM remote_embedders WHERE id = ?", embedder)
    ?.failure;
}

function setFailure(writer: Writer, embedder: number, failure: string | null): void {
  writer.run("UPDATE remote_embedders SET failure = ? WHERE id = ?", failure, embedder);
}

function latest(reader: Reader, model: string): Row | undefined {
  return reader.get<Row>("SELECT * FROM remote_embedders WHERE model = ? ORDER BY id DESC LIMIT 1", model);
}

function embedderOf(id: string): number | null {
  const [, row] = /^(?:ollama|openai):.+#(\d{1,15})$/.exec(id) ?? [];
  return row === undefined ? null : Number(row);
}

function toModel(tenantId: string, row: Row): RemoteModel | null {
  const name = parseRemoteName(row.model);
  if (name === null) return null;
  return { ...name, tenantId, embedder: row.id, dims: row.dims, probe: floatsOf(row.probe) };
}
