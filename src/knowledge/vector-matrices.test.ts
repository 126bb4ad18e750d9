import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, openDatabase } from "../db/database.ts";
import { tenantMigrations } from "../db/migrations.ts";
import { Connection } from "../db/transaction.ts";
import { prepareSqlite } from "../native/sqlite.ts";
import { until } from "../testing/until.ts";
import {
  activeIndex,
  createIndex,
  dropIndex,
  type EmbeddingIndex,
  insertVector,
  readVectors,
  removeVectors,
  vectorTable,
} from "./embedding-index.ts";
import { VectorMatrices } from "./vector-matrices.ts";

const folder = mkdtempSync(join(tmpdir(), "metachat-vectors-"));
const natives = await prepareSqlite(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dims = 32;
let state = 5;
const random = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return state / 0x8000_0000 - 0.5;
};
const vectorOf = () => Float32Array.from({ length: dims }, random);

let count = 0;
let writer: Connection;
let reader: Connection;
let index: EmbeddingIndex;

beforeEach(() => {
  count += 1;
  const path = join(folder, `${count}.db`);
  const handle = openDatabase(natives, path, { durability: "normal", vectors: true });
  migrate(handle, tenantMigrations);
  writer = new Connection(handle);
  reader = new Connection(
    openDatabase(natives, path, { durability: "normal", vectors: true, readonly: true }),
  );
  index = writer.transact((tx) => createIndex(tx, "test-model", dims, "active"));
});

function add(keys: readonly number[]): void {
  writer.transact((tx) => {
    for (const key of keys) insertVector(tx, index, key, vectorOf());
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

/** What vec0 itself finds. */
function byVec0(question: Float32Array, limit: number): number[] {
  return reader.reader
    .all<{ rowid: number }>(
      `SELECT rowid FROM ${vectorTable(index)} WHERE embedding MATCH ? AND k = ?`,
      new Uint8Array(question.buffer),
      limit,
    )
    .map((row) => row.rowid);
}

function expectSame(matrices: VectorMatrices, size: number): void {
  const matrix = matrices.of(reader, index, size);
  expect(matrix?.size).toBe(size);
  for (let round = 0; round < 3; round += 1) {
    const question = vectorOf();
    expect(matrix?.nearest(question, 10).map((item) => item.key)).toEqual(byVec0(question, 10));
  }
}

test("vectors read from vec0's own tables are those that vec0 gives, removed ones left out", () => {
  add(range(1, 2_600));
  writer.transact((tx) => removeVectors(tx, [1, 2, 1_024, 1_025, 2_599]));
  add([5_000, 1_024]);
  const rows = reader.reader.all<{ rowid: number; embedding: Uint8Array }>(
    `SELECT rowid, embedding FROM ${vectorTable(index)} ORDER BY rowid`,
  );
  const all = [...readVectors(reader.reader, index, null)].map(({ key, vector }) => ({
    key,
    vector: [...vector],
  }));
  all.sort((a, b) => a.key - b.key);
  expect(all).toEqual(
    rows.map((row) => ({
      key: row.rowid,
      vector: [...new Float32Array(row.embedding.slice().buffer)],
    })),
  );
  expect(all).toHaveLength(2_596);
});

test("what was added, removed and put back since is found as it is now", () => {
  const matrices = new VectorMatrices();
  add(range(1, 1_500));
  expectSame(matrices, 1_499);
  const first = matrices.of(reader, index, 1_499);
  writer.transact((tx) => removeVectors(tx, range(1, 50)));
  expectSame(matrices, 1_450);
  add(range(1, 11));
  expectSame(matrices, 1_460);
  // Brought up to date, not read anew.
  expect(matrices.of(reader, index, 1_460)).toBe(first);
});

test("whoever is too far behind reads all of them again", () => {
  const matrices = new VectorMatrices();
  add(range(1, 100));
  const before = matrices.of(reader, index, 99);
  add(range(200, 300));
  writer.transact((tx) => removeVectors(tx, [5]));
  writer.transact((tx) =>
    tx.run("DELETE FROM vector_changes WHERE seq < (SELECT max(seq) FROM vector_changes)"),
  );
  expectSame(matrices, 198);
  expect(matrices.of(reader, index, 198)).not.toBe(before);
});

test("the record of changes does not grow without end", () => {
  writer.transact((tx) => {
    for (let round = 0; round < 12; round += 1) {
      for (const key of range(1, 1_000)) insertVector(tx, index, key, vectorOf());
      removeVectors(tx, range(1, 1_000));
    }
  });
  expect(writer.reader.get<{ n: number }>("SELECT count(*) AS n FROM vector_changes")?.n).toBe(20_000);
});

test("an index that took another's place is read anew", () => {
  const matrices = new VectorMatrices();
  add(range(1, 20));
  expectSame(matrices, 19);
  index = writer.transact((tx) => {
    dropIndex(tx, activeIndex(tx) ?? index);
    return createIndex(tx, "other-model", dims, "active");
  });
  add(range(1, 5));
  expectSame(matrices, 4);
});

test("vectors of more dimensions than the scan takes are left to vec0", () => {
  const wide = writer.transact((tx) => createIndex(tx, "wide-model", 4_096, "building"));
  expect(new VectorMatrices().of(reader, wide, 1)).toBeNull();
});

test("more than memory is meant for is not kept, and the longest unused is let go for another", () => {
  add(range(1, 1_000));
  expect(new VectorMatrices(10_000).of(reader, index, 999)).toBeNull();
  const matrices = new VectorMatrices(300_000);
  const first = matrices.of(reader, index, 999);
  expect(matrices.of(reader, index, 999)).toBe(first);
  matrices.of(writer, index, 999);
  expect(matrices.of(reader, index, 999)).not.toBe(first);
});

test("many vectors are read bit by bit while vec0 answers, and changes meanwhile are not lost", async () => {
  const matrices = new VectorMatrices();
  const many = 12_000;
  add(range(1, many + 1));
  expect(matrices.of(reader, index, many)).toBeNull();
  await Bun.sleep(0);
  writer.transact((tx) => removeVectors(tx, [1, 2, 11_999]));
  add([20_000]);
  await until(() => matrices.of(reader, index, many) !== null, "all vectors to be read");
  expectSame(matrices, many - 2);
});

test("reading bit by bit ends when the index is dropped or the connection closed", async () => {
  const matrices = new VectorMatrices();
  add(range(1, 12_001));
  expect(matrices.of(reader, index, 12_000)).toBeNull();
  writer.transact((tx) => dropIndex(tx, index));
  await Bun.sleep(20);
  index = writer.transact((tx) => createIndex(tx, "other-model", dims, "active"));
  add(range(1, 30));
  expectSame(matrices, 29);
  matrices.forget(reader);
  reader.close();
  await Bun.sleep(20);
});
