/** Originals on the disk: whole, or not at all. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeOriginal } from "./document-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "metachat-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an original is stored as it is, and its checksum is that of its bytes", async () => {
  const content = Buffer.alloc(3_000_001, "The zyxomma flies at dusk. ");
  const checksum = await storeOriginal(new Blob([content]), folder, "original");
  expect(readdirSync(folder)).toEqual(["original"]);
  expect(readFileSync(join(folder, "original")).equals(content)).toBe(true);
  expect(checksum).toBe(createHash("sha256").update(content).digest("hex"));
});

test("where the disk ends within it, it is an error and nothing stays, also when that is in its last bytes", async () => {
  // A process of its own: the limit (256 KB here) is for all that it writes.
  const script = `
    import { storeOriginal } from ${JSON.stringify(join(import.meta.dir, "document-files.ts"))};
    process.on("SIGXFSZ", () => {});
    const size = Number(process.argv.at(-1));
    const stored = storeOriginal(new Blob([new Uint8Array(size)]), ${JSON.stringify(folder)}, "original");
    console.log(await stored.then(() => "stored", (error) => error.code));
  `;
  const store = async (bytes: number) => {
    const command = ["bash", "-c", 'ulimit -f 256; exec "$@"', "bash", process.execPath, "-e", script];
    const child = Bun.spawn([...command, String(bytes)], { stdout: "pipe", stderr: "inherit" });
    return (await new Response(child.stdout).text()).trim();
  };
  expect(await store(256 * 1024)).toBe("stored");
  rmSync(join(folder, "original"));
  for (const bytes of [256 * 1024 + 1, 300_000, 1_000_000]) {
    expect(await store(bytes)).toBe("EFBIG");
    expect(readdirSync(folder)).toEqual([]);
  }
});
