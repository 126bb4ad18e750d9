/** Where a document's files lie: `original`, `text`, and while a new version is read `next-…`. */
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { TenantStore } from "../tenants/tenant-store.ts";

export function documentFolder(store: TenantStore, tenantId: string, documentId: string): string {
  return join(store.folder(tenantId), "files", documentId);
}

/** Writes the content to `<folder>/<name>` (temporary name, synced, renamed). @returns its SHA-256, hex. */
export async function storeOriginal(content: Blob, folder: string, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${name}.${crypto.randomUUID()}.tmp`);
  const hash = createHash("sha256");
  const file = await open(temporary, "wx", 0o600);
  try {
    for await (const piece of content.stream()) {
      // In slices, so that hashing a large piece does not hold the main thread.
      for (let from = 0; from < piece.length; from += 1 << 20) {
        const slice = piece.subarray(from, from + (1 << 20));
        hash.update(slice);
        await file.write(slice);
      }
    }
    await file.datasync();
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  renameSync(temporary, join(folder, name));
  return hash.digest("hex");
}
