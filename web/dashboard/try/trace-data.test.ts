import { expect, test } from "bun:test";
import { barOf, hitsOf, shownAs } from "./trace-data.ts";

test("a step's bar lies where and as long as it ran", () => {
  expect(barOf({ startMs: 50, durationMs: 25 }, 200)).toEqual({ left: 25, width: 12.5 });
});

test("a bar never leaves its line, whatever the clocks say", () => {
  expect(barOf({ startMs: 190, durationMs: 90 }, 200)).toEqual({ left: 95, width: 5 });
  expect(barOf({ startMs: -4, durationMs: 10 }, 100)).toEqual({ left: 0, width: 10 });
  expect(barOf({ startMs: 1, durationMs: 1 }, 0)).toEqual({ left: 0, width: 0 });
});

test("passages keep the scores that are there", () => {
  const hits = hitsOf({
    hits: [{ title: "Prices", text: "5 €", page: 2, score: 0.7, keywordScore: 3.1, match: "keyword" }],
  });
  expect(hits).toEqual([
    {
      title: "Prices",
      text: "5 €",
      page: 2,
      match: "keyword",
      scores: [
        { name: "fits", value: 0.7 },
        { name: "by words", value: 3.1 },
      ],
    },
  ]);
});

test("data of another shape gives no passages", () => {
  expect(hitsOf({})).toEqual([]);
  expect(hitsOf({ hits: "none" })).toEqual([]);
  expect(hitsOf({ hits: [null, 3, { title: "no text" }] })).toEqual([]);
});

test.each([
  [null, { kind: "nothing" }],
  [[], { kind: "nothing" }],
  [true, { kind: "short", text: "yes" }],
  [0.123456, { kind: "short", text: "0.123" }],
  [["opening", "hours"], { kind: "short", text: "opening, hours" }],
  ["two\nlines", { kind: "long", text: "two\nlines" }],
  [{ totalMs: 3 }, { kind: "group", entries: [["totalMs", 3]] }],
  [[{ role: "user", content: "Hi" }], { kind: "messages", messages: [{ role: "user", content: "Hi" }] }],
  [[{ role: "user" }], { kind: "long", text: JSON.stringify([{ role: "user" }], null, 2) }],
  [{ deep: { er: 1 } }, { kind: "long", text: JSON.stringify({ deep: { er: 1 } }, null, 2) }],
] as const)("%j is shown as %j", (value, shown) => {
  // The table above is constant, so its lists are read-only where the type has writable ones.
  expect(shownAs(value)).toEqual(shown as unknown as ReturnType<typeof shownAs>);
});
