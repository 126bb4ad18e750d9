/** What a server that was killed in the middle of an upload left in the folders of documents. */
import { type Stats, statSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { documentFolder, temporaryEnding } from "./document-files.ts";
import type { Knowledge } from "./knowledge.ts";

/** From the start of the server that was killed until that of this one, milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Removes a tenant's files of documents that never came to be, and halves of files beside others. Looks only at folders
 * that changed in that time; where there is none, the tenant's database is not opened.
 */
export async function removeUnfinishedUploads(
  { knowledge, store }: { readonly knowledge: Knowledge; readonly store: TenantStore },
  tenantId: string,
  span: Span,
): Promise<void> {
  for (const documentId of await namesIn(join(store.folder(tenantId), "files"))) {
    const folder = documentFolder(store, tenantId, documentId);
    if (!(await changedIn(folder, span))) continue;
    // Again, in the turn in which it is removed: a crawl that goes on may have stored this document anew meanwhile.
    if (isWithin(statSync(folder, { throwIfNoEntry: false }), span))
      await knowledge.removeOrphan(tenantId, documentId);
    await removeHalves(folder, span);
  }
}

async function removeHalves(folder: string, span: Span): Promise<void> {
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if (name.endsWith(temporaryEnding) && (await changedIn(path, span))) await rm(path, { force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** False where it is not there any more. */
async function changedIn(path: string, span: Span): Promise<boolean> {
  return isWithin(await stat(path).catch(() => undefined), span);
}

function isWithin(found: Stats | undefined, { from, to }: Span): boolean {
  return found !== undefined && found.mtimeMs >= from && found.mtimeMs < to;
}
