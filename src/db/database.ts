/** Opening and migrating one SQLite file. */
import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { loadVec0, openSqlite, type SqliteHandle, type SqliteNatives } from "../native/sqlite.ts";
import type { Migration } from "./migrations.ts";

export type Durability = "full" | "normal";

export interface OpenOptions {
  readonly durability: Durability;
  readonly readonly?: boolean;
  /** Also load sqlite-vec. */
  readonly vectors?: boolean;
  /**
   * Let this handle write the WAL back into the file by itself. Off on the main thread, where that would hold it
   * up; a worker does it instead.
   */
  readonly autoCheckpoint?: boolean;
}

/** Opens (and makes) a database with the product's pragmas. @throws SqliteError when it is not a database. */
export function openDatabase(natives: SqliteNatives, path: string, options: OpenOptions): SqliteHandle {
  if (options.readonly !== true) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const handle = openSqlite(natives, path, {
    readonly: options.readonly ?? false,
    fileMustExist: options.readonly ?? false,
  });
  try {
    handle.pragma("busy_timeout = 5000");
    if (options.readonly !== true) {
      handle.pragma("journal_mode = WAL");
      handle.pragma("secure_delete = ON");
      chmodSync(path, 0o600);
      if (options.autoCheckpoint !== true) handle.pragma("wal_autocheckpoint = 0");
    }
    handle.pragma(`synchronous = ${options.durability === "full" ? "FULL" : "NORMAL"}`);
    handle.pragma("foreign_keys = ON");
    handle.pragma("trusted_schema = OFF");
    handle.pragma("cache_size = -4096");
    handle.pragma("temp_store = MEMORY");
    if (options.vectors === true) loadVec0(natives, handle);
    return handle;
  } catch (error) {
    handle.close();
    throw error;
  }
}

/** `user_version`: the number of the last migration that ran. */
export function schemaVersion(handle: SqliteHandle): number {
  return Number(handle.pragma("user_version", { simple: true }));
}

/**
 * Applies what is missing, each migration in a transaction of its own.
 * @returns how many ran.
 * @throws when the database was made by a newer release, or a migration fails (that one is rolled back).
 */
export function migrate(handle: SqliteHandle, migrations: readonly Migration[]): number {
  const from = schemaVersion(handle);
  const latest = migrations.at(-1)?.number ?? 0;
  if (from > latest)
    throw new Error(
      `this database was made by a newer MetaChat (schema ${from}, this release knows ${latest}); start that release`,
    );
  const missing = migrations.filter((migration) => migration.number > from);
  for (const migration of missing) {
    handle.exec("BEGIN IMMEDIATE");
    try {
      handle.exec(migration.sql);
      handle.pragma(`user_version = ${migration.number}`);
      handle.exec("COMMIT");
    } catch (error) {
      if (handle.inTransaction) handle.exec("ROLLBACK");
      throw new Error(`migration ${migration.number} (${migration.name}) failed`, { cause: error });
    }
  }
  return missing.length;
}
