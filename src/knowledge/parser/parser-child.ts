import { readFileSync } from "node:fs";
import { setPriority } from "node:os";
import type { Subprocess } from "bun";
import { LoadError } from "../loaders/loader.ts";
import { type ParseReply, type ParseRequest, parseReply } from "./parse-protocol.ts";

export interface ChildLimits {
  readonly timeoutMs: number;
  readonly maxMemoryBytes: number;
}

type ChildProcess = Subprocess<"ignore", "ignore", "ignore">;

/** A child may take a megabyte more each millisecond; a look takes .03 ms. */
const MEMORY_CHECK_MS = 10;
/**
 * The memory that the engine believes the machine to have, bytes: it collects garbage all the time when half of it is in
 * use. By the machine's own it would let a file of 10 MB take 600 MB of which it needs 350.
 */
const collectFrom = 256 * 1024 * 1024;

/** One parsing process, bound to one tenant for its whole life. Handles one request at a time. */
export class ParserChild {
  readonly #process: ChildProcess;
  #settle: ((outcome: ParseReply | Error) => void) | undefined;

  constructor(
    command: readonly string[],
    readonly tenantId: string,
    folder: string,
  ) {
    this.#process = spawn(command, folder, {
      onMessage: (message) => this.#receive(message),
      onExit: () => this.#settle?.(crashed()),
    });
    lowerPriority(this.#process.pid);
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && !this.#process.killed;
  }

  /** Resident memory in bytes; 0 when it is unknown (no Linux, or the process is gone). */
  memoryBytes(): number {
    return residentBytes(this.#process.pid);
  }

  /**
   * Sends one request and waits for its reply. Kills the process when the time is up, the memory exceeded or the
   * caller gives up.
   *
   * @throws LoadError "timed_out", "out_of_memory", "parser_crashed" or the file's own; the signal's reason.
   */
  async run(
    request: ParseRequest,
    limits: ChildLimits,
    signal?: AbortSignal,
  ): Promise<{ resultBytes: number }> {
    const { promise, resolve } = Promise.withResolvers<ParseReply | Error>();
    this.#settle = resolve;
    const onAbort = (): void => resolve(abortReason(signal));
    const timer = setTimeout(() => resolve(timedOut()), limits.timeoutMs);
    const watch = setInterval(() => {
      if (this.memoryBytes() > limits.maxMemoryBytes) resolve(outOfMemory());
    }, MEMORY_CHECK_MS);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      if (!this.isAlive) throw crashed();
      this.#send(request);
      const outcome = await promise;
      if (outcome instanceof Error) throw outcome;
      if (outcome.id !== request.id) throw crashed();
      if (!outcome.ok) throw new LoadError(outcome.code, outcome.message);
      return { resultBytes: outcome.resultBytes };
    } catch (error) {
      // Only an answer about the file leaves the process in a known state.
      if (!(error instanceof LoadError) || isProcessFailure(error)) await this.kill();
      throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener("abort", onAbort);
      this.#settle = undefined;
    }
  }

  /** Ends the process at once and waits until it is gone. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.exited;
  }

  #send(request: ParseRequest): void {
    try {
      this.#process.send(request);
    } catch (cause) {
      throw crashed(cause);
    }
  }

  #receive(message: unknown): void {
    const reply = parseReply.safeParse(message);
    if (reply.success) this.#settle?.(reply.data);
  }
}

interface ChildEvents {
  onMessage(message: unknown): void;
  onExit(): void;
}

function spawn(command: readonly string[], folder: string, events: ChildEvents): ChildProcess {
  try {
    return Bun.spawn([...command], {
      env: { BUN_JSC_forceRAMSize: String(collectFrom) },
      // An empty folder: Bun would read a .env file from the folder in which it starts.
      cwd: folder,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
      serialization: "json",
      ipc: (message: unknown) => events.onMessage(message),
      onExit: () => events.onExit(),
    });
  } catch (cause) {
    throw crashed(cause);
  }
}

/** Whether the process was ended or ended by itself, rather than that it said something of the file. */
export function isProcessFailure(error: LoadError): boolean {
  return error.code === "timed_out" || error.code === "out_of_memory" || error.code === "parser_crashed";
}

function residentBytes(pid: number): number {
  try {
    // VmRSS rather than statm: it is in kB, whatever the page size of the machine.
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Reading files must not slow down answers. A process that is already gone has no priority to lower. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // It ended at once; run() reports that.
  }
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError");
}

function timedOut(): LoadError {
  return new LoadError(
    "timed_out",
    "Reading this file took too long. Split it into smaller files and upload those.",
  );
}

function outOfMemory(): LoadError {
  return new LoadError(
    "out_of_memory",
    "Reading this file needs more memory than one file may use. Split it into smaller files and upload those.",
  );
}

function crashed(cause?: unknown): LoadError {
  return new LoadError(
    "parser_crashed",
    "Reading this file failed in an unexpected way. Open it, save it again and upload the new file.",
    { cause },
  );
}
