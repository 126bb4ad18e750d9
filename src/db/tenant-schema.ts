/** Drizzle's view of a `tenant.db`. The migrations are the truth; a test compares the two. */
import { blob, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const settingsVersions = sqliteTable("settings_versions", {
  version: integer("version").primaryKey(),
  body: text("body").notNull(),
  author: text("author").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const providers = sqliteTable("providers", {
  id: text("id", { enum: ["ollama", "openai-compatible"] }).primaryKey(),
  url: text("url"),
  model: text("model"),
  sealedKey: blob("sealed_key", { mode: "buffer" }),
  updatedAt: integer("updated_at").notNull(),
});

export const channels = sqliteTable("channels", {
  id: text("id").primaryKey(),
  kind: text("kind", { enum: ["webchat", "api"] }).notNull(),
  name: text("name").notNull(),
  publicKey: text("public_key"),
  allowedOrigins: text("allowed_origins", { mode: "json" }).$type<readonly string[]>().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const contacts = sqliteTable("contacts", {
  id: text("id").primaryKey(),
  channelId: text("channel_id").notNull(),
  externalId: text("external_id"),
  visitorHash: blob("visitor_hash", { mode: "buffer" }),
  name: text("name"),
  email: text("email"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const conversations = sqliteTable("conversations", {
  id: text("id").primaryKey(),
  channelId: text("channel_id").notNull(),
  contactId: text("contact_id").notNull(),
  status: text("status", { enum: ["ai", "human", "snoozed", "resolved"] }).notNull(),
  handoverReason: text("handover_reason"),
  handoverBy: text("handover_by", { enum: ["visitor", "assistant", "agent", "api"] }),
  handoverAt: integer("handover_at"),
  assigneeId: text("assignee_id"),
  assigneeName: text("assignee_name"),
  lastSeq: integer("last_seq").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const messages = sqliteTable("messages", {
  id: text("id").primaryKey(),
  conversationId: text("conversation_id").notNull(),
  seq: integer("seq").notNull(),
  authorKind: text("author_kind", { enum: ["contact", "assistant", "agent", "system"] }).notNull(),
  authorId: text("author_id"),
  authorName: text("author_name"),
  text: text("text").notNull(),
  status: text("status", { enum: ["sent", "delivered", "read", "failed"] }).notNull(),
  channelId: text("channel_id").notNull(),
  providerMessageId: text("provider_message_id"),
  replyTo: text("reply_to"),
  citations: text("citations"),
  confidence: text("confidence"),
  action: text("action", {
    enum: ["sent", "sent_with_disclaimer", "sent_for_review", "handed_over", "none"],
  }),
  provider: text("provider"),
  model: text("model"),
  promptTokens: integer("prompt_tokens"),
  completionTokens: integer("completion_tokens"),
  createdAt: integer("created_at").notNull(),
});

export const traces = sqliteTable("traces", {
  messageId: text("message_id").primaryKey(),
  body: text("body").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const feedback = sqliteTable("feedback", {
  messageId: text("message_id").primaryKey(),
  value: text("value", { enum: ["up", "down"] }).notNull(),
  reason: text("reason"),
  createdAt: integer("created_at").notNull(),
});

export const idempotencyKeys = sqliteTable("idempotency_keys", {
  key: text("key").primaryKey(),
  requestHash: blob("request_hash", { mode: "buffer" }).notNull(),
  messageId: text("message_id").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const events = sqliteTable("events", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  id: text("id").notNull(),
  type: text("type").notNull(),
  data: text("data", { mode: "json" }).$type<Readonly<Record<string, unknown>>>().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const jobs = sqliteTable("jobs", {
  id: text("id").primaryKey(),
  type: text("type").notNull(),
  orderingKey: text("ordering_key").notNull(),
  payload: text("payload").notNull(),
  state: text("state", { enum: ["ready", "running", "dead"] }).notNull(),
  attempts: integer("attempts").notNull(),
  interruptions: integer("interruptions").notNull(),
  maxAttempts: integer("max_attempts").notNull(),
  runAt: integer("run_at").notNull(),
  leaseUntil: integer("lease_until"),
  leaseOwner: text("lease_owner"),
  lastError: text("last_error"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const documents = sqliteTable("documents", {
  id: text("id").primaryKey(),
  title: text("title").notNull(),
  source: text("source", { enum: ["upload", "text", "qa", "page"] }).notNull(),
  fileName: text("file_name").notNull(),
  mediaType: text("media_type").notNull(),
  bytes: integer("bytes").notNull(),
  checksum: text("checksum").notNull(),
  version: integer("version").notNull(),
  status: text("status", { enum: ["pending", "processing", "ready", "failed"] }).notNull(),
  chunks: integer("chunks").notNull(),
  embedded: integer("embedded").notNull(),
  errorCode: text("error_code"),
  errorMessage: text("error_message"),
  deletedAt: integer("deleted_at"),
  nextChecksum: text("next_checksum"),
  url: text("url"),
  language: text("language"),
  tags: text("tags").notNull(),
  note: text("note"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  renamed: integer("renamed", { mode: "boolean" }).notNull().default(false),
});

export const documentTotals = sqliteTable("document_totals", {
  id: integer("id").primaryKey(),
  documents: integer("documents").notNull(),
  bytes: integer("bytes").notNull(),
});

export const chunks = sqliteTable("chunks", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  id: text("id").notNull(),
  documentId: text("document_id").notNull(),
  position: integer("position").notNull(),
  context: text("context").notNull(),
  text: text("text").notNull(),
  words: text("words"),
  heading: text("heading"),
  page: integer("page"),
  startOffset: integer("start_offset").notNull(),
  endOffset: integer("end_offset").notNull(),
  tokens: integer("tokens").notNull(),
  embeddedAt: integer("embedded_at"),
  contentHash: blob("content_hash", { mode: "buffer" }),
});

export const webSources = sqliteTable("web_sources", {
  id: text("id").primaryKey(),
  url: text("url").notNull(),
  kind: text("kind", { enum: ["site", "sitemap"] }).notNull(),
  maxPages: integer("max_pages").notNull(),
  maxDepth: integer("max_depth").notNull(),
  include: text("include", { mode: "json" }).$type<readonly string[]>().notNull(),
  exclude: text("exclude", { mode: "json" }).$type<readonly string[]>().notNull(),
  schedule: text("schedule").notNull(),
  nextRunAt: integer("next_run_at"),
  status: text("status", { enum: ["idle", "running", "failed"] }).notNull(),
  errorCode: text("error_code"),
  errorMessage: text("error_message"),
  run: integer("run").notNull(),
  phase: text("phase", { enum: ["begin", "sitemaps", "visit", "sweep"] }).notNull(),
  startedAt: integer("started_at"),
  finishedAt: integer("finished_at"),
  origins: text("origins", { mode: "json" }).$type<readonly string[]>().notNull(),
  start: text("start"),
  follows: integer("follows", { mode: "boolean" }).notNull(),
  delayMs: integer("delay_ms").notNull(),
  incomplete: integer("incomplete", { mode: "boolean" }).notNull(),
  failedInRow: integer("failed_in_row").notNull(),
  removed: integer("removed").notNull(),
  counts: text("counts"),
  deletedAt: integer("deleted_at"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

export const webPages = sqliteTable("web_pages", {
  id: text("id").primaryKey(),
  sourceId: text("source_id"),
  url: text("url").notNull(),
  kind: text("kind", { enum: ["page", "sitemap"] }).notNull(),
  depth: integer("depth").notNull(),
  run: integer("run").notNull(),
  waiting: integer("waiting", { mode: "boolean" }).notNull(),
  tries: integer("tries").notNull(),
  notBefore: integer("not_before").notNull(),
  outcome: text("outcome", { enum: ["added", "changed", "unchanged", "skipped", "gone", "failed"] }),
  reason: text("reason"),
  refused: integer("refused", { mode: "boolean" }).notNull(),
  leadsTo: text("leads_to"),
  sameAs: text("same_as"),
  documentId: text("document_id"),
  title: text("title"),
  etag: text("etag"),
  lastModified: text("last_modified"),
  checksum: text("checksum"),
  checkedAt: integer("checked_at"),
});

export const embeddingIndexes = sqliteTable("embedding_indexes", {
  id: integer("id").primaryKey(),
  model: text("model").notNull(),
  dims: integer("dims").notNull(),
  state: text("state", { enum: ["active", "building"] }).notNull(),
  builtTo: integer("built_to").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const remoteEmbedders = sqliteTable("remote_embedders", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  model: text("model").notNull(),
  dims: integer("dims").notNull(),
  probe: blob("probe", { mode: "buffer" }).notNull(),
  failure: text("failure"),
  createdAt: integer("created_at").notNull(),
});

export const remoteEmbedderAnchors = sqliteTable(
  "remote_embedder_anchors",
  {
    embedder: integer("embedder").notNull(),
    language: text("language").notNull(),
    mean: blob("mean", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.embedder, table.language] })],
);

export const vectorChanges = sqliteTable("vector_changes", {
  seq: integer("seq").primaryKey({ autoIncrement: true }),
  indexId: integer("index_id").notNull(),
  key: integer("key").notNull(),
});

export const sentenceVectors = sqliteTable("sentence_vectors", {
  key: integer("key").primaryKey(),
  indexId: integer("index_id").notNull(),
  vectors: blob("vectors", { mode: "buffer" }).notNull(),
});

export const companionVectors = sqliteTable("companion_vectors", {
  key: integer("key").primaryKey(),
  model: text("model").notNull(),
  vectors: blob("vectors", { mode: "buffer" }).notNull(),
});

export const questionAnswers = sqliteTable("question_answers", {
  documentId: text("document_id").primaryKey(),
  question: text("question").notNull(),
  answer: text("answer").notNull(),
  alternatives: text("alternatives").notNull(),
  chunkId: text("chunk_id").notNull(),
  revision: integer("revision").notNull(),
  indexed: integer("indexed").notNull(),
});

export const storedQuestions = sqliteTable("stored_questions", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  documentId: text("document_id").notNull(),
  text: text("text").notNull(),
  folded: text("folded").notNull(),
  model: text("model"),
  vector: blob("vector", { mode: "buffer" }),
});

export const unansweredGroups = sqliteTable("unanswered_groups", {
  key: integer("key").primaryKey({ autoIncrement: true }),
  id: text("id").notNull(),
  question: text("question").notNull(),
  folded: text("folded").notNull(),
  language: text("language"),
  status: text("status", { enum: ["open", "answered", "dismissed"] }).notNull(),
  count: integer("count").notNull(),
  firstAskedAt: integer("first_asked_at").notNull(),
  lastAskedAt: integer("last_asked_at").notNull(),
  documentId: text("document_id"),
  model: text("model"),
  vector: blob("vector", { mode: "buffer" }),
});

export const unansweredQuestions = sqliteTable("unanswered_questions", {
  id: text("id").primaryKey(),
  groupKey: integer("group_key").notNull(),
  question: text("question").notNull(),
  folded: text("folded").notNull(),
  conversationId: text("conversation_id").notNull(),
  messageId: text("message_id").notNull(),
  language: text("language"),
  confidence: real("confidence").notNull(),
  askedAt: integer("asked_at").notNull(),
});
