/** The server is killed twenty times in the middle of its work: nothing that it acknowledged is lost or answered twice. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BinaryOptions, BinaryServer, requireBinary, setUpBinary } from "../src/testing/binary.ts";
import { type FakeOllama, startFakeOllama } from "../src/testing/fake-ollama.ts";
import { until } from "../src/testing/until.ts";
import { ApiWriter, WidgetWriter, type Writer } from "./kill-writers.ts";

setDefaultTimeout(30_000);

const kills = 20;
const mustBeOpen = 100;
const visitors = 14;
const callers = 6;
/** Pieces of an answer times the pause between them: about 1.6 s for each. */
const slowPieceMs = 200;

interface StoredMessage {
  readonly seq: number;
  readonly author: { readonly kind: string };
  readonly text: string;
  readonly createdAt: string;
  readonly action?: string;
}

let fake: FakeOllama;
let dataDir: string;
let options: BinaryOptions;

beforeAll(() => {
  requireBinary();
  fake = startFakeOllama({
    delayMs: slowPieceMs,
    answer: (messages) =>
      `Order ${tagOf(messages.at(-1)?.content.split("Question:").at(-1) ?? "")} takes three days [1].`,
  });
  dataDir = mkdtempSync(join(tmpdir(), "metachat-kill-"));
  options = { dataDir, env: { OLLAMA_HOST: fake.url } };
});
afterAll(() => {
  fake[Symbol.dispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

function tagOf(text: string): string {
  return /#\d+#/.exec(text)?.[0] ?? "";
}

async function get<T>(server: BinaryServer, key: string, path: string): Promise<T> {
  const response = await server.api(key, "GET", path);
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function prepare(server: BinaryServer, key: string): Promise<string> {
  const settings = {
    channels: { messagesPerMinute: 10_000, messagesPerDay: 1_000_000 },
    confidence: { answerThreshold: 0 },
  };
  expect((await server.api(key, "PATCH", "/api/v1/settings", settings)).status).toBe(200);
  const text = "Delivery of an order takes three working days. Every order is sent by parcel service.";
  await server.api(key, "POST", "/api/v1/documents", { title: "Delivery", text });
  await until(
    async () => (await get<{ items: unknown[] }>(server, key, "/api/v1/documents?status=ready")).items[0],
    "the document to be ready",
    60_000,
  );
  const channels = await get<{ items: { publicKey: string | null }[] }>(server, key, "/api/v1/channels");
  return channels.items.find(({ publicKey }) => publicKey !== null)?.publicKey ?? "";
}

/** Every kill falls into another moment: while messages come in, while answers are written, right after the start. */
async function momentOf(kill: number, sending: Promise<unknown>): Promise<void> {
  const sentBefore = fake.sent;
  if (kill === 0) await sending;
  else if (kill % 4 === 0) await Bun.sleep(5 + kill * 7);
  else if (kill % 4 === 1) await sending;
  else if (kill % 4 === 2) await until(() => fake.sent > sentBefore + kill * 3, "answers to be under way");
  else await until(() => fake.sent > sentBefore, "the first word of an answer");
}

async function conversationsOf(server: BinaryServer, key: string): Promise<StoredMessage[][]> {
  const { items } = await get<{ items: { id: string }[] }>(server, key, "/api/v1/conversations?limit=200");
  return Promise.all(
    items.map(
      async ({ id }) =>
        (await get<{ items: StoredMessage[] }>(server, key, `/api/v1/conversations/${id}/messages?limit=500`))
          .items,
    ),
  );
}

test("after 20 kills every acknowledged message has exactly one answer, in order, and none is lost", async () => {
  const { apiKey } = await setUpBinary(options, "Shop");
  let server = await BinaryServer.start(options);
  try {
    const channel = await prepare(server, apiKey);
    const writers: Writer[] = [
      ...Array.from({ length: visitors }, () => new WidgetWriter(channel)),
      ...Array.from({ length: callers }, () => new ApiWriter(apiKey)),
    ];
    const killed: { at: number; acknowledged: string[] }[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const running = server;
      const sending = Promise.all(writers.map((writer) => writer.write(running, kill === 0 ? 12 : 2)));
      await momentOf(kill, sending);
      const at = Date.now();
      running.signal("SIGKILL");
      await running.end();
      await sending;
      for (const writer of writers) writer.disconnect();
      killed.push({
        at,
        acknowledged: writers.flatMap((writer) => writer.acknowledged.map(({ tag }) => tag)),
      });
      server = await BinaryServer.start(options);
    }
    const last = server;
    fake.options.delayMs = 0;
    await Promise.all(writers.map((writer) => writer.write(last, 1)));
    await until(
      async () =>
        (await get<{ items: unknown[] }>(last, apiKey, "/api/v1/jobs?state=ready")).items.length === 0 &&
        (await get<{ items: unknown[] }>(last, apiKey, "/api/v1/jobs?state=running")).items.length === 0,
      "all to be answered",
      120_000,
    );
    for (const writer of writers) writer.disconnect();

    const conversations = await conversationsOf(last, apiKey);
    expect(conversations.length).toBe(writers.length);
    const answeredAt = new Map<string, number>();
    const seqOf = new Map<string, number>();
    for (const messages of conversations) {
      const questions = messages.filter(({ author }) => author.kind === "contact");
      const answers = messages.filter(({ author }) => author.kind !== "contact");
      expect(answers.map(({ text }) => tagOf(text))).toEqual(questions.map(({ text }) => tagOf(text)));
      expect(answers.every(({ author, action }) => author.kind === "assistant" && action === "sent")).toBe(
        true,
      );
      expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
      for (const { text, seq } of questions) seqOf.set(tagOf(text), seq);
      for (const { text, createdAt } of answers) answeredAt.set(tagOf(text), Date.parse(createdAt));
    }
    const acknowledged = writers.flatMap((writer) => writer.acknowledged);
    expect(acknowledged.length).toBe(
      visitors * (12 + 2 * (kills - 1) + 1) + callers * (12 + 2 * (kills - 1) + 1),
    );
    expect(acknowledged.filter(({ tag }) => !answeredAt.has(tag))).toEqual([]);
    expect(acknowledged.filter(({ tag, seq }) => seq !== undefined && seqOf.get(tag) !== seq)).toEqual([]);
    const stored = conversations.flat().filter(({ author }) => author.kind === "contact");
    expect(stored.length).toBe(acknowledged.length);
    const open = killed.map(
      ({ at, acknowledged: known }) => known.filter((tag) => (answeredAt.get(tag) ?? 0) > at).length,
    );
    expect(Math.min(...open)).toBeGreaterThanOrEqual(mustBeOpen);
    expect((await get<{ items: unknown[] }>(last, apiKey, "/api/v1/jobs?state=dead")).items).toEqual([]);
    expect(last.err).not.toContain('"level":"error"');
  } finally {
    await server[Symbol.asyncDispose]();
  }
}, 240_000);
