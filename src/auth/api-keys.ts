/** API keys of a tenant: shown once, stored as a hash. */
import { and, eq } from "drizzle-orm";
import { apiKeys } from "../db/control-schema.ts";
import type { Writer } from "../db/transaction.ts";
import { notFound } from "../errors.ts";
import type { ControlStore } from "../tenants/control-store.ts";
import { recordAct } from "./audit.ts";
import { hashToken, isToken, newToken } from "./tokens.ts";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

const publicColumns = {
  id: apiKeys.id,
  name: apiKeys.name,
  prefix: apiKeys.prefix,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
} as const;

const touchMs = 60_000;

/** Inserts a key. @returns the key itself: the only time it is to be had. */
export function insertApiKey(
  writer: Writer,
  tenantId: string,
  name: string,
  actor: string,
): ApiKey & { key: string } {
  const key = newToken("key");
  const row = {
    id: Bun.randomUUIDv7(),
    name,
    prefix: key.slice(0, 12),
    createdAt: Date.now(),
    lastUsedAt: null,
  };
  writer.db
    .insert(apiKeys)
    .values({ ...row, tenantId, keyHash: hashToken(key) })
    .run();
  recordAct(writer, { actor, act: "api_key.created", tenantId, detail: { id: row.id, name } });
  return { ...row, key };
}

export class ApiKeys {
  constructor(readonly control: ControlStore) {}

  create(tenantId: string, name: string, actor: string): ApiKey & { key: string } {
    return this.control.transact((writer) => insertApiKey(writer, tenantId, name, actor));
  }

  list(tenantId: string): ApiKey[] {
    return this.control.read((reader) =>
      reader.db
        .select(publicColumns)
        .from(apiKeys)
        .where(eq(apiKeys.tenantId, tenantId))
        .orderBy(apiKeys.id)
        .all(),
    );
  }

  /** @throws AppError not_found, also for another tenant's key. */
  revoke(tenantId: string, id: string, actor: string): void {
    this.control.transact((writer) => {
      const { changes } = writer.db
        .delete(apiKeys)
        .where(and(eq(apiKeys.id, id), eq(apiKeys.tenantId, tenantId)))
        .run();
      if (changes === 0) throw notFound("API key");
      recordAct(writer, { actor, act: "api_key.revoked", tenantId, detail: { id } });
    });
  }

  /** The tenant that a key belongs to, or null when it is not (or no longer) valid. */
  authenticate(token: unknown): { keyId: string; tenantId: string; name: string } | null {
    if (!isToken(token, "key")) return null;
    const row = this.control.read((reader) =>
      reader.db
        .select({
          keyId: apiKeys.id,
          tenantId: apiKeys.tenantId,
          name: apiKeys.name,
          lastUsedAt: apiKeys.lastUsedAt,
        })
        .from(apiKeys)
        .where(eq(apiKeys.keyHash, hashToken(token)))
        .get(),
    );
    if (row === undefined) return null;
    const now = Date.now();
    if ((row.lastUsedAt ?? 0) < now - touchMs)
      this.control.transact((writer) =>
        writer.db.update(apiKeys).set({ lastUsedAt: now }).where(eq(apiKeys.id, row.keyId)).run(),
      );
    return { keyId: row.keyId, tenantId: row.tenantId, name: row.name };
  }
}
