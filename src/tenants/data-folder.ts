/** The data folder and its lock: two processes never share one. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { openSqlite, type SqliteHandle, type SqliteNatives } from "../native/sqlite.ts";

const leftoverMs = 3_600_000;
/** Of the folders in `<data>/tmp` in which a server reads files. */
export const parserFolderPrefix = "parser-";
/** Of those in which it takes uploads in. */
export const uploadFolderPrefix = "upload-";

export class DataFolderBusy extends Error {
  override readonly name = "DataFolderBusy";
}

/** Creates the folder (0700) where missing. @throws when it cannot be made or written. */
export function prepareDataFolder(path: string): void {
  const isNew = !existsSync(path);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (isNew) chmodSync(path, 0o700);
  mkdirSync(join(path, "tenants"), { recursive: true, mode: 0o700 });
  mkdirSync(tempFolder(path), { recursive: true, mode: 0o700 });
}

/** Where things lie for a moment. */
export const tempFolder = (path: string) => join(path, "tmp");

/** Removes what a crash left in `<data>/tmp`; younger things may belong to a command that runs beside the server. */
export function removeLeftovers(path: string): void {
  const folder = tempFolder(path);
  const before = Date.now() - leftoverMs;
  for (const name of readdirSync(folder)) {
    const item = join(folder, name);
    // Only a server makes these, and this one holds the lock: those of another are of a crash.
    const isServers = [parserFolderPrefix, uploadFolderPrefix].some((prefix) => name.startsWith(prefix));
    if (isServers || (statSync(item, { throwIfNoEntry: false })?.mtimeMs ?? before) < before)
      rmSync(item, { recursive: true, force: true });
  }
}

const addressFile = (path: string) => join(path, "address");

/** Notes where the server of this folder answers, for commands that run beside it. Ends with the server. */
export class AnnouncedAddress implements Disposable {
  readonly #path: string;

  constructor(dataDir: string, url: string) {
    this.#path = addressFile(dataDir);
    writeFileSync(this.#path, url, { mode: 0o600 });
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }
}

/** When the last server of this folder started, in milliseconds since 1970, where it was killed; else null. */
export function killedServerStart(dataDir: string): number | null {
  return statSync(addressFile(dataDir), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Where the server of this folder answers, if one does. */
export async function announcedAddress(dataDir: string): Promise<string | null> {
  const path = addressFile(dataDir);
  if (!existsSync(path)) return null;
  const url = readFileSync(path, "utf8").trim();
  const isAlive = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
  return isAlive ? url : null;
}

/**
 * Holds `<data>/lock` for the life of the process. The lock is SQLite's own on an otherwise empty database: the
 * kernel drops it with the process, however that ends, so a stale one cannot exist, and it needs no native code of
 * ours.
 */
export class DataFolderLock implements Disposable {
  readonly #handle: SqliteHandle;

  /** @throws DataFolderBusy when another process holds it. */
  constructor(natives: SqliteNatives, dataDir: string) {
    const path = join(dataDir, "lock");
    this.#handle = openSqlite(natives, path, { timeout: 0 });
    try {
      this.#handle.pragma("locking_mode = EXCLUSIVE");
      this.#handle.pragma("journal_mode = MEMORY");
      this.#handle.exec("BEGIN EXCLUSIVE");
      chmodSync(path, 0o600);
    } catch (error) {
      this.#handle.close();
      throw new DataFolderBusy(
        `another MetaChat is running on the data folder ${dataDir}. Stop it first, or choose another folder with --data.`,
        { cause: error },
      );
    }
  }

  [Symbol.dispose](): void {
    this.#handle.close();
  }
}
