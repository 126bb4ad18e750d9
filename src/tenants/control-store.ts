/** `control.db`: accounts, sessions, keys, and which tenants there are. */
import { join } from "node:path";
import { type Durability, migrate, openDatabase } from "../db/database.ts";
import { controlMigrations } from "../db/migrations.ts";
import { Connection, type Reader, type Writer } from "../db/transaction.ts";
import type { SqliteNatives } from "../native/sqlite.ts";

export class ControlStore implements Disposable {
  readonly #connection: Connection;
  readonly path: string;

  /** Opens and migrates. @throws when the file is damaged or from a newer release. */
  constructor(natives: SqliteNatives, dataDir: string, durability: Durability) {
    this.path = join(dataDir, "control.db");
    const handle = openDatabase(natives, this.path, { durability, autoCheckpoint: true });
    migrate(handle, controlMigrations);
    this.#connection = new Connection(handle);
  }

  read<T>(look: (reader: Reader) => T): T {
    return look(this.#connection.reader);
  }

  transact<T>(change: (writer: Writer) => T): T {
    return this.#connection.transact(change);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }
}
