/**
 * Fills a tenant's database directly, while no server runs on it: ten thousand passages in seconds instead of a
 * quarter of an hour of embedding. Rows, words and vectors are those that the product's ingest would have written.
 */

import { join } from "node:path";
import { openDatabase } from "../../src/db/database.ts";
import { Connection, type Writer } from "../../src/db/transaction.ts";
import { defaultEmbedder } from "../../src/inference/model-store.ts";
import { writeCompanionVectors } from "../../src/knowledge/companion-vectors.ts";
import {
  activeIndex,
  createIndex,
  type EmbeddingIndex,
  insertVector,
} from "../../src/knowledge/embedding-index.ts";
import { contentHash } from "../../src/knowledge/known-vectors.ts";
import { writeSentenceVectors } from "../../src/knowledge/sentence-vectors.ts";
import { prepareSqlite } from "../../src/native/sqlite.ts";
import type { VectorText } from "./passages.ts";
import type { SentenceVectors } from "./sentence-vectors.ts";

const chunksPerDocument = 100;
/** A transaction of a million passages would need their room twice. */
const documentsPerTransaction = 100;
/** Characters a token, roughly; only shown, never searched. */
const charactersPerToken = 4.6;

export function databasePath(dataDir: string, tenantId: string): string {
  return join(dataDir, "tenants", tenantId, "tenant.db");
}

/**
 * Adds the passages as documents of a hundred each, found by words and by meaning.
 *
 * @param sentences of these passages; left out: they have no vectors of sentences, as right after they came in
 */
export async function fillTenant(
  dataDir: string,
  tenantId: string,
  passages: Iterable<VectorText>,
  sentences?: SentenceVectors,
): Promise<void> {
  await open(dataDir, tenantId, (connection) => {
    for (const documents of groups(groups(passages, chunksPerDocument), documentsPerTransaction))
      connection.transact((writer) => {
        for (const document of documents) {
          const dims = document[0]?.vector.length ?? 0;
          const index = activeIndex(writer) ?? createIndex(writer, defaultEmbedder, dims, "active");
          insertDocument(writer, index, document, sentences);
        }
      });
  });
}

/** The items in their order, `size` together, at the end as many as are left. */
function* groups<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = [];
  for (const item of items) {
    if (group.push(item) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** Adds conversations of two messages each, all resolved, so that nothing is waiting. */
export async function addConversations(dataDir: string, tenantId: string, count: number): Promise<void> {
  await open(dataDir, tenantId, (connection) =>
    connection.transact((writer) => {
      const channel = writer.get<{ id: string }>("SELECT id FROM channels WHERE kind = 'api' LIMIT 1");
      if (channel === undefined) throw new Error("the tenant has no API channel");
      for (let index = 0; index < count; index += 1) insertConversation(writer, channel.id, index);
    }),
  );
}

async function open(
  dataDir: string,
  tenantId: string,
  work: (connection: Connection) => void,
): Promise<void> {
  const natives = await prepareSqlite(dataDir);
  const handle = openDatabase(natives, databasePath(dataDir, tenantId), {
    durability: "normal",
    vectors: true,
    autoCheckpoint: true,
  });
  const connection = new Connection(handle);
  try {
    work(connection);
    handle.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    connection.close();
  }
}

function insertDocument(
  writer: Writer,
  index: EmbeddingIndex,
  passages: readonly VectorText[],
  sentences: SentenceVectors | undefined,
): void {
  const documentId = Bun.randomUUIDv7();
  const title = passages[0]?.title ?? "";
  const now = Date.now();
  writer.run(
    `INSERT INTO documents (id, title, source, file_name, media_type, bytes, checksum, status, chunks, embedded, language, created_at, updated_at)
     VALUES (?, ?, 'text', ?, 'text/markdown', ?, ?, 'ready', ?, ?, 'en', ?, ?)`,
    documentId,
    title,
    `${title}.md`,
    passages.reduce((sum, passage) => sum + passage.text.length, 0),
    documentId.replaceAll("-", ""),
    passages.length,
    passages.length,
    now,
    now,
  );
  let offset = 0;
  for (const [position, { text, vector }] of passages.entries()) {
    const { lastInsertRowid } = writer.run(
      `INSERT INTO chunks (id, document_id, position, context, text, words, heading, page, start_offset, end_offset, tokens, embedded_at, content_hash)
       VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, ?, ?, ?, ?, ?)`,
      Bun.randomUUIDv7(),
      documentId,
      position,
      title,
      text,
      offset,
      offset + text.length,
      Math.ceil(text.length / charactersPerToken),
      now,
      contentHash(null, text),
    );
    offset += text.length + 2;
    const key = Number(lastInsertRowid);
    insertVector(writer, index, key, vector);
    if (sentences === undefined) continue;
    writeSentenceVectors(writer, index, key, sentences.own(text));
    writeCompanionVectors(writer, sentences.companion, { key, context: title }, sentences.byCompanion(text));
  }
}

function insertConversation(writer: Writer, channelId: string, index: number): void {
  const now = Date.now() - 86_400_000 + index;
  const [contactId, conversationId] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()];
  writer.run(
    "INSERT INTO contacts (id, channel_id, created_at, updated_at) VALUES (?, ?, ?, ?)",
    contactId,
    channelId,
    now,
    now,
  );
  writer.run(
    `INSERT INTO conversations (id, channel_id, contact_id, status, last_seq, created_at, updated_at)
     VALUES (?, ?, ?, 'resolved', 2, ?, ?)`,
    conversationId,
    channelId,
    contactId,
    now,
    now,
  );
  for (const [seq, author, text] of [
    [1, "contact", `Where is order ${index}?`],
    [2, "assistant", `Order ${index} is on its way.`],
  ] as const)
    writer.run(
      `INSERT INTO messages (id, conversation_id, seq, author_kind, text, status, channel_id, created_at)
       VALUES (?, ?, ?, ?, ?, 'sent', ?, ?)`,
      Bun.randomUUIDv7(),
      conversationId,
      seq,
      author,
      text,
      channelId,
      now,
    );
}
