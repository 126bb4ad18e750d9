/** Requests that are wrong or hostile: refused with a code and a request id, and nothing is changed by them. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import type { DocumentBody, Problem } from "../src/http/schemas.ts";
import { filesBelow } from "../src/testing/binary.ts";
import { addText, startTestApp, type TestApp, type TestTenant } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { dumpOf } from "./isolation-world.ts";

setDefaultTimeout(30_000);

const megabyte = 1024 * 1024;
let app: TestApp;
let tenant: TestTenant;
let known: string;
beforeAll(async () => {
  app = await startTestApp({ env: { METACHAT_MAX_UPLOAD_MB: "1" } });
  tenant = await app.createTenant("Shop");
  known = await addText(app, tenant.apiKey, "Delivery", "We deliver within three days.");
}, 60_000);
afterAll(() => app[Symbol.asyncDispose]());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly body?: BodyInit;
}

function send({ method = "POST", path = "/api/v1/documents", type, body }: Sent): Promise<Response> {
  return fetch(`${app.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tenant.apiKey}`,
      ...(type === undefined ? {} : { "content-type": type }),
    },
    ...(body === undefined ? {} : { body }),
  });
}

const files = () => filesBelow(app.dataDir).filter((path) => !/-(wal|shm|journal)$/.test(path));

/** Sends it and expects a problem with that status and code, and everything as it was. */
async function expectRefused(sent: Sent, status: number, code: string): Promise<Problem> {
  const [before, filesBefore] = [await dumpOf(app, tenant.id), files()];
  const response = await send(sent);
  const text = await response.text();
  expect({ status: response.status, type: response.headers.get("content-type"), text }).toMatchObject({
    status,
    type: expect.stringContaining("application/problem+json"),
  });
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ status, code });
  expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(problem.detail).toMatch(/\.$|: /);
  expect(text).not.toMatch(/node_modules|\/src\/|\bat .*:\d+:\d+/);
  expect(await dumpOf(app, tenant.id)).toEqual(before);
  expect(files()).toEqual(filesBefore);
  return problem;
}

/** Waits until nothing is read or removed any more. */
async function quiet(): Promise<void> {
  const counted = () =>
    app.app.store.read(tenant.id, (reader) => reader.all("SELECT id FROM jobs WHERE state <> 'dead'"));
  await until(async () => (await counted()).length === 0, "the queue to be empty");
}

const json = "application/json";
const form = 'multipart/form-data; boundary="cut"';
const part = (name: string, content: string) => `--cut\r\nContent-Disposition: ${name}\r\n\r\n${content}\r\n`;

/** A body of unknown length: it is sent in chunks. */
function endless(bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      left -= 64 * 1024;
    },
  });
}

describe("a body that is wrong", () => {
  const cases: readonly (readonly [what: string, sent: Sent, status: number, code: string])[] = [
    ["no body", {}, 415, "unsupported_media_type"],
    ["no type", { body: new Blob(["{}"]) }, 415, "unsupported_media_type"],
    [
      "a form of another kind",
      { type: "application/x-www-form-urlencoded", body: "file=x" },
      415,
      "unsupported_media_type",
    ],
    ["broken JSON", { type: json, body: '{"title": "x", ' }, 400, "invalid_json"],
    ["an empty JSON body", { type: json, body: "" }, 400, "invalid_json"],
    ["JSON null", { type: json, body: "null" }, 400, "invalid_request"],
    ["a JSON list", { type: json, body: "[]" }, 400, "invalid_request"],
    ["a JSON text", { type: json, body: '"title"' }, 400, "invalid_request"],
    ["wrong types", { type: json, body: '{"title": 1, "text": ["x"]}' }, 400, "invalid_request"],
    [
      "objects in place of texts",
      { type: json, body: '{"title": {"$ne": ""}, "text": {}}' },
      400,
      "invalid_request",
    ],
    ["empty texts", { type: json, body: '{"title": " ", "text": ""}' }, 400, "invalid_request"],
    [
      "a title that is too long",
      { type: json, body: JSON.stringify({ title: "x".repeat(301), text: "x" }) },
      400,
      "invalid_request",
    ],
    [
      "unknown fields",
      { type: json, body: '{"title": "x", "text": "y", "tenantId": "z"}' },
      400,
      "invalid_request",
    ],
    [
      "letters that are no UTF-8",
      { type: json, body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) },
      400,
      "invalid_json",
    ],
    ["JSON nested 100,000 deep", { type: json, body: "[".repeat(100_000) }, 400, "invalid_json"],
    [
      "JSON nested deep in a known field",
      { type: json, body: `{"title": ${"[".repeat(40)}${"]".repeat(40)}}` },
      400,
      "invalid_json",
    ],
    [
      "JSON that poses as a parsed form",
      { type: json, body: '{"file": {"name": "x", "path": "/etc/passwd", "size": 1}}' },
      400,
      "invalid_request",
    ],
    [
      "JSON that poses as a form by its type",
      { type: form, body: '{"file": {"filepath": "/etc/passwd"}}' },
      400,
      "invalid_request",
    ],
    ["a form without a boundary", { type: "multipart/form-data", body: "x" }, 415, "unsupported_media_type"],
    [
      "a form that breaks off",
      { type: form, body: '--cut\r\nContent-Disposition: form-data; name="file"; filename="a' },
      400,
      "invalid_request",
    ],
    [
      "a form without a file",
      { type: form, body: `${part('form-data; name="other"', "x")}--cut--\r\n` },
      400,
      "invalid_request",
    ],
    [
      "a text in place of the file",
      { type: form, body: `${part('form-data; name="file"', "/etc/passwd")}--cut--\r\n` },
      400,
      "invalid_request",
    ],
    [
      "101 files",
      {
        type: form,
        body: `${Array.from({ length: 101 }, (_, n) => part(`form-data; name="file"; filename="${n}.txt"`, `text ${n}`)).join("")}--cut--\r\n`,
      },
      400,
      "invalid_request",
    ],
  ];
  test.each(cases)("%s", async (_, sent, status, code) => {
    await expectRefused(sent, status, code);
  });

  test("every mistake is named by its path", async () => {
    const problem = await expectRefused(
      { type: json, body: '{"title": 1, "more": 2}' },
      400,
      "invalid_request",
    );
    expect(problem.errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["body.title", "body.text"]),
    );
  });
});

describe("a body that is too large", () => {
  const file = (bytes: number) => {
    const data = new FormData();
    data.append("file", new File([new Uint8Array(bytes).fill(0x61)], "large.txt"));
    return data;
  };

  test.each([
    ["a file a byte over the limit", () => ({ body: file(megabyte + 1) })],
    ["a form over what is read at all", () => ({ body: file(2 * megabyte + 1) })],
    ["a form far over", () => ({ body: file(40 * megabyte) })],
    [
      "JSON over its limit",
      () => ({ type: json, body: JSON.stringify({ title: "x", text: "x".repeat(4 * megabyte) }) }),
    ],
    ["JSON of unknown length", () => ({ type: json, body: endless(8 * megabyte) })],
    [
      "a small question of 300 KB",
      () => ({ path: "/api/v1/search", type: json, body: JSON.stringify({ query: "x".repeat(300_000) }) }),
    ],
    [
      "a chat message of a million words",
      () => ({
        path: "/api/v1/chat",
        type: json,
        body: JSON.stringify({ message: "word ".repeat(1_000_000) }),
      }),
    ],
  ] as const)("%s", async (_, make) => {
    await expectRefused(make(), 413, "payload_too_large");
  });

  test("a form of unknown length is counted as it comes", async () => {
    await expectRefused({ type: form, body: endless(megabyte) }, 400, "invalid_request");
    await expectRefused({ type: form, body: endless(8 * megabyte) }, 413, "payload_too_large");
  });

  test("a file of exactly the limit is taken", async () => {
    const response = await send({ body: file(megabyte) });
    expect(response.status).toBe(201);
    const { items } = (await response.json()) as { items: DocumentBody[] };
    await send({ method: "DELETE", path: `/api/v1/documents/${items[0]?.id}` });
    await quiet();
  });
});

describe("an id that is not one", () => {
  const ids = [
    "00000000-0000-7000-8000-000000000000",
    "1",
    "..%2F..%2Fetc%2Fpasswd",
    "%00",
    "'%20OR%201=1--",
    "x".repeat(5_000),
  ];
  test.each(ids)("%p is not found, on every route of a document", async (id) => {
    for (const [method, rest] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/retry"],
      ["GET", "/chunks"],
      ["GET", "/original"],
    ] as const)
      await expectRefused({ method, path: `/api/v1/documents/${id}${rest}` }, 404, "not_found");
  });

  test.each(["nonsense", "%00", encodeURIComponent(Buffer.from("' OR 1=1").toString("base64"))])(
    "a cursor that is none (%p) never shows more or breaks",
    async (cursor) => {
      const response = await send({
        method: "GET",
        path: `/api/v1/documents/${known}/chunks?cursor=${cursor}`,
      });
      expect(response.status).toBe(400);
    },
  );
});

describe("a file name", () => {
  const names = {
    "climbs out": "../../../../tmp/evil.txt",
    "climbs out, the Windows way": "..\\..\\evil.txt",
    "is absolute": "/etc/cron.d/evil.txt",
    "is a drive's": "C:\\Windows\\evil.txt",
    "is two dots": "..",
    "has a NUL": "evil.txt\0.png",
    "has 5,000 letters": `${"x".repeat(5_000)}.txt`,
    "has line breaks": "evil\r\nSet-Cookie: a=b.txt",
    "turns the reading direction": "evil\u202Etxt.exe",
    "is a device's": "CON",
    "is a shell's": "--pre=$(touch /tmp/evil).txt",
    "is a tag": "<img src=x onerror=alert(1)>.txt",
  };

  test.each(Object.entries(names))(
    "that %s names nothing on the disk and is shown tame",
    async (what, name) => {
      const before = files();
      const quoted = name.replaceAll("\r\n", "%0D%0A");
      const body = `${part(`form-data; name="file"; filename="${quoted}"`, `A harmless text that ${what}.`)}--cut--\r\n`;
      const response = await send({ type: form, body });
      expect(response.status).toBeOneOf([201, 400]);
      const added = files().filter((path) => !before.includes(path));
      if (response.status === 400) expect(added).toEqual([]);
      else {
        const { items } = (await response.json()) as { items: DocumentBody[] };
        const [document] = items;
        if (document === undefined) throw new Error("no document");
        const own = join(app.dataDir, "tenants", tenant.id, "files", document.id);
        const outside = added.filter((path) => path !== own && !path.startsWith(`${own}/`));
        expect(outside.filter((path) => !path.startsWith(join(app.dataDir, "tmp")))).toEqual([]);
        expect(document.title).not.toMatch(/[/\\\0\r\n\u202E<>]/);
        expect(document.title.length).toBeLessThanOrEqual(300);
        const original = await send({ method: "GET", path: `/api/v1/documents/${document.id}/original` });
        expect(original.headers.get("content-disposition")).toMatch(
          /^attachment; filename\*=UTF-8''[\w%.!~*'()-]+$/,
        );
        expect(original.headers.get("set-cookie")).toBeNull();
        await send({ method: "DELETE", path: `/api/v1/documents/${document.id}` });
      }
    },
  );

  test("of a page or picture that could run never makes it run: the original is a download without a type", async () => {
    for (const [name, content] of [
      ["page.html", "<!doctype html><title>x</title><p>Opening hours</p><script>alert(1)</script>"],
      ["picture.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ] as const) {
      const data = new FormData();
      data.append("file", new File([content], name, { type: "text/html" }));
      const { items } = (await (await send({ body: data })).json()) as { items: DocumentBody[] };
      const original = await send({ method: "GET", path: `/api/v1/documents/${items[0]?.id}/original` });
      expect(original.headers.get("content-type")).toBe("application/octet-stream");
      expect(original.headers.get("content-disposition")).toStartWith("attachment;");
      expect(original.headers.get("x-content-type-options")).toBe("nosniff");
      expect(original.headers.get("content-security-policy")).toContain("sandbox");
      await send({ method: "DELETE", path: `/api/v1/documents/${items[0]?.id}` });
    }
  });
});

test("after all of it the server is healthy and the one document is as it was", async () => {
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  const list = (await (await send({ method: "GET" })).json()) as { items: DocumentBody[] };
  expect(list.items.map(({ id, status }) => [id, status])).toEqual([[known, "ready"]]);
});
