import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMasterKey, MasterKeyError } from "./master-key.ts";
import { seal, unseal } from "./seal.ts";

const key = randomBytes(32);

test("what was sealed opens with the same key and context, and reads the same", () => {
  expect(unseal(key, "t1:provider", seal(key, "t1:provider", "sk-secret")).toString()).toBe("sk-secret");
});

test("another key, another context and any changed bit do not open", () => {
  const sealed = seal(key, "a", "secret");
  expect(() => unseal(randomBytes(32), "a", sealed)).toThrow("master key");
  expect(() => unseal(key, "b", sealed)).toThrow();
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
    expect(() => unseal(key, "a", changed)).toThrow();
  }
  expect(() => unseal(key, "a", Buffer.alloc(3))).toThrow();
});

test("the same secret is sealed differently each time", () => {
  expect(seal(key, "a", "x").equals(seal(key, "a", "x"))).toBe(false);
});

test("the master key is made once, with mode 0600, and read again", () => {
  const folder = mkdtempSync(join(tmpdir(), "metachat-key-"));
  const first = loadMasterKey(folder, null);
  expect(loadMasterKey(folder, null).equals(first)).toBe(true);
  const path = join(folder, "keys", "master.key");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  chmodSync(path, 0o644);
  expect(() => loadMasterKey(folder, null)).toThrow(MasterKeyError);
  chmodSync(path, 0o600);
  writeFileSync(path, "damaged");
  expect(() => loadMasterKey(folder, null)).toThrow("does not hold 32 bytes");
  rmSync(folder, { recursive: true });
});
