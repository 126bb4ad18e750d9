/**
 * Puts files that ship inside the executable on disk, below `<data>/native/<version>/`: the system can load a shared
 * library only from there. Written to a temporary name and renamed, so that a crash leaves no half file; checked by
 * checksum each time, so that a damaged or replaced file is written anew rather than loaded.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { chmod, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ShippedFile, shippedFiles } from "./embedded.ts";

/** Hex SHA-256 of a file, read in pieces. */
export async function fileSha256(path: string): Promise<string | null> {
  const file = Bun.file(path);
  if (!(await file.exists())) return null;
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const piece of file.stream()) hasher.update(piece);
  return hasher.digest("hex");
}

async function writeWhole(source: ShippedFile, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}.${crypto.randomUUID()}.tmp`;
  try {
    await Bun.write(temporary, Bun.file(source.path));
    const handle = await open(temporary, "r+");
    await handle.sync();
    await handle.close();
    await chmod(temporary, 0o500);
    const written = await fileSha256(temporary);
    if (written !== source.sha256)
      throw new Error(`${basename(target)} could not be written whole (is the disk full?)`);
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * The path from which the operating system can load `file`. From a source checkout that is the file itself.
 * @throws when it cannot be written or differs from what was shipped.
 */
export async function onDisk(file: ShippedFile, dataDir: string, name: string): Promise<string> {
  if (!shippedFiles.compiled) return file.path;
  const target = join(dataDir, "native", shippedFiles.nativeVersion, name);
  if ((await fileSha256(target)) !== file.sha256) await writeWhole(file, target);
  return target;
}

/** Deletes the native files of other versions; best effort, run after a successful start. */
export function removeOldNatives(dataDir: string): void {
  if (!shippedFiles.compiled) return;
  const folder = join(dataDir, "native");
  for (const name of readdirSync(folder))
    if (name !== shippedFiles.nativeVersion) rmSync(join(folder, name), { recursive: true, force: true });
}
