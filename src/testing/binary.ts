/** The compiled executable as a process of its own. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const binaryPath = resolve(import.meta.dir, "..", "..", "dist", "metachat");

/** @throws with one sentence when the executable is not built */
export function requireBinary(): string {
  if (!existsSync(binaryPath))
    throw new Error(`${binaryPath} is missing: build it first with \`bun build.ts\` (\`npm test\` does).`);
  return binaryPath;
}

export interface BinaryOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A shell's words before the executable, which replaces the shell, e.g. `ulimit -f 100;`. */
  readonly limits?: string;
  /** A program that runs the executable as its child. */
  readonly tracer?: readonly string[];
}

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a process gets of our environment: nothing but where programs are. */
function environment(options: BinaryOptions): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: options.dataDir,
    OLLAMA_HOST: "http://127.0.0.1:9",
    ...options.env,
    METACHAT_DATA: options.dataDir,
  };
}

function commandOf(options: BinaryOptions, args: readonly string[]): string[] {
  const command = [requireBinary(), ...args];
  if (options.limits !== undefined) return ["bash", "-c", `${options.limits} exec "$@"`, "bash", ...command];
  return [...(options.tracer ?? []), ...command];
}

function childrenOf(pid: number): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

/** Runs a command of the executable to its end. */
export async function runBinary(
  options: BinaryOptions,
  args: readonly string[],
  input = "",
): Promise<Finished> {
  const child = Bun.spawn(commandOf(options, args), {
    env: environment(options),
    cwd: options.cwd ?? options.dataDir,
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, out, err };
}

/** Makes the first operator and tenant without a browser. */
export async function setUpBinary(
  options: BinaryOptions,
  tenant: string,
): Promise<{ tenantId: string; apiKey: string }> {
  const args = ["setup", "--email", "owner@shop.example", "--password-stdin", "--tenant", tenant, "--json"];
  const { code, out, err } = await runBinary(options, args, "a long enough password");
  if (code !== 0) throw new Error(`setup ended with ${code}: ${err}`);
  return JSON.parse(out) as { tenantId: string; apiKey: string };
}

export class BinaryServer implements AsyncDisposable {
  /** All that it wrote to standard output and to standard error so far. */
  out = "";
  err = "";
  readonly #child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  readonly #wrapped: boolean;
  #read: Promise<unknown>;

  private constructor(child: Bun.Subprocess<"ignore", "pipe", "pipe">, wrapped: boolean) {
    this.#child = child;
    this.#wrapped = wrapped;
    const collect = async (stream: ReadableStream<Uint8Array>, add: (text: string) => void) => {
      const decoder = new TextDecoder();
      for await (const piece of stream) add(decoder.decode(piece, { stream: true }));
    };
    this.#read = Promise.all([
      collect(child.stdout, (text) => {
        this.out += text;
      }),
      collect(child.stderr, (text) => {
        this.err += text;
      }),
    ]);
  }

  /** Starts `serve` on a free port and waits for its first line. @throws when it ends before */
  static async start(options: BinaryOptions): Promise<BinaryServer> {
    const child = Bun.spawn(commandOf(options, ["serve", "--port", "0", "--json"]), {
      env: environment(options),
      cwd: options.cwd ?? options.dataDir,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const server = new BinaryServer(child, options.tracer !== undefined);
    const deadline = Date.now() + 30_000;
    while (!server.out.includes("\n")) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`serve ended with ${child.exitCode ?? child.signalCode}: ${server.err}`);
      if (Date.now() > deadline) throw new Error(`serve printed nothing: ${server.err}`);
      await Bun.sleep(5);
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid;
  }

  get first(): { readonly url: string; readonly setupLink: string | null; readonly model: string | null } {
    return JSON.parse(this.out.slice(0, this.out.indexOf("\n"))) as BinaryServer["first"];
  }

  get url(): string {
    return this.first.url;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** To the executable itself, also where something is put before it. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#wrapped) this.#child.kill(signal);
    else for (const pid of childrenOf(this.pid)) process.kill(pid, signal);
  }

  /** Waits for the end. @returns the exit code; 128 + number after a signal */
  async end(): Promise<number> {
    const code = await this.#child.exited;
    await this.#read;
    return code;
  }

  api(
    key: string,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const isForm = body instanceof FormData;
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined || isForm ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.signal("SIGKILL");
    await this.end();
  }
}

/** Every file below a folder, with `/` between the parts, sorted. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const glob = new Bun.Glob("**/*");
  return [...glob.scanSync({ cwd: folder, dot: true, onlyFiles: false })]
    .map((path) => join(folder, path))
    .sort();
}
