import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { readParsedDocument } from "./parse-protocol.ts";
import { ParserPool, type ParserPoolOptions, timeFor } from "./parser-pool.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parser-pool-test-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function startPool(
  child: "parse-child" | "misbehaving-child",
  options: Partial<ParserPoolOptions> = {},
): ParserPool {
  const command = [process.execPath, join(import.meta.dir, `${child}.fixture.ts`)];
  return new ParserPool({ command, tempDir: join(folder, "temp"), ...options });
}

async function write(
  name: string,
  content: string | Uint8Array,
): Promise<{ path: string; fileName: string }> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, fileName: name };
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

async function seen(
  pool: ParserPool,
  tenantId: string,
): Promise<{ pid: number; env: Record<string, string> }> {
  return JSON.parse((await pool.parse({ tenantId, path: "", fileName: "ask" })).text);
}

describe("the parser pool", () => {
  test("reads a file in a child and leaves nothing behind when disposed", async () => {
    let pid = 0;
    {
      await using pool = startPool("parse-child");
      const file = await write("a.md", "# Hello\n\nText");
      const document = await pool.parse({ tenantId: "ada", ...file });
      expect(document).toMatchObject({ format: "markdown", mediaType: "text/markdown", title: "Hello" });
      [pid = 0] = pool.childPids;
      expect(isRunning(pid)).toBe(true);
      expect(getPriority(pid)).toBe(10);
    }
    expect(isRunning(pid)).toBe(false);
    expect(await readdir(join(folder, "temp"))).toEqual([]);
  });

  test("leaves a large result as a file for the caller's worker", async () => {
    await using pool = startPool("parse-child");
    const file = await write("a.txt", "All work and no play.\n\n".repeat(100_000));
    const resultPath = join(folder, "result.json");
    const { resultBytes } = await pool.parseToFile({ tenantId: "ada", ...file, resultPath });
    const json = await readFile(resultPath, "utf8");
    expect(Buffer.byteLength(json)).toBe(resultBytes);
    expect(readParsedDocument(json).blocks).toHaveLength(100_000);
    expect(existsSync(`${resultPath}.partial`)).toBe(false);
  });

  test("passes on the file's own error with its sentence and keeps the child", async () => {
    await using pool = startPool("parse-child");
    const broken = await write("a.pdf", "%PDF-1.7 broken");
    expect(pool.parse({ tenantId: "ada", ...broken })).rejects.toMatchObject({ code: "damaged" });
    const missing = { path: join(folder, "missing"), fileName: "missing" };
    await expect(pool.parse({ tenantId: "ada", ...missing })).rejects.toMatchObject({ code: "damaged" });
    const [pid] = pool.childPids;
    await pool.parse({ tenantId: "ada", ...(await write("b.txt", "sound")) });
    expect(pool.childPids).toEqual([pid ?? 0]);
  });

  test("refuses a result above the limit and leaves no file", async () => {
    await using pool = startPool("parse-child", { maxResultBytes: 1_000 });
    const resultPath = join(folder, "result.json");
    const file = await write("a.txt", "word ".repeat(1_000));
    const parsing = pool.parseToFile({ tenantId: "ada", ...file, resultPath });
    await expect(parsing).rejects.toMatchObject({ code: "too_large_inside" });
    expect(existsSync(resultPath)).toBe(false);
  });

  test("gives children nothing of its environment, and an empty folder", async () => {
    await using pool = startPool("misbehaving-child");
    const { env } = await seen(pool, "ada");
    const names = Object.keys(env).filter((name) => !name.startsWith("NODE_CHANNEL"));
    expect(names).toEqual(["BUN_JSC_forceRAMSize"]);
  });

  test("keeps a child for its tenant and never lets two tenants share one", async () => {
    await using pool = startPool("misbehaving-child");
    const first = await seen(pool, "ada");
    expect((await seen(pool, "ada")).pid).toBe(first.pid);
    const other = await seen(pool, "bob");
    expect(other.pid).not.toBe(first.pid);
    expect(isRunning(first.pid)).toBe(false);
    expect(pool.childPids).toEqual([other.pid]);
  });

  test("serves waiting files in their order, one at a time", async () => {
    await using pool = startPool("misbehaving-child");
    const order: string[] = [];
    const tenants = ["ada", "bob", "ada", "cy", "cy", "bob"];
    await Promise.all(
      tenants.map(async (tenantId, index) => {
        // Not `parse`: that reads the results, some faster than others.
        await pool.parseToFile({ tenantId, path: "", fileName: "ask", resultPath: join(folder, `${index}`) });
        order.push(`${tenantId}${index}`);
        expect(pool.childPids.length).toBeLessThanOrEqual(1);
      }),
    );
    expect(order).toEqual(tenants.map((tenantId, index) => `${tenantId}${index}`));
  });

  test("runs as many children as it may", async () => {
    await using pool = startPool("misbehaving-child", { maxChildren: 2 });
    const [ada, bob] = await Promise.all([seen(pool, "ada"), seen(pool, "bob")]);
    expect(ada.pid).not.toBe(bob.pid);
    expect(pool.childPids).toHaveLength(2);
  });

  test("ends a child that nobody needs any more", async () => {
    await using pool = startPool("misbehaving-child", { idleMs: 50 });
    const { pid } = await seen(pool, "ada");
    await Bun.sleep(300);
    expect(isRunning(pid)).toBe(false);
    expect(pool.childPids).toEqual([]);
  });

  test("serves a file that comes while an idle child is being ended", async () => {
    await using pool = startPool("misbehaving-child", { idleMs: 0 });
    for (let round = 0; round < 20; round++) {
      expect((await seen(pool, "ada")).pid).toBeGreaterThan(0);
      await Bun.sleep(round % 4);
    }
  });
});

describe("a child that misbehaves", () => {
  const TABLE = [
    ["spin", "timed_out", { timeoutMs: 1_000 }],
    ["nonsense", "parser_crashed", {}],
    ["grow", "out_of_memory", { maxMemoryBytes: 300 * 1024 * 1024 }],
    ["crash", "parser_crashed", {}],
    ["exit", "parser_crashed", {}],
  ] as const;
  for (const [fileName, code, limits] of TABLE) {
    test(`${fileName} ends as ${code}, and the next file is read`, async () => {
      await using pool = startPool("misbehaving-child", limits);
      await expect(pool.parse({ tenantId: "ada", path: "", fileName })).rejects.toMatchObject({ code });
      expect(pool.childPids).toEqual([]);
      expect((await seen(pool, "ada")).pid).toBeGreaterThan(0);
    }, 20_000);
  }

  test("a file that text recognition brings down is read without it", async () => {
    await using pool = startPool("misbehaving-child", { ocrModel: "/no/matter" });
    const scan = await write("scan.pdf", "%PDF-1.4");
    const { text } = await pool.parse({ tenantId: "ada", ...scan });
    expect(JSON.parse(text)).toMatchObject({ ocr: "gave-up" });
  });

  test("only what may hold scans is given to text recognition", async () => {
    await using pool = startPool("misbehaving-child", { ocrModel: "/the/model" });
    const ocrOf = async (name: string, content: string) =>
      JSON.parse((await pool.parse({ tenantId: "ada", ...(await write(name, content)) })).text).ocr;
    expect(await ocrOf("a.pdf", "%PDF-1.4")).toEqual({ model: "/the/model" });
    expect(await ocrOf("a.zip", "PK")).toEqual({ model: "/the/model" });
    expect(await ocrOf("a.html", "<p>Hello")).toBe("off");
  });

  test("a result that contradicts itself is not believed", async () => {
    await using pool = startPool("misbehaving-child");
    await expect(pool.parse({ tenantId: "ada", path: "", fileName: "lie" })).rejects.toThrow(RangeError);
  });

  test("a program that does not start is a crash", async () => {
    await using pool = new ParserPool({ command: ["/no/such/program"], tempDir: join(folder, "temp") });
    const parsing = pool.parse({ tenantId: "ada", path: "", fileName: "a" });
    await expect(parsing).rejects.toMatchObject({ code: "parser_crashed" });
  });

  test("an aborted call ends its child; an aborted wait leaves the queue", async () => {
    await using pool = startPool("misbehaving-child");
    const running = new AbortController();
    const waiting = new AbortController();
    const spin = pool.parse({ tenantId: "ada", path: "", fileName: "spin", signal: running.signal });
    const wait = pool.parse({ tenantId: "ada", path: "", fileName: "ask", signal: waiting.signal });
    spin.catch(() => {});
    waiting.abort(new Error("not needed"));
    await expect(wait).rejects.toThrow("not needed");
    await Bun.sleep(100);
    const [pid = 0] = pool.childPids;
    running.abort(new Error("page closed"));
    await expect(spin).rejects.toThrow("page closed");
    expect(isRunning(pid)).toBe(false);
  });

  test("disposing ends what runs and what waits", async () => {
    const pool = startPool("misbehaving-child");
    const calls = ["spin", "ask"].map((fileName) => pool.parse({ tenantId: "ada", path: "", fileName }));
    const outcomes = Promise.allSettled(calls);
    await Bun.sleep(100);
    const [pid = 0] = pool.childPids;
    await pool[Symbol.asyncDispose]();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: "rejected", reason: { name: "AbortError" } });
    expect(isRunning(pid)).toBe(false);
    expect(await readdir(join(folder, "temp"))).toEqual([]);
    await expect(pool.parse({ tenantId: "ada", path: "", fileName: "ask" })).rejects.toThrow("shut down");
  });
});

test("a parsing child cannot connect, listen or start programs", async () => {
  const attempts = `
    import { forbidNetwork } from ${JSON.stringify(join(import.meta.dir, "network-guard.ts"))};
    import net from "node:net"; import http from "node:http"; import child from "node:child_process"; import dns from "node:dns";
    forbidNetwork();
    const attempts = [
      () => fetch("http://127.0.0.1:9"), () => new WebSocket("ws://127.0.0.1:9"),
      () => net.connect(9), () => http.get("http://127.0.0.1:9"), () => Bun.connect({ hostname: "127.0.0.1", port: 9, socket: {} }),
      () => Bun.serve({ fetch: () => new Response() }), () => child.spawn("true"), () => Bun.spawn(["true"]), () => dns.lookup("localhost", () => {}),
    ];
    console.log(attempts.map((attempt) => { try { attempt(); return "open"; } catch (error) { return error.message.includes("not available") ? "shut" : error.message; } }).join());
    process.exit(0);`;
  const script = join(folder, "attempts.ts");
  await writeFile(script, attempts);
  const output = await new Response(Bun.spawn([process.execPath, script], { stdout: "pipe" }).stdout).text();
  expect(output.trim()).toBe(Array(9).fill("shut").join());
});

test("a small file has half a minute, a large one longer, none more than allowed", () => {
  expect(timeFor(0, 120_000)).toBe(30_000);
  expect(timeFor(1_000_000, 120_000)).toBe(50_000);
  expect(timeFor(50_000_000, 120_000)).toBe(120_000);
  expect(timeFor(0, 500)).toBe(500);
});
