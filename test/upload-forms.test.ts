/** Forms as they come over real connections: in pieces, without a length, broken off, and what each leaves on the disk. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentBody, Problem } from "../src/http/schemas.ts";
import { BinaryServer, requireBinary, setUpBinary } from "../src/testing/binary.ts";
import { startTestApp, type TestApp, type TestTenant } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(30_000);

const boundary = "----metachat-test";
const megabyte = 1024 * 1024;

let app: TestApp;
let tenant: TestTenant;
beforeAll(async () => {
  // Jobs stand still: what is looked at is what was stored.
  app = await startTestApp({ idle: true, env: { METACHAT_MAX_UPLOAD_MB: "3" } });
});
beforeEach(async () => {
  tenant = await app.createTenant("Shop");
});
afterAll(() => app[Symbol.asyncDispose]());

const api = (method: string, path: string) => app.api(tenant.apiKey, method, path);
/** Folders of uploads that are under way, or were. */
const received = (dataDir: string) =>
  readdirSync(join(dataDir, "tmp")).filter((name) => name.startsWith("upload-"));

interface FormFile {
  readonly name: string;
  readonly content: Uint8Array;
  readonly field?: string;
}

function formOf(files: readonly FormFile[]): Buffer {
  const parts = files.flatMap(({ field = "file", name, content }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n`,
    ),
    content,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

function head(key: string, length: number | null): string {
  return [
    "POST /api/v1/documents HTTP/1.1",
    "Host: localhost",
    `Authorization: Bearer ${key}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    length === null ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`,
    "Connection: close",
    "",
    "",
  ].join("\r\n");
}

/** Opens a connection to the server. Its answer is whole when the server closes it. */
async function open(port: number): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  let text = "";
  socket.on("data", (data) => {
    text += data.toString();
  });
  const answer = new Promise<string>((resolve) => socket.on("close", () => resolve(text)));
  await new Promise((resolve) => socket.on("connect", resolve));
  return { socket, answer };
}

const statusOf = (answer: string) => Number(answer.split(" ")[1]);
const jsonOf = <T>(answer: string) => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as T;

/** Sends the form in pieces of `size`, each on its own. */
async function sendInPieces(form: Buffer, size: number, isChunked: boolean): Promise<string> {
  const { socket, answer } = await open(app.server.port);
  socket.write(head(tenant.apiKey, isChunked ? null : form.length));
  for (let from = 0; from < form.length; from += size) {
    const piece = form.subarray(from, from + size);
    const framed = isChunked
      ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")])
      : piece;
    await new Promise((resolve) => socket.write(framed, resolve));
    await Bun.sleep(0);
  }
  if (isChunked) socket.write("0\r\n\r\n");
  return answer;
}

async function contentsOf(items: readonly DocumentBody[]): Promise<Buffer[]> {
  const contents: Buffer[] = [];
  for (const { id } of items) {
    const original = await api("GET", `/api/v1/documents/${id}/original`);
    contents.push(Buffer.from(await original.arrayBuffer()));
  }
  return contents;
}

/** Content that looks like ends and beginnings of parts as closely as it may. */
function lookalike(number: number): Buffer {
  const near = [`\r\n--${boundary.slice(0, -1)}`, "\r\n--", "\r", "\n", "--", boundary, "\r\n\r\n", "\0\xff"];
  return Buffer.from(
    Array.from({ length: 300 }, (_, index) => near[(index * (number + 3)) % 8]).join(""),
    "latin1",
  );
}

describe("a form", () => {
  const files = [
    { name: "first.txt", content: lookalike(0) },
    { name: "picture.bin", content: crypto.getRandomValues(new Uint8Array(50_000)), field: "other" },
    { name: "zweite – Datei.txt", content: lookalike(1) },
    { name: "", content: new Uint8Array() },
    { name: "empty.txt", content: new Uint8Array() },
    { name: "", content: Buffer.from("a file without a name") },
  ];
  const wanted = [files[0], files[2], files[4], files[5]].map((file) => Buffer.from(file?.content ?? []));

  test.each([
    ["in one piece", 1_000_000, false],
    ["in pieces of 7 bytes", 7, false],
    ["in pieces of 997 bytes", 997, false],
    ["of unknown length, in chunks of 64 KB", 65_536, true],
    ["of unknown length, in chunks of 101 bytes", 101, true],
  ] as const)("%s is taken to the byte, in its order, without other fields", async (_, size, isChunked) => {
    const answer = await sendInPieces(formOf(files), size, isChunked);
    expect(statusOf(answer)).toBe(201);
    const { items } = jsonOf<{ items: DocumentBody[] }>(answer);
    expect(items.map(({ title }) => title)).toEqual([
      "first.txt",
      "zweite – Datei.txt",
      "empty.txt",
      "document",
    ]);
    expect(await contentsOf(items)).toEqual(wanted);
    expect(received(app.dataDir)).toEqual([]);
  });

  test("of a hundred files is taken whole", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      name: `${index}.txt`,
      content: Buffer.from(`Text ${index}. `.repeat(index * 50)),
    }));
    const answer = await sendInPieces(formOf(many), 30_000, false);
    const { items } = jsonOf<{ items: DocumentBody[] }>(answer);
    expect(items.map(({ title }) => title)).toEqual(many.map(({ name }) => name));
    // Those of few letters are the same as others: the first is empty, and there is one of each length.
    expect(await contentsOf(items)).toEqual(many.map(({ content }) => content));
  });

  test("of a hundred files is taken with fields that nobody asked for and files that were not chosen", async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({
      name: `${index}`,
      content: Buffer.from(`${index}`),
    }));
    const others = ["file", "photo", "photo"].map((field) => ({
      field,
      name: "",
      content: new Uint8Array(),
    }));
    const answer = await sendInPieces(formOf([...others, ...many]), 10_000, false);
    expect(statusOf(answer)).toBe(201);
    expect(jsonOf<{ items: DocumentBody[] }>(answer).items.length).toBe(100);
  });

  test.each([
    ["as browsers write it", 'filename="a %22b%22 – ü.txt"', "a b – ü.txt"],
    ["as curl writes it", 'filename="a \\"b\\".txt"', "a b.txt"],
    ["of a Windows folder", 'filename="C:\\new\\temp\\b.txt"', "b.txt"],
    ["without quotes", "filename=b.txt", "b.txt"],
    ["of another charset beside it", "filename=\"x.txt\"; filename*=UTF-8''%e2%82%ac%20b.txt", "€ b.txt"],
    ["with semicolons", 'filename="a; filename=b.txt"', "a; filename=b.txt"],
    ["with percent signs", 'filename="100% of 5%2.txt"', "100% of 5%2.txt"],
  ])("with a name %s is shown by that name", async (_, name, title) => {
    const part = `--${boundary}\r\ncontent-disposition:FORM-DATA;${name}; name="file"\r\n\r\nText.\r\n`;
    const answer = await sendInPieces(Buffer.from(`${part}--${boundary}--\r\n`), 1, false);
    expect(statusOf(answer)).toBe(201);
    expect(jsonOf<{ items: DocumentBody[] }>(answer).items[0]?.title).toBe(title);
  });

  test("of a file as large as it may be is taken to the byte", async () => {
    const content = new Uint8Array(3 * megabyte);
    for (let from = 0; from < content.length; from += 65_536)
      crypto.getRandomValues(content.subarray(from, from + 65_536));
    const answer = await sendInPieces(formOf([{ name: "large.bin", content }]), 100_000, true);
    expect(statusOf(answer)).toBe(201);
    const [stored] = await contentsOf(jsonOf<{ items: DocumentBody[] }>(answer).items);
    expect(stored?.equals(content)).toBe(true);
  });
});

describe("refused, with nothing left and nothing logged as our mistake:", () => {
  const text = (name: string, length: number) => ({ name, content: Buffer.alloc(length, "a") });
  const bare = (count: number, header: string) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\n${header}\r\n\r\nx\r\n`.repeat(count)),
      formOf([text("x.txt", 10)]),
    ]);

  test.each([
    [
      "a file that is too large, after one that is not",
      () => formOf([text("a", 10), text("b.txt", 4 * megabyte)]),
      413,
      '"b.txt" is larger than the limit of 3 MB',
    ],
    [
      "a form that is too large",
      () => formOf([text("a", 3e6), text("b", 3e6), text("c", 3e6)]),
      413,
      "larger than the limit of 6 MB",
    ],
    [
      "a form without an end",
      () => formOf([text("a", 100_000)]).subarray(0, -boundary.length - 8),
      400,
      "not a complete multipart form",
    ],
    [
      "thousands of fields",
      () => bare(20_000, 'Content-Disposition: form-data; name="x"'),
      400,
      "more than 200 parts",
    ],
    ["thousands of parts that are nothing", () => bare(20_000, "X: y"), 400, "a part whose header is broken"],
    [
      "a hundred and fifty files",
      () => formOf(Array.from({ length: 150 }, (_, index) => text(`${index}`, index))),
      400,
      "At most 100 files",
    ],
    [
      "another boundary",
      () => Buffer.from("--other\r\n\r\n--other--\r\n"),
      400,
      "not a complete multipart form",
    ],
    [
      "only a field of a file that was not chosen",
      () => formOf([{ name: "", content: new Uint8Array() }]),
      400,
      "no file in the field",
    ],
    [
      "a name without an end",
      () =>
        Buffer.from(
          `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${"x".repeat(100_000)}`,
        ),
      400,
      "not a complete multipart form",
    ],
  ] as const)("%s", async (_, make, status, reason) => {
    for (const isChunked of [false, true]) {
      const answer = await sendInPieces(make(), 100_000, isChunked);
      expect([statusOf(answer), jsonOf<Problem>(answer).detail]).toEqual([
        status,
        expect.stringContaining(reason),
      ]);
      expect(received(app.dataDir)).toEqual([]);
    }
    const { items } = (await (await api("GET", "/api/v1/documents")).json()) as { items: unknown[] };
    expect(items).toEqual([]);
    expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  const file = 'Content-Disposition: form-data; name="file"; filename="b.txt"';
  test.each([
    ["no word of what it is", "Content-Type: text/plain\r\n\r\nB"],
    ["an attachment", 'Content-Disposition: attachment; name="file"; filename="b.txt"\r\n\r\nB'],
    ["a line break in its name", `${file.replace("b.txt", "b\n.txt")}\r\n\r\nB`],
    ["a name without quotes and with a space", `${file.replace('"b.txt"', "b b.txt")}\r\n\r\nB`],
    ["a line of its header that is none", `Garbage\r\n${file}\r\n\r\nB`],
    ["a header of 20 KB before what it is", `X: ${"y".repeat(20_000)}\r\n${file}\r\n\r\nB`],
    ["a name of 20 KB", `${file.replace("b.txt", "b".repeat(20_000))}\r\n\r\nB`],
    ["a header without an end", `${file}\r\nB`],
    ["a boundary in its content", `${file}\r\n\r\nB\r\n--${boundary}x\r\nthe rest of it\r\n\r\nC`],
  ])("a good file and a part with %s", async (_, part) => {
    const good = formOf([text("a.txt", 10)]).subarray(0, -boundary.length - 6);
    const form = Buffer.concat([good, Buffer.from(`--${boundary}\r\n${part}\r\n--${boundary}--\r\n`)]);
    for (const size of [1, 50, 100_000]) {
      if (form.length > 5_000 && size === 1) continue;
      const answer = await sendInPieces(form, size, false);
      expect([statusOf(answer), jsonOf<Problem>(answer).code]).toEqual([400, "invalid_request"]);
    }
    expect(received(app.dataDir)).toEqual([]);
  });

  test.each([
    ["none", "multipart/form-data; charset=utf-8"],
    ["an empty one", 'multipart/form-data; boundary=""'],
    ["one that is too long", `multipart/form-data; boundary=${"x".repeat(300)}`],
  ])("as a boundary, %s", async (_, type) => {
    const headers = { authorization: `Bearer ${tenant.apiKey}`, "content-type": type };
    const response = await fetch(`${app.url}/api/v1/documents`, {
      method: "POST",
      headers,
      body: "--\r\n\r\n----",
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as Problem).detail).toContain("names no boundary");
  });

  test("a client that goes away in the middle", async () => {
    const form = formOf([text("a.txt", 2 * megabyte)]);
    const { socket, answer } = await open(app.server.port);
    socket.write(head(tenant.apiKey, form.length));
    socket.write(form.subarray(0, megabyte));
    await until(() => received(app.dataDir).length > 0, "the upload to begin");
    socket.destroy();
    await answer;
    await until(() => received(app.dataDir).length === 0, "its files to be gone");
    const { items } = (await (await api("GET", "/api/v1/documents")).json()) as { items: unknown[] };
    expect(items).toEqual([]);
    expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

test("a form may come slowly, for longer than a connection may stand still, but not stand still that long", async () => {
  const form = formOf([{ name: "slow.txt", content: Buffer.alloc(3_000, "a") }]);
  const slow = await open(app.server.port);
  slow.socket.write(head(tenant.apiKey, form.length));
  const still = await open(app.server.port);
  still.socket.write(head(tenant.apiKey, form.length));
  still.socket.write(form.subarray(0, 100));
  for (let from = 0; from < form.length; from += 100) {
    slow.socket.write(form.subarray(from, from + 100));
    await Bun.sleep(2_050);
  }
  expect(statusOf(await slow.answer)).toBe(201);
  const answer = await still.answer;
  expect([statusOf(answer), jsonOf<Problem>(answer).detail]).toEqual([
    400,
    "Nothing of the body came for 60 seconds.",
  ]);
  expect(received(app.dataDir)).toEqual([]);
}, 120_000);

test("what an upload leaves when the server is killed is gone after the next start", async () => {
  requireBinary();
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-forms-"));
  try {
    const { apiKey } = await setUpBinary({ dataDir }, "Shop");
    {
      await using server = await BinaryServer.start({ dataDir });
      const { socket } = await open(Number(new URL(server.url).port));
      socket.write(head(apiKey, megabyte));
      socket.write(formOf([{ name: "a.txt", content: Buffer.alloc(megabyte / 2) }]).subarray(0, 400_000));
      await until(() => received(dataDir).length > 0, "the upload to begin");
      server.signal("SIGKILL");
      await server.end();
      socket.destroy();
    }
    expect(received(dataDir).length).toBe(1);
    await using server = await BinaryServer.start({ dataDir });
    expect(received(dataDir)).toEqual([]);
    const response = await server.api(apiKey, "GET", "/api/v1/documents");
    expect(await response.json()).toMatchObject({ items: [] });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("files of documents that never came to be, and halves of new versions, are gone after a kill, and no others", async () => {
  requireBinary();
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-orphans-"));
  try {
    const { tenantId, apiKey } = await setUpBinary({ dataDir }, "Shop");
    const files = join(dataDir, "tenants", tenantId, "files");
    let id: string;
    const orphan = Bun.randomUUIDv7();
    const halfOrphan = Bun.randomUUIDv7();
    {
      await using server = await BinaryServer.start({ dataDir });
      const body = { title: "Hours", text: "We open at nine." };
      const response = await server.api(apiKey, "POST", "/api/v1/documents", body);
      id = ((await response.json()) as { items: DocumentBody[] }).items[0]?.id ?? "";
      // As they lie there between the storing of a file and the transaction that knows of it.
      mkdirSync(join(files, orphan));
      writeFileSync(join(files, orphan, "original"), "Nobody knows of this.");
      mkdirSync(join(files, halfOrphan));
      writeFileSync(join(files, halfOrphan, "original.1.tmp"), "Nobody knows of th");
      writeFileSync(join(files, id, "next-1.tmp"), "Half of a new vers");
      server.signal("SIGKILL");
      await server.end();
    }
    await using server = await BinaryServer.start({ dataDir });
    await until(() => !existsSync(join(files, orphan)), "the file to be gone");
    await until(() => !existsSync(join(files, halfOrphan)), "the half of a file to be gone");
    await until(() => !existsSync(join(files, id, "next-1.tmp")), "the half to be gone");
    const original = await server.api(apiKey, "GET", `/api/v1/documents/${id}/original`);
    expect(await original.text()).toBe("We open at nine.");
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
