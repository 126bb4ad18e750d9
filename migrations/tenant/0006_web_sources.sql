-- Web sites that are read by themselves. Where a run stands is all here and in `web_pages`: it goes on from there after
-- the process ended at any point.
CREATE TABLE web_sources (
  id TEXT PRIMARY KEY NOT NULL,
  url TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('site', 'sitemap')),
  max_pages INTEGER NOT NULL CHECK (max_pages > 0),
  max_depth INTEGER NOT NULL CHECK (max_depth >= 0),
  include TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(include)),
  exclude TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(exclude)),
  -- never, daily, weekly, or a cron expression in UTC
  schedule TEXT NOT NULL DEFAULT 'never',
  next_run_at INTEGER,
  status TEXT NOT NULL DEFAULT 'idle' CHECK (status IN ('idle', 'running', 'failed')),
  error_code TEXT,
  error_message TEXT,
  -- Of the latest run, which is number `run`: 1, 2, 3…
  run INTEGER NOT NULL DEFAULT 0 CHECK (run >= 0),
  phase TEXT NOT NULL DEFAULT 'begin' CHECK (phase IN ('begin', 'sitemaps', 'visit', 'sweep')),
  started_at INTEGER,
  finished_at INTEGER,
  -- The site's own origin, and those that lead to it.
  origins TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(origins)),
  -- The page that it starts with, after redirects; none where it is a sitemap that is read.
  start TEXT,
  -- Links are followed: there was no sitemap.
  follows INTEGER NOT NULL DEFAULT 0 CHECK (follows IN (0, 1)),
  delay_ms INTEGER NOT NULL DEFAULT 0 CHECK (delay_ms >= 0),
  -- Something could not be looked at, or there was more than the limits allow: what was not found may still be there.
  incomplete INTEGER NOT NULL DEFAULT 0 CHECK (incomplete IN (0, 1)),
  failed_in_row INTEGER NOT NULL DEFAULT 0 CHECK (failed_in_row >= 0),
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed >= 0),
  -- How many pages of which outcome the run had, when it ended.
  counts TEXT CHECK (json_valid(counts)),
  -- Set: nobody sees it any more, and a job removes its pages.
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((status = 'failed') = (error_code IS NOT NULL)),
  CHECK ((error_code IS NULL) = (error_message IS NULL))
) STRICT;
CREATE UNIQUE INDEX web_sources_url ON web_sources (url, kind) WHERE deleted_at IS NULL;

-- Pages of sites, and pages that were added one by one, which have no source.
CREATE TABLE web_pages (
  id TEXT PRIMARY KEY NOT NULL,
  source_id TEXT REFERENCES web_sources (id) ON DELETE CASCADE,
  url TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'page' CHECK (kind IN ('page', 'sitemap')),
  -- Links from the start page, or sitemaps from the first one.
  depth INTEGER NOT NULL DEFAULT 0 CHECK (depth >= 0),
  -- The last run that found it, and where that run stands with it.
  run INTEGER NOT NULL DEFAULT 0 CHECK (run >= 0),
  waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting IN (0, 1)),
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
  not_before INTEGER NOT NULL DEFAULT 0,
  outcome TEXT CHECK (outcome IN ('added', 'changed', 'unchanged', 'skipped', 'gone', 'failed')),
  reason TEXT,
  -- robots.txt forbids it; noted for its owner, and no page of the run.
  refused INTEGER NOT NULL DEFAULT 0 CHECK (refused IN (0, 1)),
  -- The page that it turned out to be another address of.
  leads_to TEXT,
  -- The document that has its content already.
  same_as TEXT,
  document_id TEXT UNIQUE REFERENCES documents (id) ON DELETE CASCADE,
  title TEXT,
  etag TEXT,
  last_modified TEXT,
  checksum TEXT,
  checked_at INTEGER,
  UNIQUE (source_id, url)
) STRICT;
CREATE UNIQUE INDEX web_pages_single ON web_pages (url) WHERE source_id IS NULL;
CREATE INDEX web_pages_waiting ON web_pages (source_id, depth, id) WHERE waiting = 1;
CREATE INDEX web_pages_run ON web_pages (source_id, run, kind, refused);
CREATE INDEX web_pages_order ON web_pages (source_id, id);
CREATE INDEX web_pages_same ON web_pages (same_as) WHERE same_as IS NOT NULL;

-- A page is one document, however it came in.
CREATE UNIQUE INDEX documents_url ON documents (url) WHERE url IS NOT NULL AND deleted_at IS NULL;
