-- Vectors of a passage's sentences by a model for one language that goes beside the embedding model, packed as those in
-- sentence_vectors; made when there is nothing else to do.
CREATE TABLE companion_vectors (
  key INTEGER PRIMARY KEY NOT NULL REFERENCES chunks (key) ON DELETE CASCADE,
  model TEXT NOT NULL,
  vectors BLOB NOT NULL
) STRICT;
