/**
 * Reader and writer of one database. A function that is handed a `Reader` cannot write: its type has no way to, and
 * its raw statements are checked to be read-only when they are prepared.
 */
import type { BetterSQLite3Database } from "drizzle-orm/better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { SqliteHandle } from "../native/sqlite.ts";

type Row = Readonly<Record<string, unknown>>;
export type SqlValue = string | number | bigint | Uint8Array | null;
type Drizzle = BetterSQLite3Database<Record<string, never>>;

interface Statement {
  readonly readonly: boolean;
  all(...values: readonly unknown[]): unknown[];
  get(...values: readonly unknown[]): unknown;
  run(...values: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
}

/** Prepared statements of a handle, kept by their text (the texts are constants of the code, so they are few). */
class Statements {
  readonly #known = new Map<string, Statement>();
  constructor(readonly handle: SqliteHandle) {}

  get(text: string): Statement {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const statement = this.handle.prepare(text);
    this.#known.set(text, statement);
    return statement;
  }

  readonly(text: string): Statement {
    const statement = this.get(text);
    if (!statement.readonly)
      throw new Error(`a reader was given a statement that writes: ${text.slice(0, 80)}`);
    return statement;
  }
}

/**
 * The handle as Drizzle sees it: a statement is prepared once for each text rather than for each use, which took an
 * eighth of the main thread's time. Drizzle uses a text always in the same mode, so sharing it is safe.
 */
function withKeptStatements(handle: SqliteHandle): SqliteHandle {
  const kept = new Map<string, ReturnType<SqliteHandle["prepare"]>>();
  const prepare = (text: string) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const statement = handle.prepare(text);
    kept.set(text, statement);
    return statement;
  };
  return Object.create(handle, { prepare: { value: prepare } });
}

export interface Reader {
  readonly db: Pick<Drizzle, "select" | "selectDistinct">;
  /** All rows of a read-only statement. The caller names the row type and answers for it. */
  all<T extends Row>(text: string, ...values: SqlValue[]): T[];
  get<T extends Row>(text: string, ...values: SqlValue[]): T | undefined;
}

export interface Writer extends Reader {
  readonly db: Pick<Drizzle, "select" | "selectDistinct" | "insert" | "update" | "delete">;
  run(text: string, ...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
  /** Runs after the commit, and never when it is rolled back. Must not throw. */
  onCommit(effect: () => void): void;
}

export class Connection {
  readonly #statements: Statements;
  readonly #db: Drizzle;
  readonly reader: Reader;

  constructor(readonly handle: SqliteHandle) {
    this.#statements = new Statements(handle);
    this.#db = drizzle({ client: withKeptStatements(handle) });
    this.reader = {
      db: this.#db,
      all: <T extends Row>(text: string, ...values: SqlValue[]) =>
        this.#statements.readonly(text).all(...values) as T[],
      get: <T extends Row>(text: string, ...values: SqlValue[]) =>
        this.#statements.readonly(text).get(...values) as T | undefined,
    };
  }

  /** A writer whose commit effects are collected in `effects`. Only inside a transaction. */
  writer(effects: (() => void)[]): Writer {
    return {
      ...this.reader,
      db: this.#db,
      run: (text, ...values) => this.#statements.get(text).run(...values),
      onCommit: (effect) => void effects.push(effect),
    };
  }

  /** One transaction, at once. @throws what `change` throws, after rolling back. */
  transact<T>(change: (writer: Writer) => T): T {
    const effects: (() => void)[] = [];
    this.handle.exec("BEGIN IMMEDIATE");
    let result: T;
    try {
      result = change(this.writer(effects));
      this.handle.exec("COMMIT");
    } catch (error) {
      if (this.handle.inTransaction) this.handle.exec("ROLLBACK");
      throw error;
    }
    for (const effect of effects) effect();
    return result;
  }

  /** Runs `read` on one snapshot: what others commit meanwhile is seen wholly afterwards or not at all. */
  snapshot<T>(read: () => T): T {
    this.handle.exec("BEGIN");
    try {
      return read();
    } finally {
      this.handle.exec("COMMIT");
    }
  }

  close(): void {
    if (this.handle.open) this.handle.close();
  }
}
