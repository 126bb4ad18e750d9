import { expect, test } from "bun:test";
import { preview } from "./preview.ts";

test("a message in a list is one line without marks", () => {
  const answer = "I found this:\n\n> Delivery costs 4.90. [1]\n>\n> Free above **60** euros. [2]";
  expect(preview(answer)).toBe("I found this: Delivery costs 4.90. Free above 60 euros.");
  expect(preview("5 * 3 > 2 and a_b_c")).toBe("5 * 3 > 2 and a_b_c");
});
