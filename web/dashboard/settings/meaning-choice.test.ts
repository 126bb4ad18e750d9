import { expect, test } from "bun:test";
import { choiceOf, settingOf } from "./meaning-choice.ts";

test.each([
  [null, "builtin", ""],
  ["ollama:nomic-embed-text:v1.5", "ollama", "nomic-embed-text:v1.5"],
  ["openai:BAAI/bge-m3", "openai", "BAAI/bge-m3"],
  ["all-MiniLM-L6-v2-int8", "folder", "all-MiniLM-L6-v2-int8"],
] as const)("the setting %p is shown as %p %p and saved as it was", (setting, maker, name) => {
  expect(choiceOf(setting)).toEqual({ maker, name });
  expect(settingOf(choiceOf(setting))).toBe(setting);
});

test("blanks around a name are not part of it", () => {
  expect(settingOf({ maker: "ollama", name: " bge-m3 " })).toBe("ollama:bge-m3");
});
