import { describe, expect, test } from "bun:test";
import { conversationPath, matchRoute, safeReturnPath, signInPath } from "./routes.ts";

describe("addresses", () => {
  test.each([
    ["/", { page: "home" }],
    ["/knowledge", { page: "knowledge" }],
    ["/knowledge/", { page: "knowledge" }],
    ["/try", { page: "try" }],
    ["/settings", { page: "settings" }],
    ["/conversations", { page: "conversations" }],
    ["/conversations/0198-a", { page: "conversations", id: "0198-a" }],
    ["/conversations/a%2Fb", { page: "conversations", id: "a/b" }],
    ["/conversations/%E0%A4%A", { page: "conversations", id: "%E0%A4%A" }],
    ["/conversations/a/b", { page: "unknown" }],
    ["/knowledge/x", { page: "unknown" }],
    ["/constructor", { page: "unknown" }],
    ["/nowhere", { page: "unknown" }],
  ] as const)("%s", (path, route) => {
    expect(matchRoute(path)).toEqual(route);
  });

  test("the setup page carries its token", () => {
    expect(matchRoute("/setup", "?token=abc")).toEqual({ page: "setup", token: "abc" });
    expect(matchRoute("/setup")).toEqual({ page: "setup", token: "" });
  });

  test("a conversation's path leads back to it", () => {
    expect(matchRoute(conversationPath("a/b c"))).toEqual({ page: "conversations", id: "a/b c" });
  });
});

describe("the way back after signing in", () => {
  test("is kept with its query", () => {
    const path = signInPath("/conversations/1?status=human");
    const [pathname = "", search = ""] = path.split(/(?=\?)/);
    expect(matchRoute(pathname, search)).toEqual({
      page: "sign-in",
      returnTo: "/conversations/1?status=human",
    });
  });

  test.each([
    null,
    "",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "javascript:alert(1)",
    "/sign-in",
    "/sign-in?return=/try",
    "/setup?token=x",
  ])("never leaves the dashboard: %p", (value) => {
    expect(safeReturnPath(value)).toBe("/");
  });
});
