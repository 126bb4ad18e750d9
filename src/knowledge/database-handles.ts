/** A worker thread's own database handles: a few stay open, so that a busy tenant is not opened for every call. */
import { openDatabase } from "../db/database.ts";
import { Connection } from "../db/transaction.ts";
import type { SqliteNatives } from "../native/sqlite.ts";

const maxOpen = 200;

export class DatabaseHandles implements Disposable {
  readonly #open = new Map<string, Connection>();

  constructor(
    readonly natives: SqliteNatives,
    readonly mode: "readonly" | "readwrite",
    /** Told of a connection that is being closed. */
    readonly onClose: (connection: Connection) => void = () => undefined,
  ) {}

  get(path: string): Connection {
    const known = this.#open.get(path);
    if (known !== undefined) {
      this.#open.delete(path);
      this.#open.set(path, known);
      return known;
    }
    const handle = openDatabase(this.natives, path, {
      // What is written here is acknowledged to nobody before the main thread's next commit, which syncs it too.
      durability: "normal",
      readonly: this.mode === "readonly",
      vectors: true,
      autoCheckpoint: false,
    });
    const connection = new Connection(handle);
    this.#open.set(path, connection);
    for (const [oldest] of this.#open) {
      if (this.#open.size <= maxOpen) break;
      this.close(oldest);
    }
    return connection;
  }

  close(path: string): void {
    const connection = this.#open.get(path);
    if (connection === undefined) return;
    this.#open.delete(path);
    this.onClose(connection);
    connection.close();
  }

  [Symbol.dispose](): void {
    for (const path of [...this.#open.keys()]) this.close(path);
  }
}
