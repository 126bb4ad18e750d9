import { expect, test } from "bun:test";
import { MOST_TAGS, withTag } from "./tags.ts";

test("a tag is added once, without needless spaces", () => {
  expect(withTag(["prices"], "  opening   hours ")).toEqual(["prices", "opening hours"]);
});

test("a tag that is there, in capitals or not, no tag, and one too many change nothing", () => {
  const tags = ["prices"];
  expect(withTag(tags, "Prices")).toBe(tags);
  expect(withTag(tags, "  ")).toBe(tags);
  const full = Array.from({ length: MOST_TAGS }, (_, at) => `t${at}`);
  expect(withTag(full, "another")).toBe(full);
});
