/** A real Chromium, and an eye on what its pages ask for and complain about. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const actionMs = 20_000;

/** @throws with one sentence when there is no Chromium */
export async function launchChromium(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: the browser tests need Chromium there.`);
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
}

/** What pages said and asked for that nobody should have to see. */
export class Complaints {
  readonly #found: string[] = [];
  readonly #hosts = new Set<string>();

  /** Requests to this origin's host are expected. */
  allow(origin: string): void {
    this.#hosts.add(new URL(origin).host);
  }

  get found(): readonly string[] {
    return this.#found;
  }

  watch(context: BrowserContext): void {
    context.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      if (isSignedOut(message.text(), message.location().url)) return;
      this.#found.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#found.push(`uncaught: ${error.error().message}`));
    context.on("request", (request) => this.#asked(request.url()));
    context.on("page", (page) => page.on("websocket", (socket) => this.#asked(socket.url())));
  }

  #asked(address: string): void {
    const url = new URL(address);
    if (/^(https?|wss?):$/.test(url.protocol) && !this.#hosts.has(url.host))
      this.#found.push(`asked another host: ${address}`);
  }
}

/** Chromium reports every refused request; that nobody is signed in is learned from one. */
function isSignedOut(text: string, url: string): boolean {
  return text.includes("401") && url.endsWith("/api/v1/session");
}

/** A browser of its own: no cookies, no storage of another one. */
export async function newVisitor(
  browser: Browser,
  complaints: Complaints,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1280, height: 850 },
    ...options,
  });
  context.setDefaultTimeout(actionMs);
  complaints.watch(context);
  return context;
}
