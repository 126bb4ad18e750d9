/** A disk that is full: what does not fit is refused or marked as failed, nothing is half indexed, and the server lives. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentBody, SearchResponse } from "../src/http/schemas.ts";
import { type BinaryOptions, BinaryServer, requireBinary, setUpBinary } from "../src/testing/binary.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(120_000);

/** Room for the executable's native files (about 40 MB), the database and little more. */
const diskMegabytes = 96;

let folder: string;
beforeEach(() => {
  requireBinary();
  folder = mkdtempSync(join(tmpdir(), "metachat-full-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** About `bytes` of text in which every paragraph is another; the word stands in each. */
function textOf(word: string, bytes: number): string {
  const paragraphs: string[] = [];
  for (let size = 0, number = 0; size < bytes; number += 1) {
    const paragraph = `Paragraph ${number} of the ${word} tells of ${Bun.hash(`${word}${number}`).toString(36)} things.`;
    paragraphs.push(paragraph);
    size += paragraph.length + 2;
  }
  return paragraphs.join("\n\n");
}

function upload(server: BinaryServer, key: string, name: string, text: string): Promise<Response> {
  const form = new FormData();
  form.append("file", new File([text], `${name}.txt`));
  return server.api(key, "POST", "/api/v1/documents", form);
}

async function documentsOf(server: BinaryServer, key: string): Promise<DocumentBody[]> {
  const response = await server.api(key, "GET", "/api/v1/documents");
  return ((await response.json()) as { items: DocumentBody[] }).items;
}

async function ended(server: BinaryServer, key: string, id: string): Promise<DocumentBody> {
  return until(
    async () =>
      (await documentsOf(server, key)).find((item) => item.id === id && /ready|failed/.test(item.status)),
    "the document to be ready or failed",
    90_000,
  );
}

async function found(server: BinaryServer, key: string, query: string): Promise<SearchResponse["items"]> {
  const response = await server.api(key, "POST", "/api/v1/search", { query, mode: "keyword", limit: 50 });
  expect(response.status).toBe(200);
  return ((await response.json()) as SearchResponse).items;
}

async function idOf(response: Response): Promise<string> {
  expect(response.status).toBe(201);
  return ((await response.json()) as { items: DocumentBody[] }).items[0]?.id ?? "";
}

/** Either refused with 507, or taken and then failed with the reason; in both cases nothing of it is found. */
async function expectRefusedForRoom(
  server: BinaryServer,
  key: string,
  word: string,
  bytes: number,
): Promise<void> {
  const response = await upload(server, key, word, textOf(word, bytes));
  expect(response.status).toBeOneOf([201, 507]);
  if (response.status === 507) {
    expect(await response.json()).toMatchObject({ status: 507, code: "storage_full" });
    expect((await documentsOf(server, key)).some(({ title }) => title.startsWith(word))).toBe(false);
  } else {
    const document = await ended(server, key, await idOf(response));
    expect(document).toMatchObject({ status: "failed", error: { code: "storage_full" } });
    expect(document.error?.message).toMatch(/^[A-Z].*\.$/);
  }
  expect(await found(server, key, word)).toEqual([]);
}

async function expectAlive(server: BinaryServer, key: string): Promise<void> {
  expect(server.running).toBe(true);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect((await found(server, key, "kestrel")).length).toBeGreaterThan(0);
}

function mounted(): boolean {
  const data = join(folder, "data");
  mkdirSync(data);
  return (
    Bun.spawnSync(["mount", "-t", "tmpfs", "-o", `size=${diskMegabytes}m`, "tmpfs", data]).exitCode === 0
  );
}

const canMount = process.getuid?.() === 0 && Bun.which("mount") !== null;

describe("a file system of its own that fills up", () => {
  if (canMount)
    test("a document that does not fit fails or is refused, nothing of it is found, and with room again it is taken", async () => {
      expect(mounted()).toBe(true);
      const data = join(folder, "data");
      const filler = join(data, "filler");
      const options: BinaryOptions = { dataDir: data, cwd: folder };
      try {
        const { apiKey } = await setUpBinary(options, "Shop");
        await using server = await BinaryServer.start(options);
        const first = await idOf(await upload(server, apiKey, "kestrel", "The kestrel hovers over fields."));
        expect(await ended(server, apiKey, first)).toMatchObject({ status: "ready" });
        const { bavail, bsize } = statfsSync(data);
        writeFileSync(filler, Buffer.alloc(bavail * bsize - 700 * 1024, 1));
        await expectRefusedForRoom(server, apiKey, "osprey", 2 * 1024 * 1024);
        await expectRefusedForRoom(server, apiKey, "buzzard", 300 * 1024);
        await expectAlive(server, apiKey);
        rmSync(filler);
        const later = await idOf(await upload(server, apiKey, "merlin", textOf("merlin", 20 * 1024)));
        expect(await ended(server, apiKey, later)).toMatchObject({ status: "ready" });
        expect((await found(server, apiKey, "merlin")).length).toBeGreaterThan(0);
        expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
        server.signal("SIGTERM");
        expect(await server.end()).toBe(0);
      } finally {
        Bun.spawnSync(["umount", "-l", data]);
      }
    });
  else console.log("not run: 1 test needs root and mount(8)");
});

describe("a limit on the size of one file (ulimit -f)", () => {
  test("is met like a full disk: the server does not die of SIGXFSZ", async () => {
    const options: BinaryOptions = { dataDir: folder };
    const { apiKey } = await setUpBinary(options, "Shop");
    {
      await using server = await BinaryServer.start(options);
      const id = await idOf(await upload(server, apiKey, "kestrel", "The kestrel hovers over fields."));
      expect(await ended(server, apiKey, id)).toMatchObject({ status: "ready" });
      server.signal("SIGTERM");
      await server.end();
    }
    // 2 MB: the native files are there already, and the database may grow a little.
    await using server = await BinaryServer.start({ ...options, limits: "ulimit -f 2048;" });
    await expectRefusedForRoom(server, apiKey, "osprey", 3 * 1024 * 1024);
    await expectRefusedForRoom(server, apiKey, "buzzard", 1500 * 1024);
    await expectAlive(server, apiKey);
  });
});
