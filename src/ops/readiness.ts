/** Readiness by doing: a real round trip through everything that an answer needs. */
import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { heartbeat } from "../db/control-schema.ts";
import { describeError } from "../errors.ts";
import { shippedModels } from "../inference/model-store.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { ControlStore } from "../tenants/control-store.ts";
import type { Thread } from "../worker-pool.ts";

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly durationMs: number;
}

export interface ReadinessOptions {
  readonly dataDir: string;
  readonly control: ControlStore;
  readonly queue: JobQueue;
  readonly searchThread: Thread;
}

const queueSilentMs = 60_000;
const checkTimeoutMs = 3_000;

export async function checkReadiness(options: ReadinessOptions): Promise<ReadinessCheck[]> {
  const { control, queue, dataDir } = options;
  return Promise.all([
    check("database", async () => {
      const at = Date.now();
      control.transact((writer) =>
        writer.db
          .insert(heartbeat)
          .values({ id: 1, at })
          .onConflictDoUpdate({ target: heartbeat.id, set: { at } })
          .run(),
      );
      const row = control.read((reader) => reader.db.select().from(heartbeat).get());
      if (row?.at !== at) throw new Error("what was written was not read back");
      return "written and read back";
    }),
    check("disk", async () => {
      const path = join(dataDir, "tmp", `ready-${randomUUID()}`);
      const text = randomUUID();
      try {
        await writeFile(path, text);
        if ((await readFile(path, "utf8")) !== text)
          throw new Error("a file reads differently than it was written");
      } finally {
        await rm(path, { force: true });
      }
      return "a file was written, read and removed";
    }),
    check("queue", async () => {
      const silent = Date.now() - queue.lastLookAt;
      if (silent > queueSilentMs)
        throw new Error(`the queue has not looked for work for ${Math.round(silent / 1000)} s`);
      return `looked for work ${Math.round(silent / 1000)} s ago, ${queue.runningJobs} jobs run`;
    }),
    check("models", async () => `${(await shippedModels()).length} built-in models`),
  ]);
}

async function check(name: string, run: () => Promise<string>): Promise<ReadinessCheck> {
  const started = performance.now();
  const duration = () => Math.round((performance.now() - started) * 100) / 100;
  try {
    const late = Bun.sleep(checkTimeoutMs).then(() =>
      Promise.reject(new Error(`no answer within ${checkTimeoutMs / 1000} s`)),
    );
    const detail = await Promise.race([run(), late]);
    return { name, ok: true, detail, durationMs: duration() };
  } catch (error) {
    return { name, ok: false, detail: describeError(error), durationMs: duration() };
  }
}
