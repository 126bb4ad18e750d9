import { describe, expect, test } from "bun:test";
import { clockTime, duration, exactTime, fileSize, relativeTime } from "./time.ts";

const now = new Date("2026-03-12T12:00:00Z");

describe("times", () => {
  test.each([
    ["2026-03-12T11:59:31Z", "just now"],
    ["2026-03-12T12:00:20Z", "just now"],
    ["2026-03-12T11:59:00Z", "1 min ago"],
    ["2026-03-12T11:00:01Z", "59 min ago"],
    ["2026-03-12T11:00:00Z", "1 h ago"],
    ["2026-03-11T12:00:01Z", "23 h ago"],
    ["2026-03-10T12:00:00Z", "10 Mar"],
    ["2024-11-02T12:00:00Z", "2 Nov 2024"],
    ["not a time", ""],
  ])("%s is %p", (iso, words) => {
    expect(relativeTime(iso, now, "en-GB")).toBe(words);
  });

  test("that cannot be read are left out instead of shown as 'Invalid Date'", () => {
    expect(exactTime("x")).toBe("");
    expect(clockTime("x")).toBe("");
  });
});

test.each([
  [0.44, "0.4 ms"],
  [9.96, "10 ms"],
  [12.4, "12 ms"],
  [1_240, "1.2 s"],
  [65_000, "1 min 5 s"],
])("%p ms is %p", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [812, "812 B"],
  [14_200, "14 KB"],
  [3_240_000, "3.2 MB"],
  [50_000_000, "50 MB"],
])("%p bytes are %p", (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});
