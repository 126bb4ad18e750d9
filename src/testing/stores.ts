/** Stores on a folder of their own, for tests below the HTTP side. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../log.ts";
import { prepareSqlite } from "../native/sqlite.ts";
import { ControlStore } from "../tenants/control-store.ts";
import { TenantStore } from "../tenants/tenant-store.ts";

export interface TestStores extends AsyncDisposable {
  readonly control: ControlStore;
  readonly store: TenantStore;
  readonly dataDir: string;
  readonly log: ReturnType<typeof createLogger>;
  /** Makes an empty tenant database and its row. @returns the id */
  newTenant(): string;
  /** Opens the same folder again, as a new process would. */
  reopen(): Promise<TestStores>;
}

export async function openTestStores(folder?: string): Promise<TestStores> {
  const dataDir = folder ?? mkdtempSync(join(tmpdir(), "metachat-stores-"));
  const natives = await prepareSqlite(dataDir);
  const log = createLogger({ level: "error", write: () => undefined });
  const control = new ControlStore(natives, dataDir, "full");
  const store = new TenantStore({ natives, dataDir, durability: "full", log });
  const close = async () => {
    await store[Symbol.asyncDispose]();
    control[Symbol.dispose]();
  };
  return {
    control,
    store,
    dataDir,
    log,
    newTenant() {
      const id = Bun.randomUUIDv7();
      store.create(id);
      control.transact((writer) =>
        writer.run(
          "INSERT INTO tenants (id, slug, name, sealed_key, created_at) VALUES (?, ?, 'Test', x'00', 1)",
          id,
          id,
        ),
      );
      return id;
    },
    async reopen() {
      await close();
      return openTestStores(dataDir);
    },
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
