import { expect, test } from "bun:test";
import { allSettled, setupSteps } from "./steps.ts";

const nothing = { documents: 0, instructions: " ", conversations: 0, allowedOrigins: 0 };

test("nothing is done in a new business", () => {
  expect(setupSteps(nothing, []).some((step) => step.done)).toBe(false);
});

test("each step is done by what it asks for", () => {
  const facts = { documents: 2, instructions: "Be brief.", conversations: 1, allowedOrigins: 1 };
  expect(setupSteps(facts, []).every((step) => step.done)).toBe(true);
  expect(setupSteps({ ...nothing, documents: 1 }, []).map((step) => step.done)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("a skipped step is settled, and no longer called skipped once it is done", () => {
  const skipped = ["documents", "instructions", "try", "site"];
  expect(allSettled(setupSteps(nothing, skipped))).toBe(true);
  expect(allSettled(setupSteps(nothing, ["documents"]))).toBe(false);
  expect(setupSteps({ ...nothing, documents: 1 }, skipped)[0]).toEqual({
    id: "documents",
    done: true,
    skipped: false,
  });
});
