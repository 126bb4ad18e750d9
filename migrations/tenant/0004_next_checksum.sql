-- Of the new version that is being read: nobody else may take this content meanwhile.
ALTER TABLE documents ADD COLUMN next_checksum TEXT;
CREATE UNIQUE INDEX documents_next_checksum ON documents (next_checksum) WHERE next_checksum IS NOT NULL;
