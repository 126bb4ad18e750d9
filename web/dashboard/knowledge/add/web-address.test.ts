import { expect, test } from "bun:test";
import { linesOf } from "./lines.ts";
import { webAddress } from "./web-address.ts";

test.each([
  ["shop.example", "https://shop.example/"],
  ["  http://shop.example/faq?x=1 ", "http://shop.example/faq?x=1"],
  ["HTTPS://Shop.Example/FAQ", "https://shop.example/FAQ"],
  ["bücher.example", "https://xn--bcher-kva.example/"],
  ["", undefined],
  ["shop", undefined],
  ["two words.example", undefined],
  ["ftp://shop.example", undefined],
  ["javascript:alert(1)", undefined],
  ["file:///etc/passwd", undefined],
])("%p is taken as %p", (typed, address) => {
  expect(webAddress(typed)).toBe(address);
});

test("the lines of a text area come without empty ones, and each once", () => {
  expect(linesOf(" a \r\n\n b\na\n  ")).toEqual(["a", "b"]);
  expect(linesOf("  \n ")).toEqual([]);
});
