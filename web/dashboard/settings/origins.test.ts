import { expect, test } from "bun:test";
import { parseOrigin } from "./origins.ts";

test.each([
  ["shop.example", "https://shop.example"],
  ["  https://shop.example/de/start?x=1  ", "https://shop.example"],
  ["http://shop.example:8080", "http://shop.example:8080"],
  ["HTTPS://Shop.Example", "https://shop.example"],
  ["*.shop.example", "https://*.shop.example"],
  ["https://*.shop.example", "https://*.shop.example"],
  ["http://localhost:5173", "http://localhost:5173"],
  ["192.168.1.20:3000", "https://192.168.1.20:3000"],
])("%p is allowed as %p", (typed, origin) => {
  expect(parseOrigin(typed)).toEqual({ origin });
});

test.each([
  "",
  "shop",
  "*",
  "https://*",
  "https://a.*.example",
  "ftp://shop.example",
  "javascript:alert(1)",
  "not a host",
])("%p is explained instead of allowed", (typed) => {
  expect(parseOrigin(typed)).toHaveProperty("error");
});
