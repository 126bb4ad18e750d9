/** Loads better-sqlite3's addon and vec0 from where they lie on disk. The only file that knows how. */
import Database from "better-sqlite3";
import { shippedFiles } from "./embedded.ts";
import { onDisk } from "./install.ts";

export type SqliteHandle = Database.Database;
export type SqliteOptions = Database.Options;

export interface SqliteNatives {
  /** Path of better-sqlite3's addon. */
  readonly addonPath: string;
  /** Path of the vec0 extension. */
  readonly vec0Path: string;
}

interface LoadedAddon {
  readonly exports: object;
}

const loaded = new Map<string, LoadedAddon>();

/** The addon object that better-sqlite3 takes as `nativeBinding`; one a thread. */
function addon(path: string): object {
  const known = loaded.get(path);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  process.dlopen(module, path);
  loaded.set(path, module);
  return module.exports;
}

/** Makes sure that both native files are on disk and whole. */
export async function prepareSqlite(dataDir: string): Promise<SqliteNatives> {
  const [addonPath, vec0Path] = await Promise.all([
    onDisk(shippedFiles.native.sqlite, dataDir, "sqlite.node"),
    onDisk(shippedFiles.native.vec0, dataDir, "vec0.so"),
  ]);
  return { addonPath, vec0Path };
}

/** Opens a database file; no pragmas are set yet. */
export function openSqlite(natives: SqliteNatives, path: string, options: SqliteOptions = {}): SqliteHandle {
  // The typings know only the path form; the library also takes the loaded addon, which is what lets one thread
  // load it once from a place of our choosing.
  const nativeBinding = addon(natives.addonPath) as unknown as string;
  return new Database(path, { ...options, nativeBinding });
}

/** Loads sqlite-vec into one handle. */
export function loadVec0(natives: SqliteNatives, handle: SqliteHandle): void {
  handle.loadExtension(natives.vec0Path);
}
