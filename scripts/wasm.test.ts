import { expect, test } from "bun:test";
import { join } from "node:path";

test("the compiled WebAssembly is that of its text", async () => {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "wasm.ts"), "--check"], {
    stderr: "pipe",
  });
  expect([await child.exited, await new Response(child.stderr).text()]).toEqual([0, ""]);
});
