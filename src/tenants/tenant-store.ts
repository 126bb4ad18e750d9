/**
 * The only way to a tenant's data. `read` hands out a reader, `transact` a writer; both name the tenant each time, so
 * code that works for one tenant holds nothing of another.
 *
 * Writers of one tenant queue here instead of on SQLite's lock: waiting for that lock would hold the whole process.
 * What waits together is committed together (one sync to disk for all), each in a savepoint of its own. A worker
 * thread that writes in bulk takes its turn in the same queue through `exclusive`.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Durability, migrate, openDatabase } from "../db/database.ts";
import { tenantMigrations } from "../db/migrations.ts";
import { Connection, type Reader, type Writer } from "../db/transaction.ts";
import { WalSync } from "../db/wal-sync.ts";
import { AppError, describeError, isDiskFull } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { SqliteNatives } from "../native/sqlite.ts";

type NotAPromise<T> = T extends PromiseLike<unknown> ? never : T;

interface Waiting {
  readonly run: (connection: Connection) => void;
  readonly effects: (() => void)[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly durable: boolean;
}

interface OpenTenant {
  readonly connection: Connection;
  readonly wal: WalSync;
  /** Commits that are not on disk yet. */
  syncing: number;
  readonly waiting: Waiting[];
  readonly turns: (() => Promise<void>)[];
  busy: boolean;
  scheduled: boolean;
  lastUsed: number;
}

export interface TenantStoreOptions {
  readonly natives: SqliteNatives;
  readonly dataDir: string;
  readonly durability: Durability;
  readonly log: Logger;
  /** Open handles kept; the least recently used idle one is closed beyond that. */
  readonly maxOpen?: number;
  /** Closed after this long without use, in milliseconds. */
  readonly idleMs?: number;
  /** Writes the WAL back off the main thread; called with the database's path when it has grown. */
  readonly checkpoint?: (path: string) => Promise<void>;
}

export interface TransactOptions {
  /** False: a power cut may take it back (never a crash of the process). For leases and the like. */
  readonly durable?: boolean;
}

/** Writes that go into one commit at most: bounds how long the main thread is held. */
const maxBatch = 32;
/** A WAL beyond this is written back, in bytes. */
const checkpointAt = 8 * 1024 * 1024;

export class TenantStore implements AsyncDisposable {
  readonly #options: TenantStoreOptions;
  readonly #open = new Map<string, OpenTenant>();
  readonly #broken = new Map<string, { reason: string; until: number }>();
  readonly #checkpointing = new Set<string>();
  readonly #sweep: Timer;
  #closed = false;
  /** How many times a tenant's database was opened since the start. */
  opened = 0;

  constructor(options: TenantStoreOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#closeIdle(), 5_000);
    this.#sweep.unref();
  }

  get openHandles(): number {
    return this.#open.size;
  }

  folder(tenantId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(tenantId)) throw new AppError("not_found", "There is no such tenant here.");
    return join(this.#options.dataDir, "tenants", tenantId);
  }

  databasePath(tenantId: string): string {
    return join(this.folder(tenantId), "tenant.db");
  }

  /** Creates the folder and the migrated database of a new tenant. */
  create(tenantId: string): void {
    mkdirSync(join(this.folder(tenantId), "files"), { recursive: true, mode: 0o700 });
    this.#openTenant(tenantId, true);
  }

  /** @throws AppError tenant_unavailable when the tenant's database cannot be used. */
  async read<T>(tenantId: string, look: (reader: Reader) => NotAPromise<T>): Promise<T> {
    return look(this.#get(tenantId).connection.reader);
  }

  /**
   * Runs `change` in a transaction and resolves once it is on disk. `change` must not wait for anything.
   * @throws what `change` throws, after its part was rolled back; AppError storage_full when the disk is full.
   */
  transact<T>(
    tenantId: string,
    change: (writer: Writer) => NotAPromise<T>,
    options: TransactOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const tenant = this.#get(tenantId);
      let result: T | undefined;
      const effects: (() => void)[] = [];
      tenant.waiting.push({
        run: (connection) => {
          result = change(connection.writer(effects)) as T;
        },
        effects,
        resolve: () => resolve(result as T),
        reject,
        durable: options.durable ?? true,
      });
      this.#schedule(tenantId, tenant);
    });
  }

  /** Waits for the tenant's writers and keeps them waiting until `work` (in another thread) is done. */
  exclusive<T>(tenantId: string, work: (databasePath: string) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const tenant = this.#get(tenantId);
      tenant.turns.push(() => work(this.databasePath(tenantId)).then(resolve, reject));
      this.#schedule(tenantId, tenant);
    });
  }

  /** Forgets what is known of a tenant's trouble, and its handle. */
  close(tenantId: string): void {
    this.#broken.delete(tenantId);
    const tenant = this.#open.get(tenantId);
    if (tenant !== undefined && !isBusy(tenant)) this.#shut(tenantId, tenant);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    const deadline = Date.now() + 5_000;
    while ([...this.#open.values()].some((tenant) => isBusy(tenant)) && Date.now() < deadline)
      await Bun.sleep(5);
    const closing = [...this.#open.values()].map((tenant) => tenant.wal.close());
    for (const [id, tenant] of this.#open) this.#shut(id, tenant);
    await Promise.all(closing);
  }

  #get(tenantId: string): OpenTenant {
    const tenant = this.#open.get(tenantId) ?? this.#openTenant(tenantId, false);
    tenant.lastUsed = Date.now();
    return tenant;
  }

  #openTenant(tenantId: string, create: boolean): OpenTenant {
    if (this.#closed) throw new AppError("unavailable", "The server is stopping.");
    const known = this.#broken.get(tenantId);
    if (known !== undefined && known.until > Date.now())
      throw new AppError("tenant_unavailable", known.reason);
    const path = this.databasePath(tenantId);
    if (!create && !existsSync(path))
      throw new AppError(
        "tenant_unavailable",
        "This tenant's database is missing; restore it from a backup.",
      );
    try {
      // "full" is reached by syncing the WAL off this thread after the commit; see WalSync.
      const handle = openDatabase(this.#options.natives, path, { durability: "normal", vectors: true });
      migrate(handle, tenantMigrations);
      const tenant: OpenTenant = {
        connection: new Connection(handle),
        wal: new WalSync(path),
        syncing: 0,
        waiting: [],
        turns: [],
        busy: false,
        scheduled: false,
        lastUsed: Date.now(),
      };
      this.#open.set(tenantId, tenant);
      this.#broken.delete(tenantId);
      this.opened += 1;
      this.#closeBeyondLimit();
      return tenant;
    } catch (error) {
      this.#options.log.error("tenant database does not open", { tenantId, error: describeError(error) });
      const reason =
        "This tenant's database cannot be used at the moment; the operator finds the reason in the log.";
      this.#broken.set(tenantId, { reason, until: Date.now() + 5_000 });
      throw new AppError("tenant_unavailable", reason, { cause: error });
    }
  }

  #schedule(tenantId: string, tenant: OpenTenant): void {
    if (tenant.scheduled || tenant.busy) return;
    tenant.scheduled = true;
    // Not at once: requests that arrive in the same turn of the event loop share one commit.
    setImmediate(() => {
      tenant.scheduled = false;
      void this.#drain(tenantId, tenant);
    });
  }

  async #drain(tenantId: string, tenant: OpenTenant): Promise<void> {
    if (tenant.busy) return;
    tenant.busy = true;
    try {
      if (tenant.waiting.length > 0) {
        this.#commit(tenant, tenant.waiting.splice(0, maxBatch));
        this.#checkpointIfLarge(tenantId);
      }
      const turn = tenant.turns.shift();
      if (turn !== undefined) await turn();
    } finally {
      tenant.busy = false;
      tenant.lastUsed = Date.now();
      if (tenant.waiting.length > 0 || tenant.turns.length > 0) this.#schedule(tenantId, tenant);
    }
  }

  #commit(tenant: OpenTenant, batch: readonly Waiting[]): void {
    const handle = tenant.connection.handle;
    const done: Waiting[] = [];
    try {
      handle.exec("BEGIN IMMEDIATE");
      for (const item of batch) if (runInSavepoint(tenant.connection, item)) done.push(item);
      handle.exec("COMMIT");
    } catch (error) {
      if (handle.inTransaction) handle.exec("ROLLBACK");
      // Those that were rejected alone stay rejected; a second rejection of a promise does nothing.
      for (const item of batch) item.reject(storageError(error));
      return;
    }
    const inSync = this.#options.durability === "full" && done.some((item) => item.durable);
    const later = done.filter((item) => inSync && item.durable);
    for (const item of done) if (!later.includes(item)) this.#acknowledge(item);
    if (later.length > 0) void this.#acknowledgeOnceOnDisk(tenant, later);
  }

  async #acknowledgeOnceOnDisk(tenant: OpenTenant, items: readonly Waiting[]): Promise<void> {
    tenant.syncing += 1;
    try {
      await tenant.wal.sync();
      for (const item of items) this.#acknowledge(item);
    } catch (error) {
      for (const item of items) item.reject(storageError(error));
    } finally {
      tenant.syncing -= 1;
    }
  }

  #acknowledge(item: Waiting): void {
    for (const effect of item.effects) this.#runEffect(effect);
    item.resolve();
  }

  #runEffect(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.#options.log.error("an effect after a commit failed", { error: describeError(error) });
    }
  }

  #checkpointIfLarge(tenantId: string): void {
    const { checkpoint } = this.#options;
    if (checkpoint === undefined || this.#checkpointing.has(tenantId)) return;
    const path = this.databasePath(tenantId);
    const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size < checkpointAt) return;
    this.#checkpointing.add(tenantId);
    // In the tenant's write turn: a WAL can start over only when nobody is writing to it.
    void this.exclusive(tenantId, checkpoint)
      .catch((error: unknown) =>
        this.#options.log.warn("checkpoint failed", { tenantId, error: describeError(error) }),
      )
      .finally(() => this.#checkpointing.delete(tenantId));
  }

  #closeIdle(): void {
    const before = Date.now() - (this.#options.idleMs ?? 60_000);
    for (const [id, tenant] of this.#open) {
      if (tenant.lastUsed > before || isBusy(tenant)) continue;
      this.#shut(id, tenant);
    }
  }

  #shut(tenantId: string, tenant: OpenTenant): void {
    this.#open.delete(tenantId);
    void tenant.wal.close();
    tenant.connection.close();
  }

  #closeBeyondLimit(): void {
    const limit = this.#options.maxOpen ?? 100;
    if (this.#open.size <= limit) return;
    const idle = [...this.#open].filter(([, tenant]) => !isBusy(tenant) && tenant.lastUsed < Date.now() - 50);
    idle.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [id, tenant] of idle.slice(0, this.#open.size - limit)) this.#shut(id, tenant);
  }
}

function isBusy(tenant: OpenTenant): boolean {
  return (
    tenant.busy ||
    tenant.scheduled ||
    tenant.syncing > 0 ||
    tenant.waiting.length > 0 ||
    tenant.turns.length > 0
  );
}

/** True when it went through; false when it threw and was rolled back and rejected alone. */
function runInSavepoint(connection: Connection, item: Waiting): boolean {
  const { handle } = connection;
  handle.exec("SAVEPOINT part");
  try {
    item.run(connection);
    handle.exec("RELEASE part");
    return true;
  } catch (error) {
    // A full disk rolls the whole transaction back by itself: then nothing of the batch can be kept.
    if (!handle.inTransaction) throw error;
    handle.exec("ROLLBACK TO part");
    handle.exec("RELEASE part");
    item.reject(storageError(error));
    return false;
  }
}

function storageError(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  return new AppError(
    "storage_full",
    "The disk of this server is full; nothing was changed. Free some space and try again.",
    {
      cause: error,
    },
  );
}
