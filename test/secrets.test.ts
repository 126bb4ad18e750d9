/** What is secret stays so: it stands in no log, trace, event, metric or file, whatever happens with it. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageBody } from "../src/http/schemas.ts";
import { BinaryServer, filesBelow, requireBinary } from "../src/testing/binary.ts";
import { startFakeOllama } from "../src/testing/fake-ollama.ts";
import { Visitor } from "../src/testing/visitor.ts";
import { liveThrough, password, publicKeyOf, type Session } from "./containment-session.ts";

setDefaultTimeout(90_000);

const providerKey = "provider-canary-0123456789abcdef";
const fake = startFakeOllama();
/** A provider that repeats in its error what it was sent, as some do. */
const telltale = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) =>
    Response.json(
      { error: { message: `Incorrect API key provided: ${request.headers.get("authorization")}` } },
      { status: 401 },
    ),
});
let dataDir: string;
let server: BinaryServer;
let session: Session;
/** Everything that anybody but the secrets' owners may read: logs and answers of the API. */
const readable: string[] = [];

beforeAll(async () => {
  requireBinary();
  dataDir = mkdtempSync(join(tmpdir(), "metachat-secrets-"));
  const env = {
    OLLAMA_HOST: fake.url,
    METACHAT_LOG_LEVEL: "debug",
    METACHAT_EGRESS_ALLOW: "127.0.0.0/8",
  };
  server = await BinaryServer.start({ dataDir, env });
  session = await liveThrough(server);
  await misuse();
  await collect();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  fake[Symbol.dispose]();
  await telltale.stop(true);
  rmSync(dataDir, { recursive: true, force: true });
});

/** Uses every secret in ways that fail, so that it has every chance to turn up in an error. */
async function misuse(): Promise<void> {
  const { apiKey, headers, setupToken, sessionToken, visitorToken } = session;
  const key = { url: `http://127.0.0.1:${telltale.port}/v1`, model: "gpt", key: providerKey };
  const set = await server.api(apiKey, "PATCH", "/api/v1/providers/openai-compatible", key);
  expect(set.status).toBe(200);
  readable.push(await set.text());
  const checked = await server.api(apiKey, "POST", "/api/v1/providers/openai-compatible/check");
  readable.push(await checked.text());
  const asked = await server.api(apiKey, "POST", "/api/v1/chat", { message: "How long does delivery take?" });
  readable.push(await asked.text());
  for (const [path, init] of [
    [`/api/v1/setup-state?token=${setupToken}`, {}],
    [`/api/v1/documents?api_key=${apiKey}&token=${sessionToken}`, {}],
    [`/api/v1/nothing/${apiKey}`, { headers: { authorization: `Bearer ${apiKey}` } }],
    ["/api/v1/documents", { headers: { authorization: `Bearer ${apiKey}x` } }],
    [
      "/api/v1/session",
      {
        method: "POST",
        headers,
        body: JSON.stringify({ email: "owner@shop.example", password: `${password}!` }),
      },
    ],
    [
      "/api/v1/setup",
      {
        method: "POST",
        headers,
        body: JSON.stringify({ token: setupToken, email: "x@y.example", password, tenant: "Z" }),
      },
    ],
  ] as const) {
    const response = await fetch(`${server.url}${path}`, init);
    readable.push((await response.text()).replaceAll(`/api/v1/nothing/${apiKey}`, ""));
  }
  using visitor = new Visitor(server.url, { channel: await publicKeyOf(server, apiKey) });
  await visitor.hello({ visitorToken });
  visitor.send({ type: "feedback", messageId: "none", visitorToken });
  visitor.send({ type: visitorToken });
  await visitor.next("error");
}

async function collect(): Promise<void> {
  const { apiKey } = session;
  const get = async (path: string) => {
    const text = await (await server.api(apiKey, "GET", path)).text();
    readable.push(text);
    return text;
  };
  for (const path of [
    "/metrics",
    "/openapi.json",
    "/api/v1/settings",
    "/api/v1/providers",
    "/api/v1/channels",
  ])
    await get(path);
  for (const path of ["/api/v1/api-keys", "/api/v1/documents", "/api/v1/jobs?state=dead", "/api/v1/session"])
    await get(path);
  const { items } = JSON.parse(await get("/api/v1/conversations")) as { items: { id: string }[] };
  for (const { id } of items) {
    const list = JSON.parse(await get(`/api/v1/conversations/${id}/messages`)) as { items: MessageBody[] };
    for (const message of list.items) await get(`/api/v1/conversations/${id}/trace/${message.id}`);
  }
  server.signal("SIGTERM");
  await server.end();
  readable.push(server.err);
}

const secrets = (): readonly (readonly [string, string])[] => [
  ["API key", session.apiKey],
  ["setup token", session.setupToken],
  ["session", session.sessionToken],
  ["visitor's token", session.visitorToken],
  ["provider's key", providerKey],
  ["password", password],
];

test("no log, trace, problem, list or metric holds a secret", () => {
  expect(readable.length).toBeGreaterThan(15);
  expect(server.err).toContain("language model failed");
  const found = secrets().flatMap(([name, secret]) =>
    readable
      .filter((text) => text.includes(secret))
      .map((text) => `${name}: ${text.slice(Math.max(0, text.indexOf(secret) - 200), text.indexOf(secret))}`),
  );
  expect(found).toEqual([]);
});

test("no file of the data folder holds a secret in the clear, events and write-ahead logs included", () => {
  const files = filesBelow(dataDir).filter((path) => statSync(path).isFile() && !path.includes("/native/"));
  expect(files.some((path) => path.endsWith("tenant.db"))).toBe(true);
  const found = secrets().flatMap(([name, secret]) =>
    files
      .filter((path) => readFileSync(path).includes(secret))
      .map((path) => `${name} in ${path.slice(dataDir.length)}`),
  );
  expect(found).toEqual([]);
});

test("the data folder, its keys and its lock are for their owner only", () => {
  const mine = [
    "",
    "/keys",
    "/tenants",
    "/tmp",
    "/lock",
    ...filesBelow(join(dataDir, "keys")).map((path) => path.slice(dataDir.length)),
  ];
  expect(mine.length).toBeGreaterThan(5);
  const open = mine.filter((path) => (statSync(`${dataDir}${path}`).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});
