import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { prepareSqlite } from "../native/sqlite.ts";
import * as controlSchema from "./control-schema.ts";
import { migrate, openDatabase, schemaVersion } from "./database.ts";
import { controlMigrations, type Migration, tenantMigrations } from "./migrations.ts";
import * as tenantSchema from "./tenant-schema.ts";
import { Connection } from "./transaction.ts";

const folder = mkdtempSync(join(tmpdir(), "metachat-db-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const natives = await prepareSqlite(folder);
const open = (name: string) =>
  openDatabase(natives, join(folder, name), { durability: "full", vectors: true });

const kinds: readonly (readonly [string, readonly Migration[], Readonly<Record<string, unknown>>])[] = [
  ["control", controlMigrations, controlSchema],
  ["tenant", tenantMigrations, tenantSchema],
];

for (const [kind, migrations, schema] of kinds) {
  test(`${kind}: a database made by each earlier migration is brought up to date and equals a new one`, () => {
    const fresh = open(`${kind}-fresh.db`);
    migrate(fresh, migrations);
    const wanted = fresh.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all();
    for (const { number } of migrations) {
      const old = open(`${kind}-${number}.db`);
      migrate(old, migrations.slice(0, number));
      expect(schemaVersion(old)).toBe(number);
      migrate(old, migrations);
      expect(old.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY name").all()).toEqual(wanted);
      expect(migrate(old, migrations)).toBe(0);
      old.close();
    }
    fresh.close();
  });

  test(`${kind}: Drizzle's tables have the columns that the migrations make`, () => {
    const handle = open(`${kind}-drift.db`);
    migrate(handle, migrations);
    for (const table of Object.values(schema) as SQLiteTable[]) {
      const { name, columns } = getTableConfig(table);
      const real = handle
        .prepare(`SELECT name, "notnull" AS required, pk FROM pragma_table_info('${name}')`)
        .all() as { name: string; required: number; pk: number }[];
      const described = columns.map((column) => [column.name, column.notNull || column.primary]).sort();
      expect([name, described]).toEqual([
        name,
        real.map((column) => [column.name, column.required === 1 || column.pk > 0]).sort(),
      ]);
    }
    handle.close();
  });

  test(`${kind}: every table is STRICT and every foreign key is enforced`, () => {
    const handle = open(`${kind}-strict.db`);
    migrate(handle, migrations);
    const loose = handle
      .prepare(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    expect(loose).toEqual([]);
    expect(handle.pragma("foreign_keys", { simple: true })).toBe(1);
    handle.close();
  });
}

test("a database of a newer release is refused, and left as it is", () => {
  const handle = open("newer.db");
  handle.pragma("user_version = 99");
  expect(() => migrate(handle, tenantMigrations)).toThrow("newer MetaChat");
  expect(schemaVersion(handle)).toBe(99);
  handle.close();
});

test("a migration that fails leaves nothing of itself", () => {
  const handle = open("failing.db");
  expect(() =>
    migrate(handle, [{ number: 1, name: "broken", sql: "CREATE TABLE a (x) STRICT; SELECT nonsense;" }]),
  ).toThrow("migration 1 (broken) failed");
  expect(schemaVersion(handle)).toBe(0);
  expect(handle.prepare("SELECT count(*) AS n FROM sqlite_schema").get()).toEqual({ n: 0 });
  handle.close();
});

test("a reader refuses a statement that writes", () => {
  const handle = open("reader.db");
  migrate(handle, tenantMigrations);
  const { reader } = new Connection(handle);
  expect(() => reader.all("DELETE FROM jobs")).toThrow("writes");
  handle.close();
});

test("the file can be read by its owner alone", () => {
  open("mode.db").close();
  expect(statSync(join(folder, "mode.db")).mode & 0o777).toBe(0o600);
});
