/** The compiled executable, started on a data folder of its own and ended by its process id. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { endWithUs } from "./children.ts";
import { binary } from "./paths.ts";

/** An address where nothing listens, so that no language model is found by chance. */
const nobody = "http://127.0.0.1:9";

export interface Server extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** From the start of the process to the first 200 of /health/ready, milliseconds. */
  readonly readyMs: number;
  /** Ends it (SIGTERM, then SIGKILL) and waits. */
  stop(): Promise<void>;
}

export interface Tenant {
  readonly id: string;
  readonly apiKey: string;
}

function environment(dataDir: string, more: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("METACHAT_") && name !== "OLLAMA_HOST",
  );
  const given = own.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    ...Object.fromEntries(given),
    METACHAT_DATA: dataDir,
    METACHAT_LOG_LEVEL: "warn",
    OLLAMA_HOST: nobody,
    ...more,
  };
}

function freePort(): number {
  const probe = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = probe;
  probe.stop(true);
  if (port === undefined) throw new Error("no free port");
  return port;
}

/** Starts `metachat serve` and waits until it is ready. */
export async function startServer(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const child = Bun.spawn([binary, "serve"], {
    env: environment(dataDir, { METACHAT_PORT: String(port), ...env }),
    stdin: "ignore",
    stdout: "ignore",
    stderr: "inherit",
  });
  endWithUs(child);
  const deadline = started + 30_000;
  for (;;) {
    const ready = await fetch(`${url}/health/ready`).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) break;
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error("the server did not become ready in 30 s");
    await Bun.sleep(1);
  }
  const readyMs = performance.now() - started;
  const stop = async () => {
    child.kill("SIGTERM");
    const ended = await Promise.race([child.exited, Bun.sleep(15_000).then(() => null)]);
    if (ended === null) child.kill("SIGKILL");
    await child.exited;
  };
  return { url, pid: child.pid, dataDir, readyMs, stop, [Symbol.asyncDispose]: stop };
}

const created = z.object({ id: z.string(), apiKey: z.string() });

/** Makes a tenant with the command line, which also works beside a running server. */
export async function createTenant(dataDir: string, name: string): Promise<Tenant> {
  const child = Bun.spawn([binary, "tenant", "create", name, "--json"], {
    env: environment(dataDir, {}),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`tenant create failed: ${text}`);
  return created.parse(JSON.parse(text));
}

/** Resident memory of a process, MB (1,000,000 bytes), and how that is made up. */
export function memoryOf(pid: number): {
  readonly total: number;
  readonly anonymous: number;
  readonly file: number;
} {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string) =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024) / 1e6;
  return { total: read("VmRSS"), anonymous: read("RssAnon"), file: read("RssFile") };
}

/** Processor time a process has used so far, user and system, in milliseconds: hardly changes on a busy machine. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // After the name in brackets, which may hold anything: state is field 3, utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** Of Linux's process times (`getconf CLK_TCK`). */
const ticksPerSecond = 100;
