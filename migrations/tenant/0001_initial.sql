-- Everything of one tenant, search index included. Times are milliseconds UTC, ids are UUIDv7.
CREATE TABLE settings_versions (
  version INTEGER PRIMARY KEY NOT NULL CHECK (version > 0),
  body TEXT NOT NULL CHECK (json_valid(body)),
  author TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE providers (
  id TEXT PRIMARY KEY NOT NULL CHECK (id IN ('ollama', 'openai-compatible')),
  url TEXT,
  model TEXT,
  sealed_key BLOB,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE channels (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('webchat', 'api')),
  name TEXT NOT NULL,
  public_key TEXT UNIQUE,
  allowed_origins TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_origins)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE contacts (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
  -- The caller's own id of this person (API), unique within the channel.
  external_id TEXT,
  -- SHA-256 of the visitor's token (web chat).
  visitor_hash BLOB UNIQUE,
  name TEXT,
  email TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (channel_id, external_id)
) STRICT;

CREATE TABLE conversations (
  id TEXT PRIMARY KEY NOT NULL,
  channel_id TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
  contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'ai' CHECK (status IN ('ai', 'human', 'snoozed', 'resolved')),
  handover_reason TEXT,
  handover_by TEXT CHECK (handover_by IN ('visitor', 'assistant', 'agent', 'api')),
  handover_at INTEGER,
  assignee_id TEXT,
  assignee_name TEXT,
  last_seq INTEGER NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((handover_by IS NULL) = (handover_at IS NULL))
) STRICT;
CREATE INDEX conversations_contact ON conversations (contact_id);
CREATE INDEX conversations_recent ON conversations (updated_at, id);
CREATE INDEX conversations_status ON conversations (status, updated_at, id);

CREATE TABLE messages (
  id TEXT PRIMARY KEY NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL CHECK (seq > 0),
  author_kind TEXT NOT NULL CHECK (author_kind IN ('contact', 'assistant', 'agent', 'system')),
  author_id TEXT,
  author_name TEXT,
  text TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('sent', 'delivered', 'read', 'failed')),
  -- What makes a repeated delivery of the same message a no-op; unique within the channel.
  channel_id TEXT NOT NULL,
  provider_message_id TEXT,
  -- The contact's message that this one answers: at most one answer each.
  reply_to TEXT UNIQUE REFERENCES messages (id),
  citations TEXT CHECK (citations IS NULL OR json_valid(citations)),
  confidence TEXT CHECK (confidence IS NULL OR json_valid(confidence)),
  action TEXT CHECK (action IN ('sent', 'sent_with_disclaimer', 'sent_for_review', 'handed_over', 'none')),
  provider TEXT,
  model TEXT,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (conversation_id, seq),
  UNIQUE (channel_id, provider_message_id)
) STRICT;

CREATE TABLE traces (
  message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE feedback (
  message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  value TEXT NOT NULL CHECK (value IN ('up', 'down')),
  reason TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY NOT NULL,
  request_hash BLOB NOT NULL,
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  type TEXT NOT NULL,
  -- Jobs of one key run one at a time, in the order of their ids.
  ordering_key TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'running', 'dead')),
  -- How often it failed; being cut off by the end of the process is counted apart.
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  interruptions INTEGER NOT NULL DEFAULT 0 CHECK (interruptions >= 0),
  max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  -- The process that runs it; another process's lease is void, since only one may use a data folder.
  lease_owner TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((state = 'running') = (lease_until IS NOT NULL)),
  CHECK ((lease_until IS NULL) = (lease_owner IS NULL))
) STRICT;
CREATE INDEX jobs_due ON jobs (state, run_at);
CREATE INDEX jobs_order ON jobs (ordering_key, id);

CREATE TABLE documents (
  id TEXT PRIMARY KEY NOT NULL,
  title TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('upload', 'text')),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  checksum TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'ready', 'failed')),
  chunks INTEGER NOT NULL DEFAULT 0 CHECK (chunks >= 0),
  embedded INTEGER NOT NULL DEFAULT 0 CHECK (embedded >= 0),
  error_code TEXT,
  error_message TEXT,
  -- Set: nobody sees it any more, and a job removes its traces.
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((status = 'failed') = (error_code IS NOT NULL)),
  CHECK ((error_code IS NULL) = (error_message IS NULL))
) STRICT;
CREATE INDEX documents_status ON documents (status, id);

-- `key` is the row id that the words and the vectors of a chunk share; never used twice.
CREATE TABLE chunks (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  -- Title and headings above the passage: searched with it, not part of it.
  context TEXT NOT NULL,
  text TEXT NOT NULL,
  -- The text as the word index takes it, where that differs: scripts without spaces are cut into pairs of letters.
  words TEXT,
  heading TEXT,
  page INTEGER,
  start_offset INTEGER NOT NULL CHECK (start_offset >= 0),
  end_offset INTEGER NOT NULL CHECK (end_offset > start_offset),
  tokens INTEGER NOT NULL CHECK (tokens > 0),
  embedded_at INTEGER,
  UNIQUE (document_id, position)
) STRICT;
CREATE INDEX chunks_unembedded ON chunks (document_id, key) WHERE embedded_at IS NULL;

CREATE VIRTUAL TABLE chunk_words USING fts5 (
  context, text,
  content = 'chunks', content_rowid = 'key',
  tokenize = 'porter unicode61 remove_diacritics 2'
);
-- A deleted passage's words leave the index at once, not at some later merge.
INSERT INTO chunk_words (chunk_words, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER chunks_words_insert AFTER INSERT ON chunks BEGIN
  INSERT INTO chunk_words (rowid, context, text) VALUES (new.key, new.context, coalesce(new.words, new.text));
END;
CREATE TRIGGER chunks_words_delete AFTER DELETE ON chunks BEGIN
  INSERT INTO chunk_words (chunk_words, rowid, context, text) VALUES ('delete', old.key, old.context, coalesce(old.words, old.text));
END;
CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab (chunk_words, row);

-- One vec0 table `vectors_<id>` each: its width depends on the model, so it is made with the row.
CREATE TABLE embedding_indexes (
  id INTEGER PRIMARY KEY NOT NULL,
  model TEXT NOT NULL,
  dims INTEGER NOT NULL CHECK (dims > 0),
  state TEXT NOT NULL CHECK (state IN ('active', 'building')),
  -- While building: every chunk up to this key is in.
  built_to INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX embedding_indexes_state ON embedding_indexes (state);
