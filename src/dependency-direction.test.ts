/** Imports point one way: entry points → HTTP → domain → stores and models → native. Nothing points back up. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const src = import.meta.dir;

/** Layers from the top down; a folder may import from its own layer and from those below. */
const layers: readonly (readonly string[])[] = [
  ["main.ts", "cli", "testing"],
  ["server.ts"],
  ["http"],
  ["app.ts", "worker.ts"],
  ["live", "answering", "ops"],
  ["channels", "confidence", "conversations", "knowledge", "llm", "auth"],
  ["jobs", "events", "inference", "egress"],
  ["tenants", "worker-pool.ts"],
  ["db", "secrets"],
  ["native"],
  ["config.ts", "errors.ts", "language.ts", "log.ts", "memory.ts", "other-work.ts", "version.ts"],
];

/** Types only, or a reason that is written down here. */
const exceptions: Readonly<Record<string, string>> = {
  "http -> app.ts": "routes take the App; only its type",
  "config.ts -> egress":
    "the settings hold address ranges, checked by the same pure function that enforces them",
  "tenants -> events": "a change of settings is an event, written in the same transaction",
};

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => /\.tsx?$/.test(name) && !/\.(test|fixture)\.tsx?$/.test(name) && !name.endsWith(".d.ts"),
    )
    .map((name) => join(folder, name));
}

function placeOf(path: string): string {
  return relative(src, path).split("/")[0] ?? "";
}

function layerOf(place: string): number {
  return layers.findIndex((layer) => layer.includes(place));
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(/(?:from|import)\s+"(\.[^"]+)"/g)].map((match) =>
    join(dirname(path), match[1] ?? ""),
  );
}

test("every folder has a place in the layers", () => {
  const places = new Set(files(src).map(placeOf));
  expect([...places].filter((place) => layerOf(place) === -1)).toEqual([]);
});

test("no import points back up", () => {
  const wrong: string[] = [];
  for (const path of files(src)) {
    const from = placeOf(path);
    for (const target of importsOf(path)) {
      const to = placeOf(target);
      if (to === ".." || layerOf(to) === -1 || layerOf(to) >= layerOf(from)) continue;
      if (exceptions[`${from} -> ${to}`] === undefined)
        wrong.push(`${relative(src, path)} -> ${relative(src, target)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("product code imports nothing made for tests", () => {
  const wrong = files(src).filter(
    (path) => placeOf(path) !== "testing" && importsOf(path).some((target) => placeOf(target) === "testing"),
  );
  expect(wrong).toEqual([]);
});
