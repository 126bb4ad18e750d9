import { createRequire } from "node:module";

const GLOBALS = [
  "fetch",
  "WebSocket",
  "EventSource",
  "XMLHttpRequest",
  "Worker",
  "BroadcastChannel",
] as const;
// Bun.fetch is fixed and cannot be replaced; nothing that parses files knows it.
const BUN_FUNCTIONS = ["connect", "listen", "serve", "udpSocket", "spawn", "spawnSync"] as const;
const MODULE_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  "node:net": ["connect", "createConnection", "createServer"],
  "node:tls": ["connect"],
  "node:http": ["request", "get", "createServer"],
  "node:https": ["request", "get", "createServer"],
  "node:http2": ["connect", "createServer", "createSecureServer"],
  "node:dgram": ["createSocket"],
  "node:dns": ["lookup", "resolve"],
  "node:child_process": ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"],
};

/**
 * Makes every ordinary way out of the process throw: connections, servers, name look-ups and child processes.
 * Parsing needs none of them; a library that follows a link in a document, by mistake or by configuration, fails
 * here. This is a second line behind the libraries' own settings, no sandbox.
 */
export function forbidNetwork(): void {
  for (const name of GLOBALS) replace(globalThis, name);
  for (const name of BUN_FUNCTIONS) replace(Bun, name);
  const require = createRequire(import.meta.url);
  for (const [module, names] of Object.entries(MODULE_FUNCTIONS)) {
    const loaded: unknown = require(module);
    if (typeof loaded === "object" && loaded !== null) for (const name of names) replace(loaded, name);
  }
}

function replace(owner: object, name: string): void {
  // No arrow function: WebSocket and its like are called with `new`.
  function refuse(): never {
    throw new Error(`${name} is not available while files are being read`);
  }
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (descriptor?.configurable === false && descriptor.writable !== true) return;
  Reflect.defineProperty(owner, name, { value: refuse, configurable: false, writable: false });
}
