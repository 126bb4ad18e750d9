/** The `providers` table of a tenant: addresses, models and sealed keys. */
import { eq } from "drizzle-orm";
import { providers } from "../db/tenant-schema.ts";
import type { Reader, Writer } from "../db/transaction.ts";

export type SettableProvider = "ollama" | "openai-compatible";

export interface ProviderSettings {
  readonly url: string | null;
  readonly model: string | null;
  readonly sealedKey: Buffer | null;
}

const none: ProviderSettings = { url: null, model: null, sealedKey: null };

export function readProvider(reader: Reader, id: SettableProvider): ProviderSettings {
  const row = reader.db.select().from(providers).where(eq(providers.id, id)).get();
  return row === undefined ? none : { url: row.url, model: row.model, sealedKey: row.sealedKey };
}

export function writeProvider(writer: Writer, id: SettableProvider, settings: ProviderSettings): void {
  const row = { id, ...settings, updatedAt: Date.now() };
  writer.db.insert(providers).values(row).onConflictDoUpdate({ target: providers.id, set: row }).run();
}
