/** How the executable ends, and that no second one runs beside it. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageBody } from "../src/http/schemas.ts";
import { type BinaryOptions, BinaryServer, requireBinary, runBinary } from "../src/testing/binary.ts";
import { type FakeOllama, startFakeOllama } from "../src/testing/fake-ollama.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";
import { addDocuments, publicKeyOf, setUpByLink } from "./containment-session.ts";

setDefaultTimeout(90_000);

const slowly = { pieces: () => ["Three ", "days ", ...Array.from({ length: 400 }, () => "… "), "[1]."] };

let options: BinaryOptions;
let fake: FakeOllama;
beforeEach(() => {
  requireBinary();
  fake = startFakeOllama();
  options = { dataDir: mkdtempSync(join(tmpdir(), "metachat-end-")), env: { OLLAMA_HOST: fake.url } };
});
afterEach(() => {
  fake[Symbol.dispose]();
  rmSync(options.dataDir, { recursive: true, force: true });
});

/** A server in the middle of an answer that takes 40 seconds more. */
async function inTheMiddle(server: BinaryServer): Promise<string> {
  const { apiKey } = await setUpByLink(server);
  await addDocuments(server, apiKey);
  Object.assign(fake.options, slowly, { delayMs: 100 });
  using visitor = new Visitor(server.url, { channel: await publicKeyOf(server, apiKey) });
  await visitor.hello();
  await visitor.say("How long does delivery take?");
  await until(() => visitor.streamed().includes("Three days"), "the first words");
  return apiKey;
}

test("asked to end while an answer is written, it ends with 0 within 10 seconds, and answers after the next start", async () => {
  let apiKey: string;
  {
    await using server = await BinaryServer.start(options);
    apiKey = await inTheMiddle(server);
    const asked = performance.now();
    server.signal("SIGTERM");
    expect(await server.end()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(server.err).not.toContain('"level":"error"');
  }
  fake.options.delayMs = 0;
  await using server = await BinaryServer.start(options);
  const list = (await (await server.api(apiKey, "GET", "/api/v1/conversations")).json()) as {
    items: { id: string }[];
  };
  const messages = async () => {
    const response = await server.api(apiKey, "GET", `/api/v1/conversations/${list.items[0]?.id}/messages`);
    return ((await response.json()) as { items: MessageBody[] }).items;
  };
  await until(async () => (await messages()).length > 1, "the answer");
  expect((await messages()).map(({ author, action }) => [author.kind, action])).toEqual([
    ["contact", undefined],
    ["assistant", "sent"],
  ]);
});

test("asked a second time it ends at once", async () => {
  await using server = await BinaryServer.start(options);
  await inTheMiddle(server);
  server.signal("SIGTERM");
  await until(() => server.err.includes('"stopping"'), "it to begin to stop");
  server.signal("SIGTERM");
  // Had it gone on to end in good order, this would be 0.
  expect(await server.end()).toBe(1);
});

test("a second one on the same folder ends with 4 and a sentence, and the first goes on; after a kill the folder is free", async () => {
  {
    await using first = await BinaryServer.start(options);
    const second = await runBinary(options, ["serve", "--port", "0"]);
    expect(second.code).toBe(4);
    expect(second.err).toContain("another MetaChat is running on the data folder");
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    first.signal("SIGKILL");
    expect(await first.end()).not.toBe(0);
  }
  await using third = await BinaryServer.start(options);
  expect((await fetch(`${third.url}/health/live`)).status).toBe(200);
});

test("a taken address is said in a sentence and ends with a failure", async () => {
  await using server = await BinaryServer.start(options);
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-end-"));
  try {
    const port = new URL(server.url).port;
    const tooLong = ["timeout", "--signal", "KILL", "10"];
    const { code, err } = await runBinary({ ...options, dataDir, tracer: tooLong }, [
      "serve",
      "--port",
      port,
    ]);
    expect(code).toBe(1);
    expect(err).toMatch(/port|address/i);
    expect(err).not.toMatch(/^\s+at /m);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("where its log cannot be written it answers and ends as usual", async () => {
  const { dataDir, env } = options;
  // Every line fails, as on a full disk. The debug level has it write some.
  const deaf = { dataDir, env: { ...env, METACHAT_LOG_LEVEL: "debug" }, limits: "exec 2>/dev/full;" };
  await using server = await BinaryServer.start(deaf);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${server.url}/api/v1/documents`)).status).toBe(401);
  server.signal("SIGTERM");
  expect(await server.end()).toBe(0);
});
