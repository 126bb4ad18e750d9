/** A day with MetaChat in short: set up by the link, a tenant's documents, questions over the API and in the widget. */
import { expect } from "bun:test";
import { sessionCookie } from "../src/http/dispatch.ts";
import type { BinaryServer } from "../src/testing/binary.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";

export interface Session {
  readonly tenantId: string;
  readonly apiKey: string;
  readonly setupToken: string;
  readonly sessionToken: string;
  readonly visitorToken: string;
  readonly conversationId: string;
  /** Headers of the signed-in person. */
  readonly headers: Readonly<Record<string, string>>;
}

export const password = "a long enough password";

export async function setUpByLink(
  server: BinaryServer,
): Promise<Pick<Session, "tenantId" | "apiKey" | "setupToken" | "sessionToken" | "headers">> {
  const setupToken = new URL(server.first.setupLink ?? "").searchParams.get("token") ?? "";
  const made = await fetch(`${server.url}/api/v1/setup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: setupToken, email: "owner@shop.example", password, tenant: "Shop" }),
  });
  expect(made.status).toBe(201);
  const sessionToken =
    new RegExp(`${sessionCookie}=([^;]+)`).exec(made.headers.get("set-cookie") ?? "")?.[1] ?? "";
  const { tenants } = (await made.json()) as { tenants: { id: string }[] };
  const tenantId = tenants[0]?.id ?? "";
  const headers = {
    cookie: `${sessionCookie}=${sessionToken}`,
    "x-metachat-tenant": tenantId,
    "x-metachat-csrf": "1",
    "content-type": "application/json",
  };
  const key = await fetch(`${server.url}/api/v1/api-keys`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "Shop system" }),
  });
  expect(key.status).toBe(201);
  return { tenantId, apiKey: ((await key.json()) as { key: string }).key, setupToken, sessionToken, headers };
}

/** Uploads a file and a text and waits until both are ready. */
export async function addDocuments(server: BinaryServer, key: string): Promise<void> {
  const form = new FormData();
  form.append(
    "file",
    new File(["<h1>Returns</h1><p>Goods may be returned within 30 days.</p>"], "returns.html"),
  );
  expect((await server.api(key, "POST", "/api/v1/documents", form)).status).toBe(201);
  const text = {
    title: "Delivery",
    text: "We deliver parcels within three working days. Delivery costs 4 euros.",
  };
  expect((await server.api(key, "POST", "/api/v1/documents", text)).status).toBe(201);
  await until(
    async () => {
      const list = await (await server.api(key, "GET", "/api/v1/documents?status=ready")).json();
      return (list as { items: unknown[] }).items.length === 2;
    },
    "the documents to be ready",
    60_000,
  );
}

export async function publicKeyOf(server: BinaryServer, key: string): Promise<string> {
  const response = await server.api(key, "GET", "/api/v1/channels");
  const { items } = (await response.json()) as { items: { publicKey: string | null }[] };
  return items.find(({ publicKey }) => publicKey !== null)?.publicKey ?? "";
}

export async function liveThrough(server: BinaryServer): Promise<Session> {
  const session = await setUpByLink(server);
  const { apiKey } = session;
  await addDocuments(server, apiKey);
  for (const path of ["/", "/docs", "/demo", "/widget.js", "/openapi.json", "/metrics", "/health/ready"]) {
    const response = await fetch(`${server.url}${path}`, { headers: { accept: "text/html,*/*" } });
    expect({ path, status: response.status }).toEqual({ path, status: 200 });
    await response.arrayBuffer();
  }
  const found = await server.api(apiKey, "POST", "/api/v1/search", { query: "return of goods" });
  expect(((await found.json()) as { items: unknown[] }).items.length).toBeGreaterThan(0);
  const asked = await server.api(apiKey, "POST", "/api/v1/chat", { message: "How long does delivery take?" });
  expect(await asked.json()).toMatchObject({ message: { action: "sent", provider: "ollama" } });
  using visitor = new Visitor(server.url, { channel: await publicKeyOf(server, apiKey) });
  const { visitorToken } = await visitor.hello();
  await visitor.say("Within how many days may goods be returned?");
  await visitor.message((message) => message.author.kind === "assistant");
  const list = (await (await server.api(apiKey, "GET", "/api/v1/conversations")).json()) as {
    items: { id: string }[];
  };
  return { ...session, visitorToken, conversationId: list.items[0]?.id ?? "" };
}
