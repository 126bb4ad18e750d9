/** The only file that starts worker threads. A thread starts on its first call and ends after idle time. */
import type { SqliteNatives } from "./native/sqlite.ts";

export type WorkerPart = "embed" | "search" | "ingest";

export interface WorkerStart {
  readonly part: WorkerPart;
  readonly dataDir: string;
  readonly addonPath: string;
  readonly vec0Path: string;
  readonly threads: number;
}

export interface WorkerCall {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

export type WorkerReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly code?: string };

/** What a call of a worker failed with; `code` is the system's or SQLite's. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
  }
}

export interface WorkerThreadOptions {
  readonly part: WorkerPart;
  readonly dataDir: string;
  readonly natives: SqliteNatives;
  readonly threads: number;
  /** Ended after this long without a call, which gives its memory back. */
  readonly idleMs: number;
}

/** Calls the methods of one worker thread; the interface of the part gives the types. */
export interface Thread {
  /** Calls that are under way or wait for their turn. */
  readonly waiting: number;
  call<T>(method: string, input: unknown): Promise<T>;
}

export class WorkerThread implements Thread, AsyncDisposable {
  readonly #options: WorkerThreadOptions;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #worker: Worker | undefined;
  #idle: Timer | undefined;
  #nextId = 1;
  #closed = false;
  /** How often a thread had to be started. */
  starts = 0;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  get waiting(): number {
    return this.#calls.size;
  }

  /** @throws WorkerError when the method threw, or the thread died. */
  call<T>(method: string, input: unknown): Promise<T> {
    if (this.#closed) return Promise.reject(new WorkerError("the server is stopping", undefined));
    clearTimeout(this.#idle);
    const id = this.#nextId++;
    const pending = Promise.withResolvers<unknown>();
    this.#calls.set(id, pending);
    this.#start().postMessage({ id, method, input } satisfies WorkerCall);
    return pending.promise as Promise<T>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL("./worker.ts", import.meta.url).href);
    const { part, dataDir, natives, threads } = this.#options;
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => this.#settle(data);
    worker.onerror = (event) => this.#died(worker, event.message);
    worker.addEventListener("close", () => this.#died(worker, "the worker thread ended"));
    worker.postMessage({ part, dataDir, threads, ...natives } satisfies WorkerStart);
    this.#worker = worker;
    this.starts += 1;
    return worker;
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#calls.get(reply.id);
    this.#calls.delete(reply.id);
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(new WorkerError(reply.message, reply.code));
    if (this.#calls.size === 0 && !this.#closed) {
      this.#idle = setTimeout(() => void this.#end(), this.#options.idleMs);
      this.#idle.unref();
    }
  }

  #died(worker: Worker, message: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const pending of this.#calls.values()) pending.reject(new WorkerError(message, undefined));
    this.#calls.clear();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    if (worker === undefined) return;
    const id = this.#nextId++;
    const closing = Promise.withResolvers<unknown>();
    this.#calls.set(id, closing);
    worker.postMessage({ id, method: "close", input: null } satisfies WorkerCall);
    await Promise.race([closing.promise.catch(() => undefined), Bun.sleep(3_000)]);
    // A call may have come while the thread was closing: it is refused rather than lost without a word.
    this.#died(worker, "the worker thread was ended");
    worker.terminate();
  }
}
