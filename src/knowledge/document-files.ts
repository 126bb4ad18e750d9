/** Where a document's files lie: `original`, `text`, and while a new version is read `next-…`. */
import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { TenantStore } from "../tenants/tenant-store.ts";

export function documentFolder(store: TenantStore, tenantId: string, documentId: string): string {
  return join(store.folder(tenantId), "files", documentId);
}

/** Of files that are not whole yet. */
export const temporaryEnding = ".tmp";
/** What is hashed and written without a pause. */
const sliceBytes = 1 << 20;

/**
 * Writes content as it comes, at most `cutAt` bytes of it.
 * @returns its size and its SHA-256, hex
 */
export async function writeContent(
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  cutAt = Number.POSITIVE_INFINITY,
): Promise<{ bytes: number; checksum: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of content) {
    for (let from = 0; from < piece.length && bytes < cutAt; from += sliceBytes) {
      const slice = piece.subarray(from, Math.min(from + sliceBytes, from + cutAt - bytes));
      hash.update(slice);
      // Not `write`: where the disk ends it leaves out the rest and says only how much that was.
      await file.appendFile(slice);
      bytes += slice.length;
    }
    if (bytes >= cutAt) break;
  }
  return { bytes, checksum: hash.digest("hex") };
}

/** Writes the content to `<folder>/<name>` (temporary name, synced, renamed). @returns its SHA-256, hex. */
export async function storeOriginal(content: Blob, folder: string, name: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${name}.${crypto.randomUUID()}${temporaryEnding}`);
  const file = await open(temporary, "wx", 0o600);
  try {
    const { checksum } = await writeContent(file, content.stream());
    await file.datasync();
    renameSync(temporary, join(folder, name));
    return checksum;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
