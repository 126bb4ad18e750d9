/** The real server, in process, on a data folder of its own: what story tests start. Never imported by the product. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, createApp } from "../app.ts";
import { loadConfig } from "../config.ts";
import { createLogger } from "../log.ts";
import { type RunningServer, startServer } from "../server.ts";

export interface TestTenant {
  readonly id: string;
  readonly slug: string;
  readonly apiKey: string;
}

export interface TestApp extends AsyncDisposable {
  readonly app: App;
  readonly server: RunningServer;
  readonly url: string;
  readonly dataDir: string;
  /** Lines logged so far. */
  readonly logged: string[];
  createTenant(name: string): Promise<TestTenant>;
  /** A request with an API key; JSON bodies are encoded. */
  api(
    key: string,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

export interface TestAppOptions {
  /** Further settings, by their environment name. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keep and use this folder instead of a new one. */
  readonly dataDir?: string;
  /** Plays the internet's names. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Do not start to look for jobs. */
  readonly idle?: boolean;
}

/** An address where nothing listens, so that no test finds an Ollama by chance. */
const nobody = "http://127.0.0.1:9";
const source = join(import.meta.dir, "..", "main.ts");

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "metachat-test-"));
  const { config, secrets } = loadConfig({
    env: { METACHAT_DATA: dataDir, METACHAT_PORT: "0", OLLAMA_HOST: nobody, ...options.env },
  });
  const logged: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => void logged.push(line) });
  const app = await createApp({
    config,
    secrets,
    log,
    parseCommand: [process.execPath, source, "parse-worker"],
    exclusive: true,
    ...(options.resolve === undefined ? {} : { resolve: options.resolve }),
  });
  const server = startServer(app);
  await app.models.start();
  if (options.idle !== true) app.queue.start();
  return {
    app,
    server,
    url: server.url,
    dataDir,
    logged,
    async createTenant(name) {
      const { tenant, apiKey } = await app.setup.addTenant(name);
      return { id: tenant.id, slug: tenant.slug, apiKey };
    },
    api(key, method, path, body, headers = {}) {
      const isForm = body instanceof FormData;
      return fetch(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await app.queue.stop(1_000);
      await app[Symbol.asyncDispose]();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Adds a text and waits until it is ready. @returns its id */
export async function addText(test: TestApp, key: string, title: string, text: string): Promise<string> {
  const response = await test.api(key, "POST", "/api/v1/documents", { title, text });
  const { items } = (await response.json()) as { items: { id: string }[] };
  const id = items[0]?.id ?? "";
  await waitForDocument(test, key, id);
  return id;
}

/** Waits until a document is ready or failed. @returns it */
export async function waitForDocument(
  test: TestApp,
  key: string,
  id: string,
  timeoutMs = 60_000,
): Promise<{ status: string; error?: { code: string; message: string } }> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const document = (await (await test.api(key, "GET", `/api/v1/documents/${id}`)).json()) as {
      status: string;
      error?: { code: string; message: string };
    };
    if (document.status === "ready" || document.status === "failed") return document;
    if (Date.now() > until) throw new Error(`document ${id} is still ${document.status}`);
    await Bun.sleep(20);
  }
}

/** The public key of a tenant's web chat, as it stands in the snippet. */
export async function publicKeyOf(test: TestApp, key: string): Promise<string> {
  const response = await test.api(key, "GET", "/api/v1/channels");
  const { items } = (await response.json()) as { items: { publicKey: string | null }[] };
  return items.find(({ publicKey }) => publicKey !== null)?.publicKey ?? "";
}
