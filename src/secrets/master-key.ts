/** The appliance's master key: given by the operator, or made once in `<data>/keys/`. There is no default. */
import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export class MasterKeyError extends Error {
  override readonly name = "MasterKeyError";
}

/** 32 bytes. @throws MasterKeyError with a sentence that says what to do. */
export function loadMasterKey(dataDir: string, given: string | null): Buffer {
  if (given !== null) return decode(given, "METACHAT_MASTER_KEY");
  const folder = join(dataDir, "keys");
  const path = join(folder, "master.key");
  if (!existsSync(path)) makeKey(folder, path);
  if ((statSync(path).mode & 0o077) !== 0)
    throw new MasterKeyError(`${path} can be read by other users of this machine; run: chmod 600 ${path}`);
  return decode(readFileSync(path, "utf8"), path);
}

function decode(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, "base64");
  if (key.length !== 32 || key.toString("base64") !== trimmed)
    throw new MasterKeyError(
      `${where} does not hold 32 bytes in base64. Put the right key back; without it stored secrets cannot be read.`,
    );
  return key;
}

/** Made under a temporary name and linked into place: two first starts at once agree on one key. */
function makeKey(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
