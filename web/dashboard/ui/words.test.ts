import { expect, test } from "bun:test";
import { signalName, signalValue, spelledOut } from "./words.ts";

test("known signals are sentences, unknown ones are spelled out", () => {
  expect(signalName("grounded")).toBe("It rests on the sources");
  expect(signalName("topScore")).toBe("Top score");
  expect(signalName("constructor")).toBe("Constructor");
});

test("flags read yes or no, shares are rounded", () => {
  expect(signalValue("grounded", 1)).toBe("yes");
  expect(signalValue("smallTalk", 0)).toBe("no");
  expect(signalValue("retrieval", 0.81349)).toBe("0.81");
});

test("a program's names become words", () => {
  expect(spelledOut("prompt_tokens")).toBe("Prompt tokens");
  expect(spelledOut("embedMs")).toBe("Embed ms");
});
