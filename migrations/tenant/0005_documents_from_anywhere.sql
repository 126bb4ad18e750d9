-- Documents come from more than uploads, and say more about themselves. The new column takes the old one's place: a
-- table that others refer to cannot be built anew inside a migration without losing their rows.
ALTER TABLE documents ADD COLUMN origin TEXT NOT NULL DEFAULT 'upload' CHECK (origin IN ('upload', 'text', 'qa', 'page'));
UPDATE documents SET origin = source;
ALTER TABLE documents DROP COLUMN source;
ALTER TABLE documents RENAME COLUMN origin TO source;
-- Of a web page: where it was read.
ALTER TABLE documents ADD COLUMN url TEXT;
-- Detected when it was read: ISO 639-1. Null: none was told.
ALTER TABLE documents ADD COLUMN language TEXT;
ALTER TABLE documents ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags));
-- What could not be read of a document that is otherwise fine, for its owner.
ALTER TABLE documents ADD COLUMN note TEXT;
-- SHA-256 of what the embedder reads of a passage: one that was embedded before is not embedded again.
ALTER TABLE chunks ADD COLUMN content_hash BLOB;
CREATE INDEX chunks_content ON chunks (content_hash);
CREATE INDEX documents_language ON documents (language);
-- How many documents there are and how large their originals: counting them at every upload would take longer and longer.
CREATE TABLE document_totals (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
  documents INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
INSERT INTO document_totals (id, documents, bytes)
  SELECT 1, count(*), coalesce(sum(bytes), 0) FROM documents WHERE deleted_at IS NULL;
CREATE TRIGGER documents_total_insert AFTER INSERT ON documents WHEN new.deleted_at IS NULL BEGIN
  UPDATE document_totals SET documents = documents + 1, bytes = bytes + new.bytes;
END;
CREATE TRIGGER documents_total_update AFTER UPDATE OF bytes, deleted_at ON documents BEGIN
  UPDATE document_totals SET
    documents = documents + (new.deleted_at IS NULL) - (old.deleted_at IS NULL),
    bytes = bytes + new.bytes * (new.deleted_at IS NULL) - old.bytes * (old.deleted_at IS NULL);
END;
CREATE TRIGGER documents_total_delete AFTER DELETE ON documents WHEN old.deleted_at IS NULL BEGIN
  UPDATE document_totals SET documents = documents - 1, bytes = bytes - old.bytes;
END;
