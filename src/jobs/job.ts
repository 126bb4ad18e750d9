/** What a job is, and what a kind of job has to say about itself. */
import type { Writer } from "../db/transaction.ts";

export interface JobRequest {
  readonly type: string;
  /** Jobs with the same key run one at a time, in the order in which they were enqueued. */
  readonly orderingKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Milliseconds UTC; now when left out. */
  readonly runAt?: number;
  /** Leaves it at the one that waits already, where there is one of this type and key. */
  readonly onlyOne?: true;
}

/** A writer that can also enqueue; only `JobQueue.transact` makes one, because the tenant's due-time hint comes first. */
export interface JobWriter extends Writer {
  enqueue(job: JobRequest): string;
  /** Makes waiting jobs of these types due now. */
  hasten(types: readonly string[]): void;
}

export interface Job {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly orderingKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Failures so far. */
  readonly attempts: number;
}

export interface JobContext {
  readonly job: Job;
  /** Aborted when the lease is lost, the job's time is over, or the server stops. */
  readonly signal: AbortSignal;
  /** Ends the job inside the caller's own transaction. @throws LeaseLost, which rolls that transaction back. */
  finish(writer: Writer): void;
}

export interface JobHandler {
  readonly type: string;
  /** Jobs of this type at the same time, over all tenants. */
  readonly concurrency: number;
  /** … and of one tenant. */
  readonly perTenant: number;
  readonly maxAttempts: number;
  readonly timeoutMs: number;
  run(context: JobContext): Promise<void>;
  /** Called in the transaction that gives the job up, so that what it was for gets a visible end. */
  onDead?(writer: JobWriter, job: Job, reason: string): void;
}

/** Thrown by a handler: trying again would not help. */
export class PermanentFailure extends Error {
  override readonly name = "PermanentFailure";
}

/** Thrown by `finish`: the job is no longer this run's. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Milliseconds until the next try: 1 s doubled per failure up to 10 minutes, of which a random half (AWS's "equal jitter"). */
export function backoffMs(attempts: number): number {
  const ceiling = Math.min(600_000, 1000 * 2 ** Math.max(0, attempts - 1));
  return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2);
}
