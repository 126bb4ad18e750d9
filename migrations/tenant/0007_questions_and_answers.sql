-- Questions with the answers that are given to them word for word. The document of source `qa` is the pair's place
-- among the documents; what the owner wrote is here.
CREATE TABLE question_answers (
  document_id TEXT PRIMARY KEY NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  -- Other ways to ask.
  alternatives TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(alternatives)),
  -- Id of the pair's first passage, known before it is cut, so that an answer can name it at once.
  chunk_id TEXT NOT NULL,
  -- Counts the changes: what was cut and embedded of an older one is not written.
  revision INTEGER NOT NULL DEFAULT 1 CHECK (revision > 0),
  -- Whether the passages are those of this revision.
  indexed INTEGER NOT NULL DEFAULT 0 CHECK (indexed IN (0, 1))
) STRICT;
CREATE INDEX question_answers_waiting ON question_answers (document_id) WHERE indexed = 0;

-- Every wording of every pair. `folded` is without case, accents and punctuation; a wording has one answer.
CREATE TABLE stored_questions (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  document_id TEXT NOT NULL REFERENCES question_answers (document_id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  folded TEXT NOT NULL UNIQUE,
  -- As a question is embedded, float32; null until it is made, or made anew for another model.
  model TEXT,
  vector BLOB,
  CHECK ((model IS NULL) = (vector IS NULL))
) STRICT;
CREATE INDEX stored_questions_document ON stored_questions (document_id);
CREATE INDEX stored_questions_model ON stored_questions (model);

-- Questions that nothing was found for, together with those that ask the same.
CREATE TABLE unanswered_groups (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  -- The first of them stands for all.
  question TEXT NOT NULL,
  folded TEXT NOT NULL,
  language TEXT,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'answered', 'dismissed')),
  count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0),
  first_asked_at INTEGER NOT NULL,
  last_asked_at INTEGER NOT NULL,
  -- The answer that was written for it, while that is there.
  document_id TEXT REFERENCES documents (id) ON DELETE SET NULL,
  model TEXT,
  vector BLOB,
  CHECK ((model IS NULL) = (vector IS NULL))
) STRICT;
CREATE INDEX unanswered_groups_count ON unanswered_groups (status, count, id);
CREATE INDEX unanswered_groups_recent ON unanswered_groups (status, last_asked_at, id);
CREATE INDEX unanswered_groups_folded ON unanswered_groups (folded);
CREATE INDEX unanswered_groups_model ON unanswered_groups (model);
CREATE INDEX unanswered_groups_document ON unanswered_groups (document_id);

CREATE TABLE unanswered_questions (
  id TEXT PRIMARY KEY NOT NULL,
  group_key INTEGER NOT NULL REFERENCES unanswered_groups (key) ON DELETE CASCADE,
  question TEXT NOT NULL,
  folded TEXT NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  message_id TEXT NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
  language TEXT,
  confidence REAL NOT NULL,
  asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX unanswered_questions_group ON unanswered_questions (group_key, asked_at, id);
CREATE INDEX unanswered_questions_conversation ON unanswered_questions (conversation_id);
CREATE INDEX unanswered_questions_oldest ON unanswered_questions (asked_at, id);

-- A visitor's words go with his conversation, also where they stand for a group.
CREATE TRIGGER unanswered_questions_deleted AFTER DELETE ON unanswered_questions BEGIN
  DELETE FROM unanswered_groups WHERE key = old.group_key
    AND NOT EXISTS (SELECT 1 FROM unanswered_questions WHERE group_key = old.group_key);
  UPDATE unanswered_groups SET count = count - 1 WHERE key = old.group_key;
  UPDATE unanswered_groups SET model = NULL, vector = NULL,
      (question, folded, language) = (SELECT question, folded, language FROM unanswered_questions
        WHERE group_key = old.group_key ORDER BY asked_at, id LIMIT 1)
    WHERE key = old.group_key AND NOT EXISTS (SELECT 1 FROM unanswered_questions
      WHERE group_key = old.group_key AND folded = unanswered_groups.folded);
END;

-- Search keeps these vectors in memory too. Their indexes in `vector_changes` are 0 and -1, which no vec0 table has.
CREATE TRIGGER stored_questions_changed AFTER UPDATE OF vector ON stored_questions BEGIN
  INSERT INTO vector_changes (index_id, key) VALUES (0, new.key);
END;
CREATE TRIGGER stored_questions_deleted AFTER DELETE ON stored_questions BEGIN
  INSERT INTO vector_changes (index_id, key) VALUES (0, old.key);
END;
CREATE TRIGGER unanswered_groups_inserted AFTER INSERT ON unanswered_groups BEGIN
  INSERT INTO vector_changes (index_id, key) VALUES (-1, new.key);
END;
CREATE TRIGGER unanswered_groups_changed AFTER UPDATE OF vector ON unanswered_groups BEGIN
  INSERT INTO vector_changes (index_id, key) VALUES (-1, new.key);
END;
CREATE TRIGGER unanswered_groups_deleted AFTER DELETE ON unanswered_groups BEGIN
  INSERT INTO vector_changes (index_id, key) VALUES (-1, old.key);
END;
