/**
 * The durable queue. Jobs live in their tenant's database; this process leases, runs, retries and gives them up.
 * There is no queue of record in memory: after a crash, what was enqueued is found again.
 */

import type { Writer } from "../db/transaction.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { DueHints } from "./due-hints.ts";
import {
  backoffMs,
  type Job,
  type JobContext,
  type JobHandler,
  type JobWriter,
  LeaseLost,
  PermanentFailure,
} from "./job.ts";
import {
  claimJobs,
  failJob,
  finishJob,
  hasExpiredLease,
  hastenJobs,
  insertJob,
  nextDue,
  readyTypes,
  recoverJobs,
  renewLease,
} from "./job-table.ts";

export interface JobQueueOptions {
  readonly store: TenantStore;
  readonly hints: DueHints;
  readonly log: Logger;
  readonly leaseMs?: number;
}

interface Running {
  readonly job: Job;
  readonly handler: JobHandler;
  readonly abort: AbortController;
  /** Resolves when it has ended, one way or the other. */
  readonly over: PromiseWithResolvers<void>;
}

const quietMs = 3_000;
/** Clocks are set back, leases run out, and readiness wants to see that the queue looks. */
const sweepMs = 20_000;
const brokenMs = 5_000;
const putBackMs = 2_000;

type NotAPromise<T> = T extends PromiseLike<unknown> ? never : T;

export class JobQueue implements AsyncDisposable {
  readonly #options: JobQueueOptions;
  readonly #handlers = new Map<string, JobHandler>();
  /** Whose lease it is: one for the life of this process. */
  readonly #owner = crypto.randomUUID();
  readonly #leaseMs: number;
  readonly #running = new Map<string, Running>();
  readonly #recovered = new Set<string>();
  readonly #enqueueing = new Map<string, number>();
  readonly #claiming = new Set<string>();
  readonly #again = new Set<string>();
  readonly #quiet = new Map<string, Timer>();
  /** Tenants that may have a job to start, in turns. */
  readonly #rotation = new Set<string>();
  /** Those that had nothing (more) to start at the last look, and when to look again though nobody wakes them. */
  readonly #settled = new Map<string, number>();
  #timer: Timer | undefined;
  #renewal: Timer | undefined;
  #started = false;
  #stopping = false;
  #pumping = false;
  /** Jobs that have ended, whatever became of them. */
  #ended = 0;
  /** When a look for work last went through, for readiness. */
  lastLookAt = 0;
  finished = 0;
  failed = 0;

  constructor(options: JobQueueOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 60_000;
  }

  register(handler: JobHandler): void {
    this.#handlers.set(handler.type, handler);
  }

  get runningJobs(): number {
    return this.#running.size;
  }

  /** A tenant transaction that may enqueue. The hint is on disk before it begins. */
  async transact<T>(tenantId: string, change: (writer: JobWriter) => NotAPromise<T>): Promise<T> {
    this.#enqueueing.set(tenantId, (this.#enqueueing.get(tenantId) ?? 0) + 1);
    try {
      this.#options.hints.mark(tenantId, Date.now());
      return await this.#options.store.transact(tenantId, (writer) => {
        writer.onCommit(() => this.wake(tenantId));
        return change(this.#jobWriter(writer));
      });
    } finally {
      const left = (this.#enqueueing.get(tenantId) ?? 1) - 1;
      if (left === 0) this.#enqueueing.delete(tenantId);
      else this.#enqueueing.set(tenantId, left);
    }
  }

  /** Starts looking for work. */
  start(): void {
    this.#started = true;
    this.#renewal = setInterval(() => this.#renewLeases(), this.#leaseMs / 3);
    this.#pump();
  }

  /** Looks at the tenant again soon. */
  wake(tenantId: string): void {
    this.#again.add(tenantId);
    if (this.#started && !this.#stopping) setImmediate(() => this.#pump());
  }

  /** Takes no more work, gives what runs `graceMs` to end, then aborts it; aborted jobs are ready for the next start. */
  async stop(graceMs = 5_000): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    clearInterval(this.#renewal);
    for (const timer of this.#quiet.values()) clearTimeout(timer);
    const settled = Promise.allSettled([...this.#running.values()].map((item) => item.over.promise));
    await Promise.race([settled, Bun.sleep(graceMs)]);
    for (const item of this.#running.values()) item.abort.abort(new LeaseLost("the server is stopping"));
    await Promise.race([settled, Bun.sleep(2_000)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#stopping) await this.stop();
  }

  #jobWriter(writer: Writer): JobWriter {
    return {
      ...writer,
      enqueue: (request) => {
        const handler = this.#handlers.get(request.type);
        if (handler === undefined) throw new Error(`there is no handler for jobs of type ${request.type}`);
        return insertJob(writer, request, handler.maxAttempts);
      },
      hasten: (types) => hastenJobs(writer, types),
    };
  }

  #pump(): void {
    if (this.#stopping || !this.#started || this.#pumping) return;
    this.#pumping = true;
    try {
      const now = Date.now();
      for (const [id, until] of this.#settled) if (until <= now) this.#settled.delete(id);
      for (const id of this.#options.hints.dueBy(now)) if (!this.#settled.has(id)) this.#rotation.add(id);
      for (const id of this.#again) {
        // One that is being looked at is looked at once more after that.
        if (this.#claiming.has(id)) continue;
        this.#again.delete(id);
        this.#rotation.add(id);
      }
      const tenants = [...this.#rotation].filter((id) => !this.#claiming.has(id));
      // Each tenant in turn; whoever came first this time comes last the next.
      const [first] = this.#rotation;
      if (first !== undefined && this.#rotation.delete(first)) this.#rotation.add(first);
      for (const id of tenants) void this.#look(id, tenants.length);
      this.lastLookAt = now;
      this.#sleepUntilNext(now);
    } finally {
      this.#pumping = false;
    }
  }

  #sleepUntilNext(now: number): void {
    clearTimeout(this.#timer);
    if (this.#stopping || !this.#started) return;
    let next = Math.min(this.#options.hints.nextAfter(now) ?? Number.POSITIVE_INFINITY, now + sweepMs);
    for (const at of this.#settled.values()) next = Math.min(next, at);
    this.#timer = setTimeout(() => this.#pump(), Math.max(1, next - now));
  }

  /** Claims what may run of one tenant and starts it; what must wait for others keeps the tenant in the rotation. */
  async #look(tenantId: string, competitors: number): Promise<void> {
    this.#claiming.add(tenantId);
    const endedBefore = this.#ended;
    let claimed = 0;
    let held = false;
    try {
      if (await this.#mustRecover(tenantId)) await this.#recover(tenantId);
      const ready = await this.#options.store.read(tenantId, (reader) => readyTypes(reader, Date.now()));
      for (const handler of this.#handlers.values()) {
        if (!ready.has(handler.type)) continue;
        const started = await this.#claim(tenantId, handler, competitors);
        if (started === null) held = true;
        else claimed += started;
      }
      if (!held && claimed === 0) await this.#settle(tenantId);
    } catch (error) {
      this.#options.log.error("looking for jobs failed", { tenantId, error: describeError(error) });
      this.#rotation.delete(tenantId);
      this.#settled.set(tenantId, Date.now() + brokenMs);
    } finally {
      this.#claiming.delete(tenantId);
      // What ended while this look was under way may have been what held it up.
      const freed = held && this.#ended !== endedBefore;
      if (this.#again.has(tenantId) || claimed > 0 || freed) this.wake(tenantId);
    }
  }

  /** @returns how many were started; null: there was no room for any */
  async #claim(tenantId: string, handler: JobHandler, competitors: number): Promise<number | null> {
    if (this.#capacity(handler, tenantId, competitors) === 0) return null;
    const admitted: Running[] = [];
    let room: number;
    try {
      // Not durable: a lease that a power cut takes back leaves a job that is ready, which is right.
      room = await this.#options.store.transact(
        tenantId,
        (writer) => {
          // Counted again, where nothing comes in between: other tenants are looked at at the same time.
          const limit = this.#capacity(handler, tenantId, competitors);
          const options = { types: [handler.type], limit, owner: this.#owner, leaseMs: this.#leaseMs };
          if (limit > 0)
            for (const job of claimJobs(writer, tenantId, options)) admitted.push(this.#admit(job, handler));
          return limit;
        },
        { durable: false },
      );
    } catch (error) {
      for (const item of admitted) this.#release(item);
      throw error;
    }
    for (const item of admitted) this.#run(item);
    return room === 0 ? null : admitted.length;
  }

  /** At the first look of this process, and when a lease ran out because its end could not be written. */
  async #mustRecover(tenantId: string): Promise<boolean> {
    if (!this.#recovered.has(tenantId)) return true;
    return this.#options.store.read(tenantId, hasExpiredLease);
  }

  async #recover(tenantId: string): Promise<void> {
    await this.#options.store.transact(tenantId, (writer) => {
      for (const job of recoverJobs(writer, tenantId, this.#owner))
        this.#handlers
          .get(job.type)
          ?.onDead?.(this.#jobWriter(writer), job, "it was cut off by the end of the server too often");
    });
    this.#recovered.add(tenantId);
  }

  #capacity(handler: JobHandler, tenantId: string, competitors: number): number {
    let overall = 0;
    let own = 0;
    for (const item of this.#running.values()) {
      if (item.handler !== handler) continue;
      overall += 1;
      if (item.job.tenantId === tenantId) own += 1;
    }
    const free = handler.concurrency - overall;
    if (free <= 0 || this.#stopping) return 0;
    const share = Math.max(1, Math.floor(free / Math.max(1, competitors)));
    return Math.max(0, Math.min(share, handler.perTenant - own));
  }

  /**
   * Nothing can be started now: what is due waits behind a job of its key. Takes the tenant out of the rotation until
   * it is woken (something was enqueued, or ended) or its next job falls due, and corrects its hint.
   */
  async #settle(tenantId: string): Promise<void> {
    await this.#options.store.read(tenantId, (reader) => {
      const now = Date.now();
      const { due, next, running } = nextDue(reader, now);
      this.#rotation.delete(tenantId);
      this.#settled.set(tenantId, Math.min(next ?? Number.POSITIVE_INFINITY, now + sweepMs));
      // In one turn of the event loop with the look: nothing can be enqueued in between.
      if (running === 0 && !this.#enqueueing.has(tenantId)) {
        if (next !== null) this.#options.hints.set(tenantId, next);
        else if (!due) this.#forgetLater(tenantId);
      }
      this.#sleepUntilNext(now);
    });
  }

  /** A hint is written to disk each time it comes or goes: a tenant that works keeps it until it has been quiet. */
  #forgetLater(tenantId: string): void {
    clearTimeout(this.#quiet.get(tenantId));
    const timer = setTimeout(() => {
      this.#quiet.delete(tenantId);
      if (this.#stopping) return;
      void this.#options.store
        .read(tenantId, (reader) => {
          const { due, next, running } = nextDue(reader, Date.now());
          if (due || next !== null || running > 0 || this.#enqueueing.has(tenantId)) return;
          this.#options.hints.set(tenantId, null);
          this.#settled.delete(tenantId);
        })
        .catch((error: unknown) =>
          this.#options.log.warn("a hint was not cleared", { tenantId, error: describeError(error) }),
        );
    }, quietMs);
    timer.unref();
    this.#quiet.set(tenantId, timer);
  }

  /** Takes the job's place; it runs once its lease is written. */
  #admit(job: Job, handler: JobHandler): Running {
    const item = { job, handler, abort: new AbortController(), over: Promise.withResolvers<void>() };
    this.#running.set(job.id, item);
    return item;
  }

  #release(item: Running): void {
    this.#running.delete(item.job.id);
    this.#ended += 1;
    item.over.resolve();
  }

  #run(item: Running): void {
    const { job, handler, abort } = item;
    const timer = setTimeout(() => abort.abort(new Error("the job took too long")), handler.timeoutMs);
    void this.#attempt(job, handler, abort).finally(() => {
      clearTimeout(timer);
      this.#release(item);
      this.wake(job.tenantId);
    });
  }

  async #attempt(job: Job, handler: JobHandler, abort: AbortController): Promise<void> {
    let finished = false;
    const context: JobContext = {
      job,
      signal: abort.signal,
      finish: (writer) => {
        finishJob(writer, job.id, this.#owner);
        writer.onCommit(() => {
          finished = true;
        });
      },
    };
    try {
      await handler.run(context);
      if (!finished)
        await this.#options.store.transact(job.tenantId, (writer) => finishJob(writer, job.id, this.#owner));
      this.finished += 1;
    } catch (error) {
      await this.#putBack(job, handler, error, abort.signal);
    }
  }

  /** Until it is written: a full disk may have room again in a moment, and a lease that only runs out takes a minute. */
  async #putBack(job: Job, handler: JobHandler, error: unknown, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#giveBack(job, handler, error, signal);
        return;
      } catch (failure) {
        this.#options.log.error("a failed job could not be put back yet", {
          jobId: job.id,
          error: describeError(failure),
        });
        if (this.#stopping) return;
        await Bun.sleep(putBackMs);
      }
    }
  }

  async #giveBack(job: Job, handler: JobHandler, error: unknown, signal: AbortSignal): Promise<void> {
    const stopping = this.#stopping && signal.aborted;
    const reason = describeError(error);
    if (!stopping) {
      this.failed += 1;
      this.#options.log.warn("job failed", {
        tenantId: job.tenantId,
        jobId: job.id,
        type: job.type,
        attempts: job.attempts + 1,
        error: reason,
      });
    }
    await this.transact(job.tenantId, (writer) => {
      const outcome = failJob(writer, job.id, {
        owner: this.#owner,
        reason,
        delayMs: stopping ? 0 : backoffMs(job.attempts + 1),
        permanent: error instanceof PermanentFailure,
        counts: !stopping,
      });
      if (outcome === "dead") handler.onDead?.(writer, job, reason);
    });
  }

  #renewLeases(): void {
    for (const { job } of this.#running.values())
      void this.#options.store
        .transact(job.tenantId, (writer) => renewLease(writer, job.id, this.#owner, this.#leaseMs), {
          durable: false,
        })
        .catch((error: unknown) =>
          this.#options.log.warn("a lease was not renewed", { jobId: job.id, error: describeError(error) }),
        );
  }
}
