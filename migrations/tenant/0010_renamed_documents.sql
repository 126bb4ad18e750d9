-- 1: its owner gave the document its title, and it is searched by that rather than by a title in the file.
ALTER TABLE documents ADD COLUMN renamed INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER chunks_words_context AFTER UPDATE OF context ON chunks BEGIN
  INSERT INTO chunk_words (chunk_words, rowid, context, text) VALUES ('delete', old.key, old.context, coalesce(old.words, old.text));
  INSERT INTO chunk_words (rowid, context, text) VALUES (new.key, new.context, coalesce(new.words, new.text));
END;
