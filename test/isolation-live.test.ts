/** The same over the sockets: a visitor reaches his own conversation on his own channel, from an allowed page. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sessionCookie } from "../src/http/dispatch.ts";
import { EventReader } from "../src/testing/event-stream.ts";
import { until } from "../src/testing/until.ts";
import { Visitor, type VisitorOptions } from "../src/testing/visitor.ts";
import { leaksIn } from "./isolation-checker.ts";
import { dumpOf, makeWorld, type World } from "./isolation-world.ts";

setDefaultTimeout(30_000);

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const url = () => world.test.url;
const seen = (visitor: Visitor) => JSON.stringify(visitor.frames);

/** The code with which a socket is closed, or "open" when it may say hello. */
async function outcome(options: VisitorOptions): Promise<number | "open"> {
  using visitor = new Visitor(url(), options);
  await visitor.opened();
  visitor.send({ type: "hello" });
  return await Promise.race([
    visitor.closed.then(({ code }) => code),
    visitor.next("welcome").then(() => "open" as const),
  ]);
}

describe("the visitor's socket", () => {
  test("a visitor's token of tenant A is a stranger's on B's channel: a new one is given and nothing shown", async () => {
    const { a, b } = world;
    using visitor = new Visitor(url(), { channel: b.publicKey });
    const welcome = await visitor.hello({ visitorToken: a.visitor.token, after: 0 });
    expect(welcome.visitorToken).not.toBe(a.visitor.token);
    expect(welcome.conversationId).toBeUndefined();
    await visitor.say("Hello");
    await visitor.message((message) => message.author.kind === "assistant");
    expect(leaksIn(seen(visitor), a, [])).toEqual([]);
    expect(seen(visitor)).not.toContain(a.visitor.conversationId);
  });

  test("a new visitor of the same channel sees nothing of the visitor before him", async () => {
    const { a } = world;
    using visitor = new Visitor(url(), { channel: a.publicKey });
    const welcome = await visitor.hello({ after: 0 });
    await visitor.say("Hello");
    await visitor.message((message) => message.author.kind === "assistant");
    expect(welcome.conversationId).toBeUndefined();
    expect(visitor.all("message").every(({ message }) => message.seq <= 2)).toBe(true);
    expect(seen(visitor)).not.toContain(a.visitor.conversationId);
    expect(seen(visitor)).not.toContain(a.visitor.answerId);
  });

  test("two visitors at once each get their own frames only", async () => {
    using first = new Visitor(url(), { channel: world.a.publicKey });
    using second = new Visitor(url(), { channel: world.a.publicKey });
    await Promise.all([first.hello(), second.hello()]);
    await Promise.all([first.say("Good morning"), second.say("Good evening")]);
    await Promise.all(
      [first, second].map((visitor) => visitor.message((message) => message.author.kind === "assistant")),
    );
    expect(seen(first)).not.toContain("Good evening");
    expect(seen(second)).not.toContain("Good morning");
  });

  test.each(["typing", "handover", "feedback", "send"] as const)(
    "nothing can be done before hello: %s",
    async (type) => {
      const before = await dumpOf(world.test, world.a.tenantId);
      using visitor = new Visitor(url(), { channel: world.a.publicKey });
      await visitor.opened();
      const frames = {
        typing: { type },
        handover: { type },
        feedback: { type, messageId: world.a.ids.answer, value: "down" },
        send: { type, clientId: "1", text: "Hi" },
      };
      visitor.send(frames[type]);
      expect((await visitor.next("error")).code).toBe("invalid_request");
      expect(await dumpOf(world.test, world.a.tenantId)).toEqual(before);
    },
  );

  test("thumbs on a message of another conversation or tenant are refused and change nothing", async () => {
    const { a, b } = world;
    for (const foreign of [a.ids.answer, a.visitor.answerId, b.ids.answer]) {
      using visitor = new Visitor(url(), { channel: b.publicKey });
      await visitor.hello({ visitorToken: b.visitor.token });
      const [ofA, ofB] = [await dumpOf(world.test, a.tenantId), await dumpOf(world.test, b.tenantId)];
      visitor.send({ type: "feedback", messageId: foreign, value: "down" });
      expect((await visitor.next("error")).code).toBe("not_found");
      expect(await dumpOf(world.test, a.tenantId)).toEqual(ofA);
      expect(await dumpOf(world.test, b.tenantId)).toEqual(ofB);
    }
  });

  test("a visitor's token, a public key and a session are no API keys, and an API key is no visitor's token", async () => {
    const { a } = world;
    for (const token of [a.visitor.token, a.publicKey, a.newSession()])
      expect((await world.test.api(token, "GET", "/api/v1/documents")).status).toBe(401);
    using visitor = new Visitor(url(), { channel: a.publicKey });
    expect((await visitor.hello({ visitorToken: a.apiKey })).conversationId).toBeUndefined();
  });

  test("a visitor sees only what is meant for him: no ids of documents, no scores, no model, no instructions", async () => {
    const { a } = world;
    using visitor = new Visitor(url(), { channel: a.publicKey });
    await visitor.hello({ visitorToken: a.visitor.token });
    const answer = await visitor.message((message) => message.author.kind === "assistant");
    expect(Object.keys(answer).sort()).toEqual(
      ["action", "author", "citations", "confidence", "createdAt", "id", "seq", "status", "text"].sort(),
    );
    expect(Object.keys(answer.confidence ?? {})).toEqual(["level"]);
    expect(answer.citations?.length).toBeGreaterThan(0);
    for (const citation of answer.citations ?? [])
      expect(Object.keys(citation).sort()).toEqual(["n", "quote", "title"]);
    for (const hidden of [a.ids.document, a.tenantId, `Praise ${a.canary}`, `sk-${a.canary}`, "retrieval"])
      expect(seen(visitor)).not.toContain(hidden);
  });
});

describe("where a widget may be shown", () => {
  const channel = () => world.b.publicKey;

  test("from the server's own pages and the allowed sites only", async () => {
    const path = `/api/v1/channels/${world.b.ids.webchat}`;
    const allowedOrigins = ["https://shop.example", "https://*.branches.example"];
    expect((await world.test.api(world.b.apiKey, "PATCH", path, { allowedOrigins })).status).toBe(200);
    const expected: readonly (readonly [string | null, number | "open"])[] = [
      [url(), "open"],
      ["https://shop.example", "open"],
      ["https://vienna.branches.example", "open"],
      ["https://branches.example", 4403],
      ["https://vienna.branches.example.evil.example", 4403],
      ["https://evilbranches.example", 4403],
      ["http://shop.example", 4403],
      ["https://shop.example:8443", 4403],
      ["https://shop.example.evil.example", 4403],
      ["https://evil.example", 4403],
      ["null", 4403],
      ["file://", 4403],
      [null, 4403],
    ];
    for (const [origin, wanted] of expected)
      expect([origin, await outcome({ channel: channel(), origin })]).toEqual([origin, wanted]);
  });

  test.each(["", "mc_pub_unknown", "' OR 1=1 --", "../../etc/passwd", "x".repeat(500)])(
    "an unknown channel key closes the socket with 4403: %p",
    async (unknown) => {
      expect(await outcome({ channel: unknown })).toBe(4403);
    },
  );

  test("what one tenant allows does not open another's channel", async () => {
    expect(await outcome({ channel: world.a.publicKey, origin: "https://shop.example" })).toBe(4403);
  });

  test("suspending the tenant ends its open sockets at their next word and lets no new one in", async () => {
    using visitor = new Visitor(url(), { channel: channel() });
    await visitor.hello();
    world.test.app.tenants.setStatus(world.b.tenantId, "suspended");
    visitor.send({ type: "send", clientId: "1", text: "Hello" });
    expect((await visitor.closed).code).toBe(4403);
    expect(await outcome({ channel: channel() })).toBe(4403);
    world.test.app.tenants.setStatus(world.b.tenantId, "active");
    expect(await outcome({ channel: channel() })).toBe("open");
  });
});

describe("a credential that is taken away ends what it had opened", () => {
  const patienceMs = 15_000;

  async function follow(headers: Readonly<Record<string, string>>): Promise<EventReader> {
    const path = `/api/v1/conversations/${world.b.ids.conversation}/stream`;
    const events = new EventReader(await fetch(`${url()}${path}`, { headers }));
    await events.next("state");
    return events;
  }

  test("a revoked API key's event stream is cut off", async () => {
    const { apiKeys } = world.test.app;
    const { id, key } = apiKeys.create(world.b.tenantId, "Leaver", "test");
    await using events = await follow({ authorization: `Bearer ${key}` });
    apiKeys.revoke(world.b.tenantId, id, "test");
    await until(() => events.ended, "the stream to be cut off", patienceMs);
    expect(events.ended).toBe(true);
  });

  test("a signed-out person's event stream is cut off", async () => {
    const { accounts } = world.test.app;
    const session = world.b.newSession();
    const cookie = `${sessionCookie}=${session}`;
    await using events = await follow({ cookie, "x-metachat-tenant": world.b.tenantId });
    accounts.endSession(session, world.b.userId);
    await until(() => events.ended, "the stream to be cut off", patienceMs);
    expect(events.ended).toBe(true);
  });

  test("a suspended tenant's quiet sockets and streams are cut off", async () => {
    using visitor = new Visitor(url(), { channel: world.b.publicKey });
    await visitor.hello();
    await using events = await follow({ authorization: `Bearer ${world.b.apiKey}` });
    world.test.app.tenants.setStatus(world.b.tenantId, "suspended");
    try {
      await until(() => events.ended && visitor.isClosed, "both to be cut off", patienceMs);
      expect((await visitor.closed).code).toBe(4403);
    } finally {
      world.test.app.tenants.setStatus(world.b.tenantId, "active");
    }
  });
});
