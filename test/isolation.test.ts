/** Nothing of one tenant reaches another: every route, every credential, generated from the server's own list. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sessionCookie } from "../src/http/dispatch.ts";
import { defineRoute, json } from "../src/http/route.ts";
import { allRoutes } from "../src/server.ts";
import {
  credentials,
  type Fetch,
  findLeaks,
  guardedRoutes,
  leaksIn,
  uncovered,
} from "./isolation-checker.ts";
import { dumpOf, makeWorld, type World } from "./isolation-world.ts";

setDefaultTimeout(30_000);

let world: World;
beforeAll(async () => {
  world = await makeWorld();
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

async function textOf(key: string, path: string): Promise<string> {
  const response = await world.test.api(key, "GET", path);
  expect(response.status).toBe(200);
  return response.text();
}

describe("two tenants on one server", () => {
  test("every route that needs a credential has a rule here, and a route without one is reported", () => {
    expect(uncovered(world)).toEqual([]);
    const unheardOf = defineRoute({
      method: "GET",
      path: "/api/v1/everything",
      access: "tenant",
      tag: "Test",
      summary: "Not in the rules",
      responses: {},
      handle: () => json(200, {}),
    });
    expect(uncovered(world, [...guardedRoutes(world), unheardOf])).toEqual([
      "GET /api/v1/everything has no rule",
    ]);
  });

  test("no credential but A's own reaches anything of A, on any route, and A's data stay as they are", async () => {
    const before = await dumpOf(world.test, world.a.tenantId);
    expect(await findLeaks(world)).toEqual([]);
    expect(await dumpOf(world.test, world.a.tenantId)).toEqual(before);
    expect(credentials(world).length * guardedRoutes(world).length).toBeGreaterThan(400);
  }, 120_000);

  test("every list shows its tenant's own things: the word that is searched for does stand in A's lists", async () => {
    const lists = guardedRoutes(world).filter(
      (route) => route.method === "GET" && !route.path.includes("{") && route.access === "tenant",
    );
    expect(lists.length).toBeGreaterThan(5);
    for (const { path } of lists) {
      const [ofA, ofB] = [await textOf(world.a.apiKey, path), await textOf(world.b.apiKey, path)];
      expect({ path, a: ofA.includes(world.a.canary), b: ofB.includes(world.b.canary) }).toEqual({
        path,
        a: true,
        b: true,
      });
      expect({ path, mixed: ofA.includes(world.b.canary) || ofB.includes(world.a.canary) }).toEqual({
        path,
        mixed: false,
      });
    }
  });

  test("public routes show nothing of any tenant", async () => {
    const shown = allRoutes(world.test.app).filter(
      (route) => route.access === "public" && route.method === "GET",
    );
    expect(shown.length).toBeGreaterThan(3);
    for (const route of shown) {
      const text = await (await fetch(`${world.test.url}${route.path}`)).text();
      expect({ path: route.path, leaks: leaksIn(text, world.a, []) }).toEqual({
        path: route.path,
        leaks: [],
      });
    }
  });

  test("a sub-resource of one's own conversation with another's message id is not found", async () => {
    const { a, b } = world;
    for (const [conversation, message] of [
      [b.ids.conversation, a.ids.answer],
      [b.visitor.conversationId, b.ids.answer],
    ] as const) {
      const path = `/api/v1/conversations/${conversation}/trace/${message}`;
      expect((await world.test.api(b.apiKey, "GET", path)).status).toBe(404);
    }
  });

  test("the same content, idempotency key and contact id belong to each tenant apart", async () => {
    const { a, b } = world;
    const text = `Opening hours are from nine to five.`;
    const added = async (key: string) => {
      const response = await world.test.api(key, "POST", "/api/v1/documents", { title: "Hours", text });
      const { items } = (await response.json()) as { items: { id: string }[] };
      return { status: response.status, id: items[0]?.id };
    };
    const [first, second] = [await added(a.apiKey), await added(b.apiKey)];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.id).not.toBe(second.id);
    const asked = async (key: string) => {
      const sent = { message: "Hello", contact: { id: "person-1" } };
      const response = await world.test.api(key, "POST", "/api/v1/chat", sent, { "idempotency-key": "one" });
      expect(response.status).toBe(200);
      return ((await response.json()) as { conversationId: string }).conversationId;
    };
    expect(await asked(a.apiKey)).not.toBe(await asked(b.apiKey));
  });

  test("a suspended tenant's key and session open nothing until it is resumed", async () => {
    const { b, test: server } = world;
    const headers = { cookie: `${sessionCookie}=${b.newSession()}`, "x-metachat-tenant": b.tenantId };
    const statuses = async () => [
      (await server.api(b.apiKey, "GET", "/api/v1/documents")).status,
      (await fetch(`${server.url}/api/v1/documents`, { headers })).status,
    ];
    server.app.tenants.setStatus(b.tenantId, "suspended");
    expect(await statuses()).toEqual([403, 403]);
    server.app.tenants.setStatus(b.tenantId, "active");
    expect(await statuses()).toEqual([200, 200]);
  });
});

describe("the checker itself", () => {
  /** A server that answers one route with what tenant A would get. */
  const leaking =
    (path: RegExp): Fetch =>
    (url, init) =>
      path.test(new URL(url).pathname) && init.method === "GET"
        ? fetch(url, { headers: { authorization: `Bearer ${world.a.apiKey}` } })
        : fetch(url, init);

  test("reports a planted list of A", async () => {
    const findings = await findLeaks(world, leaking(/^\/api\/v1\/conversations$/));
    expect(findings.some((text) => /^GET \/api\/v1\/conversations with B's key shows/.test(text))).toBe(true);
    expect(findings.some((text) => text.includes("with no credential is answered with 200"))).toBe(true);
  }, 120_000);

  test("reports a planted event stream of A", async () => {
    const findings = await findLeaks(world, leaking(/\/stream$/));
    expect(findings.some((text) => text.includes("/stream with B's key shows"))).toBe(true);
  }, 120_000);
});
