import { expect, test } from "bun:test";
import { findQuote } from "./quote.ts";

test("finds a sentence and keeps what is around it", () => {
  expect(findQuote("We open at 9. We close at 18.", "We close at 18.")).toEqual({
    before: "We open at 9. ",
    quote: "We close at 18.",
    after: "",
  });
});

test("finds a sentence that is broken over two lines", () => {
  expect(findQuote("Returns are\n  free for 30 days.", "Returns are free for 30 days.")?.quote).toBe(
    "Returns are\n  free for 30 days.",
  );
});

test("takes marks that mean something in a pattern as they are", () => {
  expect(findQuote("It costs $5 (or 5 €).", "$5 (or 5 €).")?.before).toBe("It costs ");
});

test("says so when the sentence is not there", () => {
  expect(findQuote("one", "two")).toBeUndefined();
  expect(findQuote("one", "  ")).toBeUndefined();
});
