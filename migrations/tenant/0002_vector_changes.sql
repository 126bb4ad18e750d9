-- Which vectors were put in, changed or removed, in order: search keeps the vectors in memory and asks what is new.
-- Only the last of them are kept; whoever is further behind reads all vectors again.
CREATE TABLE vector_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  index_id INTEGER NOT NULL,
  key INTEGER NOT NULL
) STRICT;
