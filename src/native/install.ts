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

/** From this size on a file is put on disk by a process of its own; bytes. */
const largeFrom = 8 * 1024 * 1024;

/**
 * The path from which the operating system can load `file`. From a source checkout that is the file itself.
 * @throws when it cannot be written or differs from what was shipped.
 */
export async function onDisk(file: ShippedFile, dataDir: string, name: string): Promise<string> {
  if (!shippedFiles.compiled) return file.path;
  const target = join(dataDir, "native", shippedFiles.nativeVersion, name);
  if ((await fileSha256(target)) === file.sha256) return target;
  if (Bun.file(file.path).size < largeFrom) await writeWhole(file, target);
  else await placeByChild(dataDir, name);
  return target;
}

/**
 * What is read out of the executable stays mapped into the process that read it: 90 MB for the library and the model.
 * A short-lived process of the same executable reads it instead.
 */
async function placeByChild(dataDir: string, name: string): Promise<void> {
  const child = Bun.spawn([process.execPath, "place-file", name, "--data", dataDir], {
    env: {},
    stdout: "ignore",
    stderr: "pipe",
  });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(said.trim() || `${name} could not be put on disk`);
}

/** The work of that process. @throws when there is no such file, or it cannot be written whole */
export async function placeFile(dataDir: string, name: string): Promise<void> {
  const file =
    shippedFiles.models[name] ??
    Object.values(shippedFiles.native).find((item) =>
      basename(item.path).startsWith(name.split(".")[0] ?? name),
    );
  if (file === undefined) throw new Error(`this executable holds no ${name}`);
  await writeWhole(file, join(dataDir, "native", shippedFiles.nativeVersion, name));
}

/** Deletes the native files of other versions; best effort, run after a successful start. */
export function removeOldNatives(dataDir: string): void {
  if (!shippedFiles.compiled) return;
  const folder = join(dataDir, "native");
  for (const name of readdirSync(folder))
    if (name !== shippedFiles.nativeVersion) rmSync(join(folder, name), { recursive: true, force: true });
}
