/** The `jobs` table of a tenant: every statement on it is here. */
import { z } from "zod";
import type { Reader, Writer } from "../db/transaction.ts";
import type { Job, JobRequest } from "./job.ts";
import { LeaseLost } from "./job.ts";

/** Cut off by the end of the process more often than this, a job is given up: it may be what ends the process. */
const maxInterruptions = 50;

const payloadSchema = z.record(z.string(), z.unknown());

interface JobRow extends Record<string, unknown> {
  readonly id: string;
  readonly type: string;
  readonly ordering_key: string;
  readonly payload: string;
  readonly attempts: number;
}

function toJob(tenantId: string, row: JobRow): Job {
  const payload = payloadSchema.parse(JSON.parse(row.payload));
  return {
    id: row.id,
    tenantId,
    type: row.type,
    orderingKey: row.ordering_key,
    payload,
    attempts: row.attempts,
  };
}

export function insertJob(writer: Writer, request: JobRequest, maxAttempts: number): string {
  const waiting =
    request.onlyOne === true
      ? writer.get<{ id: string }>(
          "SELECT id FROM jobs WHERE ordering_key = ? AND type = ? AND state = 'ready' LIMIT 1",
          request.orderingKey,
          request.type,
        )
      : undefined;
  if (waiting !== undefined) return waiting.id;
  const id = Bun.randomUUIDv7();
  const now = Date.now();
  writer.run(
    `INSERT INTO jobs (id, type, ordering_key, payload, max_attempts, run_at, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    request.type,
    request.orderingKey,
    JSON.stringify(request.payload),
    maxAttempts,
    request.runAt ?? now,
    now,
    now,
  );
  return id;
}

/** Takes back what waits under this key, whenever it would be due. */
export function dropWaiting(writer: Writer, type: string, orderingKey: string): void {
  writer.run("DELETE FROM jobs WHERE ordering_key = ? AND type = ? AND state = 'ready'", orderingKey, type);
}

/** Leases up to `limit` due jobs of the given types whose turn it is within their ordering key. */
export function claimJobs(
  writer: Writer,
  tenantId: string,
  options: { types: readonly string[]; limit: number; owner: string; leaseMs: number },
): Job[] {
  const now = Date.now();
  const rows = writer.all<JobRow>(
    `SELECT id, type, ordering_key, payload, attempts FROM jobs AS candidate
     WHERE state = 'ready' AND run_at <= ? AND type IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (
         SELECT 1 FROM jobs AS earlier
         WHERE earlier.ordering_key = candidate.ordering_key AND earlier.id < candidate.id
           AND earlier.state IN ('ready', 'running'))
     ORDER BY run_at, id LIMIT ?`,
    now,
    JSON.stringify(options.types),
    options.limit,
  );
  for (const row of rows)
    writer.run(
      "UPDATE jobs SET state = 'running', lease_until = ?, lease_owner = ?, updated_at = ? WHERE id = ?",
      now + options.leaseMs,
      options.owner,
      now,
      row.id,
    );
  return rows.map((row) => toJob(tenantId, row));
}

export function renewLease(writer: Writer, jobId: string, owner: string, leaseMs: number): void {
  writer.run(
    "UPDATE jobs SET lease_until = ? WHERE id = ? AND state = 'running' AND lease_owner = ?",
    Date.now() + leaseMs,
    jobId,
    owner,
  );
}

/** Deletes a finished job. @throws LeaseLost when it is no longer `owner`'s. */
export function finishJob(writer: Writer, jobId: string, owner: string): void {
  const { changes } = writer.run(
    "DELETE FROM jobs WHERE id = ? AND state = 'running' AND lease_owner = ?",
    jobId,
    owner,
  );
  if (changes === 0) throw new LeaseLost(`job ${jobId} is no longer this run's`);
}

/** Makes jobs of these types that wait for a later time due now. */
export function hastenJobs(writer: Writer, types: readonly string[]): void {
  const now = Date.now();
  writer.run(
    `UPDATE jobs SET run_at = ?, updated_at = ?
     WHERE state = 'ready' AND run_at > ? AND type IN (SELECT value FROM json_each(?))`,
    now,
    now,
    now,
    JSON.stringify(types),
  );
}

/** Puts a job back. @returns "retry" or, when its tries are used up, "dead". */
export function failJob(
  writer: Writer,
  jobId: string,
  failure: { owner: string; reason: string; delayMs: number; permanent: boolean; counts: boolean },
): "retry" | "dead" | "lost" {
  const now = Date.now();
  const row = writer.get<{ attempts: number; max_attempts: number }>(
    "SELECT attempts, max_attempts FROM jobs WHERE id = ? AND state = 'running' AND lease_owner = ?",
    jobId,
    failure.owner,
  );
  if (row === undefined) return "lost";
  const attempts = row.attempts + (failure.counts ? 1 : 0);
  const dead = failure.permanent || attempts >= row.max_attempts;
  writer.run(
    `UPDATE jobs SET state = ?, attempts = ?, run_at = ?, last_error = ?, lease_until = NULL, lease_owner = NULL,
       updated_at = ? WHERE id = ?`,
    dead ? "dead" : "ready",
    attempts,
    now + failure.delayMs,
    failure.reason.slice(0, 2000),
    now,
    jobId,
  );
  return dead ? "dead" : "retry";
}

/** Frees jobs that an earlier process held, or whose lease ran out. @returns those that are given up. */
export function recoverJobs(writer: Writer, tenantId: string, owner: string): Job[] {
  const now = Date.now();
  const lost = "state = 'running' AND (lease_owner <> ? OR lease_until < ?)";
  const hopeless = writer.all<JobRow>(
    `SELECT id, type, ordering_key, payload, attempts FROM jobs WHERE ${lost} AND interruptions >= ${maxInterruptions}`,
    owner,
    now,
  );
  writer.run(
    `UPDATE jobs SET state = CASE WHEN interruptions >= ${maxInterruptions} THEN 'dead' ELSE 'ready' END,
       interruptions = interruptions + 1, lease_until = NULL, lease_owner = NULL, updated_at = ?,
       last_error = 'the server ended while this job ran'
     WHERE ${lost}`,
    now,
    owner,
    now,
  );
  return hopeless.map((row) => toJob(tenantId, row));
}

export function hasExpiredLease(reader: Reader): boolean {
  return (
    reader.get("SELECT 1 FROM jobs WHERE state = 'running' AND lease_until < ? LIMIT 1", Date.now()) !==
    undefined
  );
}

/** Types of the jobs that are due, whether or not their turn has come. */
export function readyTypes(reader: Reader, now: number): Set<string> {
  const rows = reader.all<{ type: string }>(
    "SELECT DISTINCT type FROM jobs WHERE state = 'ready' AND run_at <= ?",
    now,
  );
  return new Set(rows.map((row) => row.type));
}

/** Whether a job is due, when the next one after `now` will be (null: none waits), and how many are running. */
export function nextDue(reader: Reader, now: number): { due: boolean; next: number | null; running: number } {
  const row = reader.get<{ due: number; next: number | null; running: number }>(
    `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'ready' AND run_at <= ?) AS due,
            (SELECT min(run_at) FROM jobs WHERE state = 'ready' AND run_at > ?) AS next,
            (SELECT count(*) FROM jobs WHERE state = 'running') AS running`,
    now,
    now,
  );
  return { due: row?.due === 1, next: row?.next ?? null, running: row?.running ?? 0 };
}

export interface JobSummary {
  readonly id: string;
  readonly type: string;
  readonly state: "ready" | "running" | "dead";
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly runAt: number;
  readonly lastError: string | null;
  readonly createdAt: number;
}

/** Jobs of a state, oldest first, after the id `after`. */
export function listJobs(
  reader: Reader,
  state: JobSummary["state"],
  after: string,
  limit: number,
): JobSummary[] {
  return reader
    .all<{ [key: string]: string | number | null }>(
      `SELECT id, type, state, attempts, max_attempts, run_at, last_error, created_at FROM jobs
       WHERE state = ? AND id > ? ORDER BY id LIMIT ?`,
      state,
      after,
      limit,
    )
    .map((row) => ({
      id: String(row.id),
      type: String(row.type),
      state,
      attempts: Number(row.attempts),
      maxAttempts: Number(row.max_attempts),
      runAt: Number(row.run_at),
      lastError: row.last_error === null ? null : String(row.last_error),
      createdAt: Number(row.created_at),
    }));
}

/** Makes a dead job ready again, with all its tries. @returns false when there is no such dead job. */
export function replayJob(writer: Writer, id: string): boolean {
  const now = Date.now();
  return (
    writer.run(
      "UPDATE jobs SET state = 'ready', attempts = 0, interruptions = 0, run_at = ?, updated_at = ? WHERE id = ? AND state = 'dead'",
      now,
      now,
      id,
    ).changes > 0
  );
}

export function discardJob(writer: Writer, id: string): boolean {
  return writer.run("DELETE FROM jobs WHERE id = ? AND state = 'dead'", id).changes > 0;
}

export function countJobs(reader: Reader): { ready: number; running: number; dead: number } {
  const counts = { ready: 0, running: 0, dead: 0 };
  for (const row of reader.all<{ state: keyof typeof counts; n: number }>(
    "SELECT state, count(*) AS n FROM jobs GROUP BY state",
  ))
    counts[row.state] = row.n;
  return counts;
}

/** Whether one of these types waits or runs, and what the last of them that was given up failed with. */
export function jobsOfTypes(
  reader: Reader,
  types: readonly string[],
): { alive: boolean; lastError: string | null } {
  const row = reader.get<{ alive: number; error: string | null }>(
    `SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('ready', 'running') AND type IN (SELECT value FROM json_each(?))) AS alive,
            (SELECT last_error FROM jobs WHERE state = 'dead' AND type IN (SELECT value FROM json_each(?))
             ORDER BY id DESC LIMIT 1) AS error`,
    JSON.stringify(types),
    JSON.stringify(types),
  );
  return { alive: row?.alive === 1, lastError: row?.error ?? null };
}
