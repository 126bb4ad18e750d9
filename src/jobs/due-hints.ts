/**
 * When each tenant may have a job due, kept in `control.db` so that idle tenants cost nothing: their databases are
 * not opened to find out. A hint is written before the job it is for. A hint without a job costs one look; a job
 * without a hint would be stranded.
 */
import { eq, isNotNull } from "drizzle-orm";
import { tenants } from "../db/control-schema.ts";
import type { ControlStore } from "../tenants/control-store.ts";

export class DueHints {
  readonly #due = new Map<string, number>();

  constructor(readonly control: ControlStore) {
    const rows = control.read((reader) =>
      reader.db
        .select({ id: tenants.id, at: tenants.jobsDueAt })
        .from(tenants)
        .where(isNotNull(tenants.jobsDueAt))
        .all(),
    );
    for (const row of rows) if (row.at !== null) this.#due.set(row.id, row.at);
  }

  /** Makes sure that the tenant is looked at by `at`; on disk when it returns. */
  mark(tenantId: string, at: number): void {
    const known = this.#due.get(tenantId);
    if (known !== undefined && known <= at) return;
    this.#write(tenantId, at);
    this.#due.set(tenantId, at);
  }

  /** The tenant's next job is due at `at`; null: none waits. Only after a look, with no enqueue under way. */
  set(tenantId: string, at: number | null): void {
    if ((this.#due.get(tenantId) ?? null) === at) return;
    this.#write(tenantId, at);
    if (at === null) this.#due.delete(tenantId);
    else this.#due.set(tenantId, at);
  }

  /** Ids of the tenants whose hint is `now` or earlier. */
  dueBy(now: number): string[] {
    return [...this.#due].filter(([, at]) => at <= now).map(([id]) => id);
  }

  /** The earliest hint after `now`, or null. */
  nextAfter(now: number): number | null {
    let next: number | null = null;
    for (const at of this.#due.values()) if (at > now && (next === null || at < next)) next = at;
    return next;
  }

  #write(tenantId: string, at: number | null): void {
    this.control.transact((writer) =>
      writer.db.update(tenants).set({ jobsDueAt: at }).where(eq(tenants.id, tenantId)).run(),
    );
  }
}
