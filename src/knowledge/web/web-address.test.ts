import { describe, expect, test } from "bun:test";
import {
  addressOnSite,
  isSameSite,
  isWanted,
  normaliseAddress,
  pathMatches,
  type Scope,
} from "./web-address.ts";

describe("one page has one address", () => {
  test("whatever is added to it, and however it is written", () => {
    const same = [
      "https://shop.example/lamp?a=1&b=2",
      "HTTPS://Shop.Example:443/lamp?b=2&a=1#prices",
      "https://shop.example./lamp?utm_source=x&a=1&b=2&gclid=y",
      "https://shop.example/x/../lamp;jsessionid=AB12?a=1&&b=2&PHPSESSID=3",
      "  https://shop.example/%6Camp?a=1&b=2 ",
    ];
    expect(new Set(same.map((text) => normaliseAddress(text)))).toEqual(new Set([same[0] ?? ""]));
    expect(normaliseAddress("/caf%c3%a9?", "https://shop.example/de/")).toBe(
      "https://shop.example/caf%C3%A9",
    );
    expect(normaliseAddress("lamp", "https://shop.example/de/index.html")).toBe(
      "https://shop.example/de/lamp",
    );
  });

  test("and what is none is none", () => {
    const none = [
      "javascript:alert(1)",
      "data:text/html,x",
      "mailto:a@b.example",
      "ftp://shop.example/",
      "http://user@shop.example/",
      "http://:pw@shop.example/",
      "http://[::1",
      "lamp",
      `https://shop.example/${"a".repeat(3_000)}`,
    ];
    expect(none.filter((text) => normaliseAddress(text) !== null)).toEqual([]);
  });
});

test("www and https make no other site; a port, a protocol in the other direction of a port, or a name does", () => {
  const isSame = (a: string, b: string) => isSameSite(new URL(a), new URL(b));
  expect(isSame("http://shop.example/", "https://www.shop.example/x")).toBe(true);
  expect(isSame("http://shop.example:8080/", "http://www.shop.example:8080/")).toBe(true);
  expect(isSame("http://shop.example:8080/", "https://shop.example/")).toBe(false);
  expect(isSame("http://shop.example/", "http://blog.shop.example/")).toBe(false);
  expect(isSame("http://shop.example/", "http://shop.example.evil.example/")).toBe(false);
});

describe("patterns", () => {
  const matches: readonly (readonly [pattern: string, path: string, matches: boolean])[] = [
    ["/help/", "/help/a/b", true],
    ["/help/", "/help", false],
    ["/help", "/helpless", true],
    ["*/print/*", "/a/print/b", true],
    ["*/print/*", "/a/print", false],
    ["*.pdf", "/a/prices.pdf", true],
    ["*.pdf", "/a/prices.pdf?x=1", false],
    ["/a*b*c", "/a1b2b3c", true],
    ["/a*b*c", "/a1b2b3d", false],
    ["*", "/", true],
    ["/.+(x)?[", "/.+(x)?[", true],
    ["/.+", "/abc", false],
  ];
  for (const [pattern, path, wanted] of matches)
    test(`${pattern} ${wanted ? "matches" : "does not match"} ${path}`, () => {
      expect(pathMatches(pattern, path)).toBe(wanted);
    });

  test("that are made to be slow are not", () => {
    expect(pathMatches(`/${"*a".repeat(140)}b`, `/${"a".repeat(1_900)}`)).toBe(false);
  });
});

test("a site's pages are stored under its own origin; files that are no text are not wanted", () => {
  const scope: Scope = {
    origins: ["https://www.shop.example", "http://shop.example"],
    include: ["/help/"],
    exclude: ["/help/old/"],
    start: "https://www.shop.example/",
  };
  expect(addressOnSite("http://shop.example/help/a?b=1", "x:", scope)).toBe(
    "https://www.shop.example/help/a?b=1",
  );
  expect(addressOnSite("https://shop.example/help/a", "x:", scope)).toBeNull();
  const paths = [
    "/",
    "/help/a",
    "/help/a.pdf",
    "/help/a.JPG",
    "/help/old/b",
    "/other",
    "/help/style.css?v=1",
  ];
  const wanted = paths.filter((path) => isWanted(`https://www.shop.example${path}`, scope));
  expect(wanted).toEqual(["/", "/help/a", "/help/a.pdf"]);
});
