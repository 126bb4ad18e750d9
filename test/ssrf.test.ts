/** Addresses that a tenant sets lead to the public internet only, the operator's own model server included. */
import { expect, test } from "bun:test";
import { startTestApp } from "../src/testing/test-app.ts";

function recorder(): { url: string; paths: string[]; stop: () => void } {
  const paths: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      paths.push(pathname);
      if (pathname === "/api/tags") return Response.json({ models: [{ name: "small:latest" }] });
      return new Response("operator-internal-secret", { status: 500 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, paths, stop: () => void server.stop(true) };
}

test("a tenant's provider cannot be pointed at the operator's Ollama, nor anywhere else inside", async () => {
  const operators = recorder();
  const inside = recorder();
  await using app = await startTestApp({ env: { OLLAMA_HOST: operators.url } });
  const { apiKey } = await app.createTenant("Mallory");
  const path = "/api/v1/providers/openai-compatible";
  for (const suffix of ["/api/pull#", "/api/pull?x=", "/api/pull#/v1"]) {
    const url = `${operators.url}${suffix}`;
    expect((await app.api(apiKey, "PATCH", path, { url, model: "evil" })).status).toBe(400);
  }
  for (const url of [operators.url, `${operators.url}/api/pull`, inside.url, "http://[::ffff:7f00:1]:1/"]) {
    expect((await app.api(apiKey, "PATCH", path, { url, model: "evil/huge-model:latest" })).status).toBe(200);
    const check = await (await app.api(apiKey, "POST", `${path}/check`)).text();
    expect(check).toContain("METACHAT_EGRESS_ALLOW");
    expect(check).not.toContain("operator-internal-secret");
    await app.api(apiKey, "POST", "/api/v1/chat", { message: "Hello, what does delivery cost?" });
  }
  const ollama = "/api/v1/providers/ollama";
  expect((await app.api(apiKey, "PATCH", ollama, { url: inside.url })).status).toBe(200);
  expect(await (await app.api(apiKey, "POST", `${ollama}/check`)).text()).toContain("METACHAT_EGRESS_ALLOW");
  expect(inside.paths).toEqual([]);
  expect(new Set(operators.paths)).toEqual(new Set(["/api/tags"]));
  operators.stop();
  inside.stop();
});

test("a model's server that sends without end does not fill the memory", async () => {
  let sent = 0;
  const endless = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += 262_144;
            controller.enqueue(new Uint8Array(262_144).fill(97));
          },
        }),
        { headers: { "content-type": "application/json" } },
      ),
  });
  await using app = await startTestApp({ env: { METACHAT_EGRESS_ALLOW: "127.0.0.1/32" } });
  const { apiKey } = await app.createTenant("Shop");
  for (const provider of ["openai-compatible", "ollama"]) {
    const path = `/api/v1/providers/${provider}`;
    await app.api(apiKey, "PATCH", path, { url: `http://127.0.0.1:${endless.port}`, model: "x" });
    const check = (await (await app.api(apiKey, "POST", `${path}/check`)).json()) as { ok: boolean };
    expect(check.ok).toBe(false);
  }
  expect(sent).toBeLessThan(100_000_000);
  await endless.stop(true);
});
