import { expect, test } from "bun:test";
import { isOriginAllowed, normaliseOrigin } from "../channels/origins.ts";
import { MessageLimits } from "../live/message-limits.ts";
import { allRoutes } from "../server.ts";
import { startTestApp } from "../testing/test-app.ts";
import { safeFileName } from "./multipart.ts";

test("a file's name never keeps a path or what a header trips over", () => {
  const names = [
    "../../etc/passwd",
    "C:\\Users\\me\\a.pdf",
    "/abs/b.txt",
    "a\0b.md",
    "..",
    "",
    `x".pdf`,
    "\u202egnp.exe",
    "n".repeat(5000),
  ];
  for (const name of names) expect(safeFileName(name)).not.toMatch(/[/\\\0"<>]|^\.{0,2}$/);
  expect(safeFileName("../../etc/passwd")).toBe("passwd");
  expect(safeFileName("n".repeat(5000)).length).toBe(200);
});

test("an origin is allowed as a whole, or below a wildcard, never by a part of its name", () => {
  const allowed = ["https://shop.example", "https://*.wild.example"];
  const ok = [
    "https://shop.example",
    "https://a.wild.example",
    "https://a.b.wild.example",
    "https://own.example",
  ];
  const bad = [
    "http://shop.example",
    "https://shop.example.evil.example",
    "https://evilwild.example",
    "https://wild.example",
    "null",
    "https://shop.example:444",
    null,
  ];
  expect(ok.filter((origin) => !isOriginAllowed(origin, allowed, "https://own.example"))).toEqual([]);
  expect(bad.filter((origin) => isOriginAllowed(origin, allowed, "https://own.example"))).toEqual([]);
  expect(
    [
      "*",
      "https://*",
      "https://*.com",
      "ftp://a.example",
      "https://a.example/path",
      "https://user@a.example",
    ].map(normaliseOrigin),
  ).toEqual([null, null, null, null, null, null]);
  expect(normaliseOrigin("HTTPS://Shop.Example/")).toBe("https://shop.example");
});

test("a limit counts against all windows or none, and opens again", () => {
  const limits = new MessageLimits();
  const both = [
    { name: "a", max: 2, windowMs: 100 },
    { name: "b", max: 5, windowMs: 1000 },
  ];
  expect([limits.take(both, 0), limits.take(both, 1), limits.take(both, 2)]).toEqual([0, 0, 98]);
  expect([
    limits.take(both, 101),
    limits.take(both, 102),
    limits.take(both, 202),
    limits.take(both, 303),
  ]).toEqual([0, 0, 0, 697]);
});

test("the API's description names every route, and each parameter of a path", async () => {
  await using test = await startTestApp({ idle: true });
  const described = (await (await fetch(`${test.url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { parameters: { name: string; in: string }[] }>>;
  };
  expect(described.openapi).toBe("3.1.0");
  for (const route of allRoutes(test.app)) {
    const operation = described.paths[route.path]?.[route.method.toLowerCase()];
    const named = operation?.parameters.filter((item) => item.in === "path").map((item) => item.name);
    expect([route.path, named]).toEqual([
      route.path,
      [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""),
    ]);
  }
});

test("signing in: equal answers for known and unknown, a limit after failures, a cookie that scripts cannot read", async () => {
  await using test = await startTestApp({ idle: true });
  await test.app.setup.fromCommandLine({
    email: "Owner@shop.example",
    password: "a long password",
    tenant: "Shop",
  });
  const signIn = (email: string, password: unknown) =>
    fetch(`${test.url}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password }),
    });
  const [wrong, nobody] = [
    await signIn("owner@shop.example", "wrong password"),
    await signIn("nobody@shop.example", "wrong password"),
  ];
  expect([wrong.status, nobody.status]).toEqual([401, 401]);
  const [a, b] = [(await wrong.json()) as { detail: string }, (await nobody.json()) as { detail: string }];
  expect(a.detail).toBe(b.detail);
  const right = await signIn("owner@shop.example", "a long password");
  expect(right.status).toBe(200);
  expect(right.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Lax/);
  for (let tries = 0; tries < 10; tries += 1) await signIn("owner@shop.example", "wrong password");
  const limited = await signIn("owner@shop.example", "a long password");
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("a session changes things only with our own header and origin", async () => {
  await using test = await startTestApp({ idle: true });
  const { user, tenant } = await test.app.setup.fromCommandLine({
    email: "o@shop.example",
    password: "a long password",
    tenant: "Shop",
  });
  const cookie = `metachat_session=${test.app.accounts.createSession(user.id, "test")}`;
  const patch = (headers: Record<string, string>) =>
    fetch(`${test.url}/api/v1/settings`, {
      method: "PATCH",
      headers: { "content-type": "application/json", cookie, "x-metachat-tenant": tenant.id, ...headers },
      body: JSON.stringify({ assistant: { name: "Changed" } }),
    });
  expect((await patch({})).status).toBe(403);
  expect((await patch({ "x-metachat-csrf": "1", origin: "https://evil.example" })).status).toBe(403);
  expect((await patch({ "x-metachat-csrf": "1", origin: test.url })).status).toBe(200);
});

test("the setup link works once, for half an hour, and for nobody without it", async () => {
  await using test = await startTestApp({ idle: true });
  const token = test.app.accounts.createSetupToken();
  const setup = (value: unknown) =>
    fetch(`${test.url}/api/v1/setup`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        token: value,
        email: "o@shop.example",
        password: "a long password",
        tenant: "Shop",
      }),
    });
  for (const value of [null, "", [], {}, undefined, `${token.slice(0, -1)}x`])
    expect([400, 410]).toContain((await setup(value)).status);
  expect(test.app.accounts.hasOperator()).toBe(false);
  expect((await setup(token)).status).toBe(201);
  expect([409, 410]).toContain((await setup(token)).status);
  expect(() => test.app.accounts.createSetupToken()).toThrow("set up already");
});

test("a suspended tenant's key stops at once", async () => {
  await using test = await startTestApp({ idle: true });
  const { id, apiKey } = await test.createTenant("Shop");
  expect((await test.api(apiKey, "GET", "/api/v1/settings")).status).toBe(200);
  test.app.tenants.setStatus(id, "suspended");
  expect((await test.api(apiKey, "GET", "/api/v1/settings")).status).toBe(403);
});

test("readiness fails when the database does", async () => {
  await using test = await startTestApp({ idle: false });
  expect((await fetch(`${test.url}/health/ready`)).status).toBe(200);
  test.app.control[Symbol.dispose]();
  const broken = await fetch(`${test.url}/health/ready`);
  expect(broken.status).toBe(503);
  expect((await broken.json()) as { status: string }).toMatchObject({ status: "failed" });
});
