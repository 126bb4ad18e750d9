-- Vectors of a passage's sentences, made when there is nothing else to do: they say how near the best sentence is to a
-- question, which a passage's own vector hides. In the order of the sentences, 8 bits a dimension; made anew when
-- missing or of another index.
CREATE TABLE sentence_vectors (
  key INTEGER PRIMARY KEY NOT NULL REFERENCES chunks (key) ON DELETE CASCADE,
  index_id INTEGER NOT NULL,
  vectors BLOB NOT NULL
) STRICT;
