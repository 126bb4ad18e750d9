import { expect, test } from "bun:test";
import { hasEdits, realEdits } from "./edits.ts";

interface Saved {
  readonly name: string;
  readonly threshold: number | null;
  readonly origins: readonly string[];
}
const saved: Saved = { name: "Mira", threshold: null, origins: ["https://a.example"] };

test("an edit that was undone by hand is no edit", () => {
  expect(realEdits(saved, { name: "Mira" })).toEqual({});
  expect(realEdits(saved, { origins: ["https://a.example"] })).toEqual({});
  expect(hasEdits(realEdits(saved, { name: "Mira", threshold: null }))).toBe(false);
});

test("only what differs is left, also null and empty values", () => {
  expect(realEdits(saved, { name: "", threshold: 0.4, origins: [] })).toEqual({
    name: "",
    threshold: 0.4,
    origins: [],
  });
  expect(realEdits<Saved>({ ...saved, threshold: 0.4 }, { threshold: null })).toEqual({ threshold: null });
});
