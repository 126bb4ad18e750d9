import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import type { Writer } from "../db/transaction.ts";
import { AppError } from "../errors.ts";
import { openTestStores } from "../testing/stores.ts";

const add = (id: string) => (writer: Writer) =>
  writer.run("INSERT INTO events (id, type, data, created_at) VALUES (?, 'x', '{}', 1)", id);
const count = "SELECT count(*) AS n FROM events";

test("writers that wait together are all stored, and one that fails takes only itself back", async () => {
  await using stores = await openTestStores();
  const id = stores.newTenant();
  const effects: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      stores.store.transact(id, (writer) => {
        add(`event ${index}`)(writer);
        writer.onCommit(() => void effects.push(index));
        if (index === 7) throw new Error("no");
        return index;
      }),
    ),
  );
  expect(results.filter((result) => result.status === "rejected")).toHaveLength(1);
  expect(results[7]?.status).toBe("rejected");
  expect(await stores.store.read(id, (reader) => reader.get(count))).toEqual({ n: 19 });
  expect(effects).toEqual(Array.from({ length: 20 }, (_, index) => index).filter((index) => index !== 7));
});

test("what was acknowledged is there after the database is opened anew", async () => {
  await using stores = await openTestStores();
  const id = stores.newTenant();
  await stores.store.transact(id, add("kept"));
  await using again = await stores.reopen();
  expect(await again.store.read(id, (reader) => reader.get(count))).toEqual({ n: 1 });
});

test("while a worker has the write turn, writers wait, and go on after it", async () => {
  await using stores = await openTestStores();
  const id = stores.newTenant();
  const order: string[] = [];
  const turn = stores.store.exclusive(id, async () => {
    await Bun.sleep(30);
    order.push("worker");
  });
  await Bun.sleep(5);
  const writer = stores.store.transact(id, add("later")).then(() => void order.push("writer"));
  await Promise.all([turn, writer]);
  expect(order).toEqual(["worker", "writer"]);
});

test("a worker that fails gives its turn back", async () => {
  await using stores = await openTestStores();
  const id = stores.newTenant();
  const failed = await stores.store
    .exclusive(id, () => Promise.reject(new Error("died")))
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Error);
  await stores.store.transact(id, add("after"));
  expect(await stores.store.read(id, (reader) => reader.get(count))).toEqual({ n: 1 });
});

test("a damaged tenant is unavailable with a reason, and the others go on", async () => {
  await using stores = await openTestStores();
  const [broken, sound] = [stores.newTenant(), stores.newTenant()];
  stores.store.close(broken);
  writeFileSync(
    stores.store.databasePath(broken),
    "this is not a database, and it is long enough to be read as one".repeat(100),
  );
  const error = await stores.store
    .read(broken, (reader) => reader.get(count))
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code: "tenant_unavailable", status: 503 });
  expect(await stores.store.read(sound, (reader) => reader.get(count))).toEqual({ n: 0 });
});

test("an id that is not one never becomes a path", async () => {
  await using stores = await openTestStores();
  for (const id of ["../control", "", "a/b", "..", "\0"])
    expect(() => stores.store.folder(id)).toThrow("no such tenant");
});

test("no more handles stay open than allowed, and a closed tenant opens again", async () => {
  await using stores = await openTestStores();
  const ids = Array.from({ length: 110 }, () => stores.newTenant());
  await Bun.sleep(60);
  for (const id of ids.slice(0, 20)) await stores.store.transact(id, add("x"));
  ids.push(stores.newTenant());
  expect(stores.store.openHandles).toBeLessThanOrEqual(110);
  expect(await stores.store.read(ids[0] ?? "", (reader) => reader.get(count))).toEqual({ n: 1 });
});
