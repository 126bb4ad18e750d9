/** A disk that is full: what does not fit is refused or marked as failed, nothing is half indexed, and the server lives. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentBody, SearchResponse } from "../src/http/schemas.ts";
import { type BinaryOptions, BinaryServer, requireBinary, setUpBinary } from "../src/testing/binary.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(120_000);

/** Room for the executable's native files and models (about 95 MB), which are put there at first use, and some more. */
const diskMegabytes = 192;
/** How long a document may wait on a disk that is so full that not even its failure can be noted. */
const patienceMs = 15_000;

const megabyte = 1024 * 1024;

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

async function ended(
  server: BinaryServer,
  key: string,
  id: string,
  timeoutMs = 90_000,
): Promise<DocumentBody> {
  return until(
    async () =>
      (await documentsOf(server, key)).find((item) => item.id === id && /ready|failed/.test(item.status)),
    "the document to be ready or failed",
    timeoutMs,
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

/**
 * Sends a document for which there is no room. It is refused with 507, or taken and then failed with the reason, and
 * nothing of it is found. Where the disk is so full that not even that can be written it waits, and comes to one of
 * its ends once there is room. Afterwards it is deleted.
 */
async function expectNoRoom(
  server: BinaryServer,
  key: string,
  sent: { readonly word: string; readonly bytes: number; readonly makeRoom?: () => void },
): Promise<void> {
  const { word, bytes, makeRoom } = sent;
  const response = await upload(server, key, word, textOf(word, bytes));
  if (response.status === 507) {
    expect(await response.json()).toMatchObject({ status: 507, code: "storage_full" });
    expect((await documentsOf(server, key)).some(({ title }) => title.startsWith(word))).toBe(false);
    expect(await found(server, key, word)).toEqual([]);
    return;
  }
  const id = await idOf(response);
  const early = await ended(server, key, id, patienceMs).catch(() => null);
  if (early === null) makeRoom?.();
  const document = early ?? (await ended(server, key, id));
  const passages = await found(server, key, word);
  await server.api(key, "DELETE", `/api/v1/documents/${document.id}`);
  if (document.status === "ready") {
    expect({ early, searchable: document.searchable }).toEqual({ early: null, searchable: "full" });
    return;
  }
  expect(document).toMatchObject({ status: "failed", error: { code: "storage_full" } });
  expect(document.error?.message).toMatch(/^[A-Z].*\.$/);
  expect(passages).toEqual([]);
}

async function expectAlive(server: BinaryServer, key: string): Promise<void> {
  expect(server.running).toBe(true);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect((await found(server, key, "kestrel")).length).toBeGreaterThan(0);
}

async function expectTaken(server: BinaryServer, key: string, word: string, bytes: number): Promise<void> {
  const id = await idOf(await upload(server, key, word, textOf(word, bytes)));
  expect(await ended(server, key, id)).toMatchObject({ status: "ready" });
  expect((await found(server, key, word)).length).toBeGreaterThan(0);
}

/** A server with one document, on a folder that `prepare` has made ready for it. */
async function begin(options: BinaryOptions): Promise<{ server: BinaryServer; key: string }> {
  const { apiKey: key } = await setUpBinary(options, "Shop");
  const server = await BinaryServer.start(options);
  await expectTaken(server, key, "kestrel", 500);
  return { server, key };
}

const canMount = process.getuid?.() === 0 && Bun.which("mount") !== null;

if (canMount)
  describe("a file system of its own that fills up", () => {
    let disk: string;
    let filler: string;
    let server: BinaryServer;
    let key: string;

    beforeAll(async () => {
      requireBinary();
      disk = mkdtempSync(join(tmpdir(), "metachat-full-"));
      filler = join(disk, "filler");
      const size = `size=${diskMegabytes}m`;
      expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk]).exitCode).toBe(0);
      ({ server, key } = await begin({ dataDir: disk, cwd: tmpdir() }));
    });
    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      Bun.spawnSync(["umount", "-l", disk]);
      rmSync(disk, { recursive: true, force: true });
    });

    /** Fills the disk up to `room` bytes. */
    function leave(room: number): void {
      rmSync(filler, { force: true });
      const { bavail, bsize } = statfsSync(disk);
      expect(bavail * bsize).toBeGreaterThan(room);
      writeFileSync(filler, Buffer.alloc(bavail * bsize - room, 1));
    }

    // Each runs out at another step: storing the original, its text, the plain text beside it, the index.
    test.each([32, 96, 200, 350, 450, 600])(
      "a document of 64 KB with %d KB of room is refused or fails with the reason, and nothing of it is found",
      async (room) => {
        leave(room * 1024);
        const makeRoom = () => rmSync(filler, { force: true });
        await expectNoRoom(server, key, { word: `osprey${room}`, bytes: 64 * 1024, makeRoom });
        await expectAlive(server, key);
      },
    );

    test("with room again a document is taken, the server is ready and ends as usual", async () => {
      rmSync(filler, { force: true });
      await expectTaken(server, key, "merlin", 20 * 1024);
      await until(
        async () => (await fetch(`${server.url}/health/ready`)).status === 200,
        "the server to be ready",
      );
      server.signal("SIGTERM");
      expect(await server.end()).toBe(0);
    });
  });
else console.log("not run: 7 tests need root and mount(8)");

describe("a limit on the size of one file (ulimit -f)", () => {
  let dataDir: string;
  let server: BinaryServer;
  let key: string;

  beforeAll(async () => {
    requireBinary();
    dataDir = mkdtempSync(join(tmpdir(), "metachat-limit-"));
    const begun = await begin({ dataDir });
    key = begun.key;
    begun.server.signal("SIGTERM");
    await begun.server.end();
    // 2 MB: the native files are there already, and the database may grow a little.
    server = await BinaryServer.start({ dataDir, limits: "ulimit -f 2048;" });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test.each([3, 1.9, 1.5, 1])(
    "is met like a full disk by a document of %d MB: the server does not die of SIGXFSZ",
    async (megabytes) => {
      await expectNoRoom(server, key, { word: `osprey${megabytes * 100}`, bytes: megabytes * megabyte });
      await expectAlive(server, key);
    },
  );
});
