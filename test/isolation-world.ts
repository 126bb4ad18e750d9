/** Two tenants with something of everything, and in each text of the first a word that nobody else may ever see. */
import { memberships, users } from "../src/db/control-schema.ts";
import { addText, startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { Visitor } from "../src/testing/visitor.ts";

export interface Inhabitant {
  readonly tenantId: string;
  readonly slug: string;
  readonly apiKey: string;
  readonly userId: string;
  /** A fresh session of the person who belongs to this tenant only. */
  newSession(): string;
  /** Stands in every text of this tenant. */
  readonly canary: string;
  readonly ids: {
    readonly document: string;
    readonly source: string;
    readonly conversation: string;
    readonly unanswered: string;
    readonly answer: string;
    readonly webchat: string;
    readonly apiKey: string;
    readonly deadJob: string;
    readonly contact: string;
  };
  readonly publicKey: string;
  readonly visitor: { readonly token: string; readonly conversationId: string; readonly answerId: string };
}

export interface World extends AsyncDisposable {
  readonly test: TestApp;
  readonly a: Inhabitant;
  readonly b: Inhabitant;
}

interface Listed {
  readonly items: readonly {
    readonly id: string;
    readonly kind?: string;
    readonly publicKey?: string | null;
  }[];
}

async function body<T>(response: Promise<Response>): Promise<T> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export async function makeWorld(): Promise<World> {
  const test = await startTestApp();
  // Its only purpose is to end up as a dead job with the tenant's word in its error.
  test.app.queue.register({
    type: "doomed",
    concurrency: 4,
    perTenant: 4,
    maxAttempts: 1,
    timeoutMs: 10_000,
    run: ({ job }) => Promise.reject(new Error(`no luck for ${String(job.payload.word)}`)),
  });
  return {
    test,
    a: await settle(test, "quokkacanary"),
    b: await settle(test, "wombatcanary"),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

async function settle(test: TestApp, canary: string): Promise<Inhabitant> {
  const { id: tenantId, slug, apiKey } = await test.createTenant(`Shop ${canary}`);
  const call = <T>(method: string, path: string, sent?: unknown) =>
    body<T>(test.api(apiKey, method, path, sent));
  const userId = insertMember(test, tenantId, `${canary}@shop.example`);

  await call("PATCH", "/api/v1/settings", {
    assistant: { name: `Bot ${canary}`, greeting: `Hello ${canary}`, instructions: `Praise ${canary}` },
  });
  await call("PATCH", "/api/v1/providers/openai-compatible", {
    url: `http://127.0.0.1:9/${canary}`,
    model: null,
    key: `sk-${canary}`,
  });
  const document = await addText(
    test,
    apiKey,
    `Delivery ${canary}`,
    `The ${canary} shop delivers parcels within three working days. Delivery costs 4 euros.`,
  );
  await call("PATCH", `/api/v1/documents/${document}`, { tags: [canary] });
  // Nothing answers there, and this server may not go there: the run fails, and its address stays.
  const source = await call<{ id: string }>("POST", "/api/v1/sources", {
    url: `http://127.0.0.1:9/${canary}`,
  });
  const channels = await call<Listed>("GET", "/api/v1/channels");
  const webchat = channels.items.find((channel) => channel.kind === "webchat");
  const publicKey = webchat?.publicKey ?? "";
  await call("PATCH", `/api/v1/channels/${webchat?.id}`, { name: `Site ${canary}` });
  const key = await call<{ id: string }>("POST", "/api/v1/api-keys", { name: `Key ${canary}` });

  const asked = await call<{ conversationId: string; message: { id: string } }>("POST", "/api/v1/chat", {
    message: `How long does ${canary} delivery take?`,
    contact: { id: `person-${canary}`, name: `Ann ${canary}`, email: `ann-${canary}@home.example` },
  });
  const conversation = await call<{ contact: { id: string } }>(
    "GET",
    `/api/v1/conversations/${asked.conversationId}`,
  );
  await call("POST", "/api/v1/documents", {
    question: `Does ${canary} sell vouchers?`,
    answer: `Yes, ${canary} sells vouchers.`,
  });
  await call("POST", "/api/v1/chat", {
    message: `Who painted the Mona Lisa, was it Leonardo or Raphael or Michelangelo or ${canary}?`,
  });
  const unanswered = await call<Listed>("GET", "/api/v1/unanswered");
  const deadJob = await test.app.queue.transact(tenantId, (writer) =>
    writer.enqueue({ type: "doomed", orderingKey: "doomed", payload: { word: canary } }),
  );
  await until(
    async () =>
      (await call<Listed>("GET", "/api/v1/jobs?state=dead")).items.some((job) => job.id === deadJob),
    "the job to die",
  );
  return {
    tenantId,
    slug,
    apiKey,
    userId,
    canary,
    publicKey,
    newSession: () => test.app.accounts.createSession(userId, "127.0.0.1"),
    ids: {
      document,
      source: source.id,
      conversation: asked.conversationId,
      unanswered: unanswered.items[0]?.id ?? "",
      answer: asked.message.id,
      webchat: webchat?.id ?? "",
      apiKey: key.id,
      deadJob,
      contact: conversation.contact.id,
    },
    visitor: await visit(test, publicKey, canary),
  };
}

async function visit(test: TestApp, publicKey: string, canary: string): Promise<Inhabitant["visitor"]> {
  using visitor = new Visitor(test.url, { channel: publicKey });
  const { visitorToken } = await visitor.hello();
  await visitor.say(`How long does ${canary} delivery take?`);
  const answer = await visitor.message((message) => message.author.kind === "assistant");
  using again = new Visitor(test.url, { channel: publicKey });
  const { conversationId } = await again.hello({ visitorToken });
  return { token: visitorToken, conversationId: conversationId ?? "", answerId: answer.id };
}

/** A person who belongs to one tenant only; the command line makes operators, who belong to all. */
function insertMember(test: TestApp, tenantId: string, email: string): string {
  const now = Date.now();
  const id = Bun.randomUUIDv7();
  test.app.control.transact((writer) => {
    writer.db
      .insert(users)
      .values({ id, email, passwordHash: "none", operator: false, createdAt: now, updatedAt: now })
      .run();
    writer.db.insert(memberships).values({ userId: id, tenantId, role: "owner", createdAt: now }).run();
  });
  return id;
}

/** Every row of every table of a tenant's database, and what `control.db` holds about it, once its jobs are done. */
export async function dumpOf(test: TestApp, tenantId: string): Promise<Map<string, string>> {
  const dump = new Map<string, string>();
  const open = () =>
    test.app.store.read(tenantId, (reader) => reader.all("SELECT id FROM jobs WHERE state <> 'dead'"));
  await until(async () => (await open()).length === 0, "the tenant's jobs to be done");
  const own = await test.app.store.read(tenantId, (reader) => {
    const tables = reader.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
    );
    return tables.map(({ name }) => [name, brief(reader.all(`SELECT * FROM "${name}"`))] as const);
  });
  for (const [name, rows] of own) dump.set(name, rows);
  const about: Record<string, string> = {
    tenants: "SELECT id, slug, name, status, hex(sealed_key) FROM tenants WHERE id = ?",
    api_keys: "SELECT id, name, prefix, hex(key_hash) FROM api_keys WHERE tenant_id = ? ORDER BY id",
    memberships: "SELECT user_id, role FROM memberships WHERE tenant_id = ? ORDER BY user_id",
    channel_keys: "SELECT public_key, channel_id FROM channel_keys WHERE tenant_id = ? ORDER BY public_key",
  };
  for (const [name, sql] of Object.entries(about))
    dump.set(`control.${name}`, JSON.stringify(test.app.control.read((reader) => reader.all(sql, tenantId))));
  return dump;
}

/** The rows as text, or what stands for them where that is too long to compare and to print. */
function brief(rows: readonly unknown[]): string {
  const text = JSON.stringify(rows);
  return text.length < 20_000 ? text : `${rows.length} rows, ${Bun.hash(text)}`;
}
