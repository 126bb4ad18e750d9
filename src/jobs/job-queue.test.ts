import { expect, spyOn, test } from "bun:test";
import type { TestStores } from "../testing/stores.ts";
import { openTestStores } from "../testing/stores.ts";
import { DueHints } from "./due-hints.ts";
import { backoffMs, type JobContext, type JobHandler, PermanentFailure } from "./job.ts";
import { JobQueue } from "./job-queue.ts";
import { countJobs, replayJob } from "./job-table.ts";

function handler(run: (context: JobContext) => Promise<void>, change: Partial<JobHandler> = {}): JobHandler {
  return { type: "work", concurrency: 8, perTenant: 8, maxAttempts: 3, timeoutMs: 10_000, run, ...change };
}

function newQueue(stores: TestStores, ...handlers: JobHandler[]): JobQueue {
  const queue = new JobQueue({ store: stores.store, hints: new DueHints(stores.control), log: stores.log });
  for (const item of handlers) queue.register(item);
  return queue;
}

const enqueue = (queue: JobQueue, tenant: string, n: number, orderingKey = "k", runAt?: number) =>
  queue.transact(tenant, (writer) =>
    writer.enqueue({ type: "work", orderingKey, payload: { n }, ...(runAt === undefined ? {} : { runAt }) }),
  );

/** Work that takes so long; `counts` says how much of it is done, and how much ran at once at most. */
function countingRun(ms: number) {
  const counts = { running: 0, most: 0, done: 0 };
  const run = async () => {
    counts.running += 1;
    counts.most = Math.max(counts.most, counts.running);
    await Bun.sleep(ms);
    counts.running -= 1;
    counts.done += 1;
  };
  return { counts, run };
}

async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 8_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("it did not happen in time");
    await Bun.sleep(5);
  }
}

test("jobs of one key run one at a time in the order in which they were enqueued", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const order: number[] = [];
  let running = 0;
  let most = 0;
  await using queue = newQueue(
    stores,
    handler(async ({ job }) => {
      most = Math.max(most, ++running);
      await Bun.sleep(2);
      order.push(Number(job.payload.n));
      running -= 1;
    }),
  );
  for (let n = 0; n < 10; n += 1) await enqueue(queue, tenant, n);
  queue.start();
  await until(() => order.length === 10);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(1);
});

test("jobs of different keys run beside each other, up to the limits", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const { counts, run } = countingRun(20);
  await using queue = newQueue(stores, handler(run, { perTenant: 3 }));
  for (let n = 0; n < 9; n += 1) await enqueue(queue, tenant, n, `k${n}`);
  queue.start();
  await until(() => counts.done === 9);
  expect(counts.most).toBe(3);
});

test("a tenant with one job does not wait behind a tenant with many", async () => {
  await using stores = await openTestStores();
  const [busy, small] = [stores.newTenant(), stores.newTenant()];
  const order: string[] = [];
  const run = async ({ job }: JobContext) => {
    await Bun.sleep(3);
    order.push(job.tenantId);
  };
  await using queue = newQueue(stores, handler(run, { concurrency: 2, perTenant: 2 }));
  for (let n = 0; n < 30; n += 1) await enqueue(queue, busy, n, `k${n}`);
  await enqueue(queue, small, 0);
  queue.start();
  await until(() => order.length === 31);
  expect(order.indexOf(small)).toBeLessThan(4);
});

test("a job that fails is tried again later, and given up after its last try with a visible end", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const tries: number[] = [];
  const ends: string[] = [];
  const run = async () => {
    tries.push(Date.now());
    throw new Error("not today");
  };
  await using queue = newQueue(
    stores,
    handler(run, {
      maxAttempts: 2,
      onDead: (_writer, job, reason) => void ends.push(`${job.payload.n} ${reason}`),
    }),
  );
  await enqueue(queue, tenant, 5);
  queue.start();
  await until(() => ends.length === 1);
  expect(tries).toHaveLength(2);
  expect((tries[1] ?? 0) - (tries[0] ?? 0)).toBeGreaterThanOrEqual(499);
  expect(ends[0]).toBe("5 Error: not today");
  expect(await stores.store.read(tenant, countJobs)).toEqual({ ready: 0, running: 0, dead: 1 });
});

test("a permanent failure is not tried again, does not hold up the jobs behind it, and can be replayed", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const ran: number[] = [];
  let broken = true;
  const run = async ({ job }: JobContext) => {
    ran.push(Number(job.payload.n));
    if (job.payload.n === 1 && broken) throw new PermanentFailure("never");
  };
  await using queue = newQueue(stores, handler(run));
  const id = await enqueue(queue, tenant, 1);
  await enqueue(queue, tenant, 2);
  queue.start();
  await until(() => ran.length === 2);
  expect(ran).toEqual([1, 2]);
  broken = false;
  await queue.transact(tenant, (writer) => replayJob(writer, id));
  await until(() => ran.length === 3);
  await until(async () => (await stores.store.read(tenant, countJobs)).dead === 0);
});

test("what was running when the process ended runs again in the next", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const first = newQueue(
    stores,
    handler(() => new Promise(() => undefined)),
  );
  await enqueue(first, tenant, 1);
  first.start();
  await until(async () => (await stores.store.read(tenant, countJobs)).running === 1);
  // The first process is never told: its lease stays behind.
  const ran: number[] = [];
  await using second = newQueue(
    stores,
    handler(async ({ job }) => void ran.push(Number(job.payload.n))),
  );
  second.start();
  await until(() => ran.length === 1);
  await first.stop(0);
});

test("the end of a job is part of the transaction that its handler makes", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  let tries = 0;
  const run = async ({ finish }: JobContext) => {
    tries += 1;
    await stores.store.transact(tenant, (writer) => {
      finish(writer);
      writer.run(
        "INSERT INTO events (id, type, data, created_at) VALUES (?, 'done', '{}', 1)",
        `try ${tries}`,
      );
      if (tries === 1) throw new Error("after finish");
    });
  };
  await using queue = newQueue(stores, handler(run));
  await enqueue(queue, tenant, 1);
  queue.start();
  await until(async () => {
    const { ready, running } = await stores.store.read(tenant, countJobs);
    return ready + running === 0;
  });
  expect(await stores.store.read(tenant, (reader) => reader.all("SELECT id FROM events"))).toEqual([
    { id: "try 2" },
  ]);
});

test("a job is not run before its time", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const ran: number[] = [];
  await using queue = newQueue(
    stores,
    handler(async () => void ran.push(Date.now())),
  );
  const due = Date.now() + 150;
  await enqueue(queue, tenant, 1, "k", due);
  queue.start();
  await until(() => ran.length === 1);
  expect(ran[0]).toBeGreaterThanOrEqual(due);
});

test("the due-time hint stands before the job and goes when nothing is left", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const hint = () =>
    stores.control.read((reader) =>
      reader.get<{ at: number | null }>("SELECT jobs_due_at AS at FROM tenants WHERE id = ?", tenant),
    )?.at ?? null;
  await using queue = newQueue(
    stores,
    handler(async () => undefined),
  );
  let before: number | null = null;
  await queue.transact(tenant, (writer) => {
    before = hint();
    writer.enqueue({ type: "work", orderingKey: "k", payload: {} });
  });
  expect(before).not.toBeNull();
  queue.start();
  await until(() => hint() === null);
});

test("tenants without a hint are not opened", async () => {
  await using stores = await openTestStores();
  for (let n = 0; n < 5; n += 1) stores.newTenant();
  await using again = await stores.reopen();
  await using queue = newQueue(
    again,
    handler(async () => undefined),
  );
  queue.start();
  await Bun.sleep(100);
  expect(again.store.opened).toBe(0);
});

test("a stopping queue aborts what runs and leaves it ready", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  let aborted = false;
  const run = ({ signal }: JobContext) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        aborted = true;
        reject(signal.reason);
      });
    });
  const queue = newQueue(stores, handler(run));
  await enqueue(queue, tenant, 1);
  queue.start();
  await until(() => queue.runningJobs === 1);
  await queue.stop(10);
  expect(aborted).toBe(true);
  expect(await stores.store.read(tenant, countJobs)).toEqual({ ready: 1, running: 0, dead: 0 });
});

test("a job that waits behind one that is tried again runs after it", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const ran: number[] = [];
  let failures = 1;
  const run = async ({ job }: JobContext) => {
    if (job.payload.n === 1 && failures-- > 0) throw new Error("not now");
    ran.push(Number(job.payload.n));
  };
  await using queue = newQueue(stores, handler(run));
  queue.start();
  await enqueue(queue, tenant, 1);
  await enqueue(queue, tenant, 2);
  await until(() => ran.length === 2);
  expect(ran).toEqual([1, 2]);
});

test("a job that falls due while another runs does not wait for that one's end", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const ran: number[] = [];
  const long = Promise.withResolvers<void>();
  const run = async ({ job }: JobContext) => {
    if (job.payload.n === 1) await long.promise;
    ran.push(Number(job.payload.n));
  };
  await using queue = newQueue(stores, handler(run));
  queue.start();
  await enqueue(queue, tenant, 1, "long");
  await until(() => queue.runningJobs === 1);
  await enqueue(queue, tenant, 2, "short", Date.now() + 100);
  await until(() => ran.length === 1);
  expect(ran).toEqual([2]);
  long.resolve();
  await until(() => ran.length === 2);
});

test("the limit over all tenants holds, however many of them begin at once", async () => {
  await using stores = await openTestStores();
  const tenants = Array.from({ length: 20 }, () => stores.newTenant());
  const { counts, run } = countingRun(2);
  await using queue = newQueue(stores, handler(run, { concurrency: 2 }));
  for (const tenant of tenants) for (const n of [1, 2]) await enqueue(queue, tenant, n, `k${n}`);
  queue.start();
  await until(() => counts.done === 40);
  expect(counts.most).toBe(2);
});

test("a place that falls free while a tenant is being looked at is not missed", async () => {
  await using stores = await openTestStores();
  const [first, second] = [stores.newTenant(), stores.newTenant()];
  const ran: string[] = [];
  const long = Promise.withResolvers<void>();
  const run = async ({ job }: JobContext) => {
    if (job.tenantId === first) await long.promise;
    ran.push(job.tenantId);
  };
  const other = handler(async () => undefined, { type: "other" });
  await using queue = newQueue(stores, handler(run, { concurrency: 1 }), other);
  queue.start();
  await enqueue(queue, first, 1);
  await until(() => queue.runningJobs === 1);
  // The look at the second tenant finds its first job held up, and then waits for the tenant's write turn.
  const turn = Promise.withResolvers<void>();
  const held = stores.store.exclusive(second, () => turn.promise);
  const enqueued = queue.transact(second, (writer) => {
    writer.enqueue({ type: "work", orderingKey: "k", payload: { n: 2 } });
    writer.enqueue({ type: "other", orderingKey: "o", payload: {} });
  });
  turn.resolve();
  await Promise.all([held, enqueued]);
  const again = Promise.withResolvers<void>();
  const heldAgain = stores.store.exclusive(second, () => again.promise);
  await Bun.sleep(30);
  long.resolve();
  await until(() => ran.length === 1);
  again.resolve();
  await heldAgain;
  await until(() => ran.length === 2, 5_000);
  expect(ran).toEqual([first, second]);
});

test("a job far ahead costs no looking, not even after the sweep", async () => {
  await using stores = await openTestStores();
  const [tenant, other] = [stores.newTenant(), stores.newTenant()];
  await using queue = newQueue(
    stores,
    handler(async () => undefined),
  );
  queue.start();
  await enqueue(queue, tenant, 1, "k", Date.now() + 60_000);
  await Bun.sleep(100);
  using looks = spyOn(DueHints.prototype, "dueBy");
  const now = Date.now;
  // The clock goes on by more than a sweep.
  using clock = spyOn(Date, "now").mockImplementation(() => now() + 25_000);
  queue.wake(other);
  await Bun.sleep(300);
  expect(clock).toHaveBeenCalled();
  expect(looks.mock.calls.length).toBeLessThan(10);
});

test("a tenant that is held back by the limit over all is served when others end", async () => {
  await using stores = await openTestStores();
  const [first, second] = [stores.newTenant(), stores.newTenant()];
  const ran: string[] = [];
  const long = Promise.withResolvers<void>();
  const run = async ({ job }: JobContext) => {
    if (job.tenantId === first) await long.promise;
    ran.push(job.tenantId);
  };
  await using queue = newQueue(stores, handler(run, { concurrency: 1 }));
  queue.start();
  await enqueue(queue, first, 1);
  await until(() => queue.runningJobs === 1);
  await enqueue(queue, second, 2);
  await Bun.sleep(50);
  expect(ran).toEqual([]);
  long.resolve();
  await until(() => ran.length === 2);
  expect(ran).toEqual([first, second]);
});

test("work of one tenant costs no look at others that have none, however lately they worked", async () => {
  await using stores = await openTestStores();
  const tenants = Array.from({ length: 20 }, () => stores.newTenant());
  let done = 0;
  await using queue = newQueue(
    stores,
    handler(async () => {
      done += 1;
    }),
  );
  queue.start();
  for (const tenant of tenants) await enqueue(queue, tenant, 1);
  await until(() => done === tenants.length && queue.runningJobs === 0);
  await Bun.sleep(100);
  using reads = spyOn(stores.store, "read");
  await enqueue(queue, tenants[7] ?? "", 2);
  await until(() => done === tenants.length + 1 && queue.runningJobs === 0);
  await Bun.sleep(100);
  expect(new Set(reads.mock.calls.map(([tenant]) => tenant))).toEqual(new Set([tenants[7] ?? ""]));
});

test("waiting times double up to ten minutes and vary", () => {
  for (let attempts = 1; attempts < 30; attempts += 1) {
    const ceiling = Math.min(600_000, 1000 * 2 ** (attempts - 1));
    const wait = backoffMs(attempts);
    expect(wait).toBeGreaterThanOrEqual(ceiling / 2);
    expect(wait).toBeLessThanOrEqual(ceiling);
  }
});

test("a job that waits for a later time runs at once when its type is hastened, others go on waiting", async () => {
  await using stores = await openTestStores();
  const tenant = stores.newTenant();
  const order: string[] = [];
  const run = async ({ job }: JobContext) => void order.push(job.type);
  await using queue = newQueue(stores, handler(run), handler(run, { type: "other" }));
  queue.start();
  const later = Date.now() + 3_600_000;
  await enqueue(queue, tenant, 1, "a", later);
  await queue.transact(tenant, (writer) =>
    writer.enqueue({ type: "other", orderingKey: "b", payload: {}, runAt: later }),
  );
  await queue.transact(tenant, (writer) => writer.hasten(["work"]));
  await until(() => order.length > 0);
  await until(async () => (await stores.store.read(tenant, countJobs)).ready === 1);
  expect(order).toEqual(["work"]);
});
