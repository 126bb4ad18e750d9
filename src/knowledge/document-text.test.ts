import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTextSlice } from "./document-text.ts";

const folder = mkdtempSync(join(tmpdir(), "metachat-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, crypto.randomUUID());
  writeFileSync(path, text);
  return path;
}

test("slices follow each other without a gap and give the whole text, wherever they are cut", async () => {
  const text = "Grüße 🌍🌍 und 你好, \ufeffend.\n".repeat(7);
  const path = file(text);
  for (const length of [2, 3, 7, 50, 10_000]) {
    let joined = "";
    for (let from: number | null = 0; from !== null; ) {
      const slice: Awaited<ReturnType<typeof readTextSlice>> = await readTextSlice(path, from, length);
      if (slice === null) throw new Error("no text");
      expect(slice.from).toBe(from);
      expect(slice.text.isWellFormed()).toBe(true);
      joined += slice.text;
      from = slice.next;
    }
    expect(joined).toBe(text);
  }
});

test("a slice counts in UTF-16 code units and begins one earlier instead of with half a letter", async () => {
  const path = file("ab🌍cd");
  expect(await readTextSlice(path, 0, 2)).toEqual({ from: 0, text: "ab", next: 2 });
  expect(await readTextSlice(path, 3, 2)).toEqual({ from: 2, text: "🌍c", next: 5 });
  expect(await readTextSlice(path, 1, 2)).toEqual({ from: 1, text: "b", next: 2 });
  expect(await readTextSlice(path, 4, 9)).toEqual({ from: 4, text: "cd", next: null });
});

test("behind the end there is nothing, and a text that is not there is null", async () => {
  const path = file("short");
  expect(await readTextSlice(path, 5, 10)).toEqual({ from: 5, text: "", next: null });
  expect(await readTextSlice(path, 99, 10)).toEqual({ from: 99, text: "", next: null });
  expect(await readTextSlice(join(folder, "nowhere"), 0, 10)).toBeNull();
});

test("a slice deep in a long text is found over the borders of the pieces that are read", async () => {
  const text = "0123456789é".repeat(60_000);
  const path = file(text);
  for (const from of [262_140, 262_144, 300_001, text.length - 5])
    expect((await readTextSlice(path, from, 20))?.text).toBe(text.slice(from, from + 20));
});
