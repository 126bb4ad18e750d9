import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parserFolderPrefix } from "../../tenants/data-folder.ts";
import type { ParsedDocument } from "../loaders/index.ts";
import { LoadError } from "../loaders/loader.ts";
import type { WebTask } from "../web/inspect-protocol.ts";
import { type ParseRequest, readParsedDocument } from "./parse-protocol.ts";
import { type ChildLimits, isProcessFailure, ParserChild } from "./parser-child.ts";

export interface ParserPoolOptions {
  /** argv that starts a child, absolute paths: `[process.execPath, "parse-worker"]` for the compiled executable. */
  readonly command: readonly string[];
  /** Default 1: two cores are shared with answering. */
  readonly maxChildren?: number;
  /** For one file, from the start of its reading, at most (see `timeFor`). Default 120,000. */
  readonly timeoutMs?: number;
  /** Resident memory of one child. Default 480 MiB: what it takes until it is seen keeps it below 512. */
  readonly maxMemoryBytes?: number;
  /** How long an unused child is kept for its tenant. Default 30,000. */
  readonly idleMs?: number;
  /** Of the JSON result. Default 64 MiB. */
  readonly maxResultBytes?: number;
  /** Path of the data for text recognition; null or left out: scans are not read. */
  readonly ocrModel?: string | null;
  /** The pool makes a folder of its own in it and removes that folder when it is disposed. */
  readonly tempDir: string;
}

export interface ParseInput {
  readonly tenantId: string;
  readonly path: string;
  readonly fileName: string;
  readonly signal?: AbortSignal;
}

export interface ParseToFileInput extends ParseInput {
  /** Where the JSON of the ParsedDocument is left; read it with `readParsedDocument`. The caller removes it. */
  readonly resultPath: string;
}

export interface InspectInput extends ParseInput {
  readonly web: WebTask;
}

/** A page's links take a moment: what takes longer is made to. */
const inspectMs = 20_000;
const maxFindingsBytes = 4 * 1024 * 1024;

/** A small file is read in seconds or means no good; a long book takes 10 to 40 ms a page of 5 kB or more. */
const leastMs = 30_000;
const msPerByte = 0.02;

/** How long the reading of a file may take: 30 s, and 20 s more a megabyte, up to `most`. */
export function timeFor(bytes: number, most: number): number {
  return Math.min(most, leastMs + bytes * msPerByte);
}

interface Job {
  readonly input: ParseToFileInput & { readonly web?: WebTask };
  readonly resolve: (result: { resultBytes: number }) => void;
  readonly reject: (reason: unknown) => void;
  /** Text recognition was tried with it, and took more than one file may. */
  gaveUp: boolean;
}

interface Seat {
  readonly child: ParserChild;
  busy: boolean;
  idleTimer?: Timer;
}

/**
 * Reads files in child processes, first come first served. A child serves one tenant only: what one tenant's
 * hostile file leaves behind in memory never meets another tenant's document.
 */
export class ParserPool implements AsyncDisposable {
  readonly #command: readonly string[];
  readonly #limits: ChildLimits;
  readonly #maxChildren: number;
  readonly #idleMs: number;
  readonly #maxResultBytes: number;
  readonly #ocrModel: string | null;
  readonly #folder: string;
  readonly #queue: Job[] = [];
  readonly #seats = new Set<Seat>();
  readonly #running = new Set<Promise<void>>();
  readonly #shutdown = new AbortController();

  constructor(options: ParserPoolOptions) {
    this.#command = options.command;
    this.#limits = {
      timeoutMs: options.timeoutMs ?? 120_000,
      maxMemoryBytes: options.maxMemoryBytes ?? 480 * 1024 * 1024,
    };
    this.#maxChildren = options.maxChildren ?? 1;
    this.#idleMs = options.idleMs ?? 30_000;
    this.#maxResultBytes = options.maxResultBytes ?? 64 * 1024 * 1024;
    this.#ocrModel = options.ocrModel ?? null;
    this.#folder = join(options.tempDir, parserFolderPrefix + randomUUID());
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Reads a file and returns its document. The JSON is parsed on this thread, which takes about 20 ms a megabyte:
   * where answers are streamed, use `parseToFile` and read the result in a worker thread.
   *
   * @throws LoadError; the signal's reason; AbortError when the pool is disposed
   */
  async parse(input: ParseInput): Promise<ParsedDocument> {
    const resultPath = join(this.#folder, `${randomUUID()}.json`);
    try {
      await this.parseToFile({ ...input, resultPath });
      return readParsedDocument(await readFile(resultPath, "utf8"));
    } finally {
      await removeResult(resultPath);
    }
  }

  /**
   * Looks a file of the web over for a crawl. The answer is small (see `inspect-protocol.ts`); the caller checks it,
   * since the child has handled a stranger's file.
   *
   * @throws like `parse`
   */
  async inspect(input: InspectInput): Promise<unknown> {
    const resultPath = join(this.#folder, `${randomUUID()}.json`);
    try {
      await this.#enqueue({ ...input, resultPath });
      return JSON.parse(await readFile(resultPath, "utf8"));
    } finally {
      await removeResult(resultPath);
    }
  }

  /**
   * Reads a file and leaves the document as JSON at `resultPath`. Nothing is left there when it fails.
   *
   * @returns the size of the JSON in bytes
   * @throws like `parse`
   */
  async parseToFile(input: ParseToFileInput): Promise<{ resultBytes: number }> {
    return this.#enqueue(input);
  }

  async #enqueue(input: Job["input"]): Promise<{ resultBytes: number }> {
    this.#shutdown.signal.throwIfAborted();
    input.signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<{ resultBytes: number }>();
    const job: Job = { input, resolve, reject, gaveUp: false };
    const leaveQueue = (): void => {
      const at = this.#queue.indexOf(job);
      if (at === -1) return;
      this.#queue.splice(at, 1);
      reject(input.signal?.reason);
    };
    input.signal?.addEventListener("abort", leaveQueue, { once: true });
    this.#queue.push(job);
    this.#serve();
    try {
      return await promise;
    } finally {
      input.signal?.removeEventListener("abort", leaveQueue);
    }
  }

  /** Processes alive now, for tests and metrics. */
  get childPids(): readonly number[] {
    return [...this.#seats].filter((seat) => seat.child.isAlive).map((seat) => seat.child.pid);
  }

  /** Kills the children, rejects what waits or runs, and removes the results that nobody has fetched. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#shutdown.abort(new DOMException("The parser was shut down.", "AbortError"));
    for (const job of this.#queue.splice(0)) job.reject(this.#shutdown.signal.reason);
    await Promise.all([...this.#seats].map((seat) => this.#remove(seat)));
    await Promise.all(this.#running);
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Gives waiting jobs to children for as long as there are both. */
  #serve(): void {
    while (this.#queue.length > 0 && !this.#shutdown.signal.aborted) {
      const seat = this.#freeSeat(this.#queue[0]?.input.tenantId);
      if (seat === "wait") return;
      const job = this.#queue.shift();
      if (!job) return;
      const run = this.#run(job, seat).finally(() => {
        this.#running.delete(run);
        this.#serve();
      });
      this.#running.add(run);
    }
  }

  /** An idle child of this tenant, undefined where a new one may be started, or "wait". */
  #freeSeat(tenantId: string | undefined): Seat | undefined | "wait" {
    const idle = [...this.#seats].filter((seat) => !seat.busy);
    const own = idle.find((seat) => seat.child.tenantId === tenantId && seat.child.isAlive);
    if (own) return own;
    if (this.#seats.size < this.#maxChildren) return undefined;
    const [other] = idle;
    if (other) void this.#remove(other);
    return "wait";
  }

  async #run(job: Job, free: Seat | undefined): Promise<void> {
    let seat = free;
    let isRecognising = false;
    try {
      seat ??= this.#start(job.input.tenantId);
      seat.busy = true;
      clearTimeout(seat.idleTimer);
      const { path, fileName, resultPath, signal, web } = job.input;
      const isInspection = web !== undefined;
      const ocr = job.gaveUp ? "gave-up" : await this.#recognition(job.input);
      const request = {
        ...{ id: randomUUID(), path, fileName, resultPath, ocr },
        maxResultBytes: isInspection ? maxFindingsBytes : this.#maxResultBytes,
        ...(isInspection ? { web } : {}),
      };
      const { timeoutMs: most, maxMemoryBytes } = this.#limits;
      // A page of a scan may be read for seconds.
      const reading = typeof ocr === "string" ? timeFor(Bun.file(path).size, most) : most;
      const limits = { timeoutMs: isInspection ? inspectMs : reading, maxMemoryBytes };
      const stop = signal ? AbortSignal.any([signal, this.#shutdown.signal]) : this.#shutdown.signal;
      stop.throwIfAborted();
      isRecognising = typeof ocr !== "string";
      job.resolve(await seat.child.run(request, limits, stop));
    } catch (error) {
      await removeResult(job.input.resultPath);
      if (isRecognising && error instanceof LoadError && isProcessFailure(error)) {
        // What stands beside the scans is still worth reading.
        job.gaveUp = true;
        this.#queue.unshift(job);
      } else job.reject(error);
    } finally {
      if (seat) await this.#rest(seat);
    }
  }

  /** Only what may hold scans gets the time that they take. */
  async #recognition({ path, fileName, web }: Job["input"]): Promise<ParseRequest["ocr"]> {
    if (this.#ocrModel === null || web !== undefined) return "off";
    const start = await Bun.file(path).slice(0, 1_024).bytes();
    const mayHold = Buffer.from(start).includes("%PDF-") || /\.(zip|eml)$/i.test(fileName);
    return mayHold ? { model: this.#ocrModel } : "off";
  }

  #start(tenantId: string): Seat {
    const seat: Seat = { child: new ParserChild(this.#command, tenantId, this.#folder), busy: true };
    this.#seats.add(seat);
    return seat;
  }

  /** Keeps a child for its tenant's next file, unless this one left it half full already. */
  async #rest(seat: Seat): Promise<void> {
    seat.busy = false;
    const full = seat.child.memoryBytes() > this.#limits.maxMemoryBytes / 2;
    if (!seat.child.isAlive || full || this.#shutdown.signal.aborted) return this.#remove(seat);
    seat.idleTimer = setTimeout(() => void this.#remove(seat), this.#idleMs);
    seat.idleTimer.unref();
  }

  async #remove(seat: Seat): Promise<void> {
    seat.busy = true;
    clearTimeout(seat.idleTimer);
    await seat.child.kill();
    this.#seats.delete(seat);
    // A file that came in the meantime has been waiting for this place.
    this.#serve();
  }
}

async function removeResult(resultPath: string): Promise<void> {
  await rm(resultPath, { force: true });
  await rm(`${resultPath}.partial`, { force: true });
}
