-- Embedding models that run at a model server, as they were found when they were chosen. A row is never changed into
-- another model's: the same name with other vectors gets a row of its own.
CREATE TABLE remote_embedders (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- As the settings name it: ollama:NAME or openai:NAME.
  model TEXT NOT NULL,
  dims INTEGER NOT NULL CHECK (dims BETWEEN 1 AND 4096),
  -- The vector of a text that is always the same: by it a server is recognised that gives other vectors than before.
  probe BLOB NOT NULL,
  -- Why it gives no vectors at present, for people; null: it does, as far as is known.
  failure TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX remote_embedders_model ON remote_embedders (model, id);
-- Mean vectors of unrelated text, one a language.
CREATE TABLE remote_embedder_anchors (
  embedder INTEGER NOT NULL REFERENCES remote_embedders (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  mean BLOB NOT NULL,
  PRIMARY KEY (embedder, language)
) STRICT;
