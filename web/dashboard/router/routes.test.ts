import { describe, expect, test } from "bun:test";
import {
  conversationPath,
  documentPath,
  knowledgePath,
  matchRoute,
  safeReturnPath,
  signInPath,
} from "./routes.ts";

describe("addresses", () => {
  test.each([
    ["/", { page: "home" }],
    ["/knowledge", { page: "knowledge", part: "documents" }],
    ["/knowledge/", { page: "knowledge", part: "documents" }],
    ["/knowledge/search", { page: "knowledge", part: "search" }],
    ["/knowledge/sites", { page: "knowledge", part: "sites" }],
    ["/knowledge/unanswered", { page: "knowledge", part: "unanswered" }],
    ["/knowledge/0198-a", { page: "knowledge", part: "document", id: "0198-a" }],
    ["/knowledge/a/b", { page: "unknown" }],
    ["/try", { page: "try" }],
    ["/settings", { page: "settings" }],
    ["/conversations", { page: "conversations" }],
    ["/conversations/0198-a", { page: "conversations", id: "0198-a" }],
    ["/conversations/a%2Fb", { page: "conversations", id: "a/b" }],
    ["/conversations/%E0%A4%A", { page: "conversations", id: "%E0%A4%A" }],
    ["/conversations/a/b", { page: "unknown" }],
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

describe("a document's address", () => {
  test("leads to it, with the passage to show", () => {
    const path = documentPath("a/b", { chunk: "c1", quote: "5 € & more?" });
    const url = new URL(path, "http://x.invalid");
    expect(matchRoute(url.pathname)).toEqual({ page: "knowledge", part: "document", id: "a/b" });
    expect(url.searchParams.get("chunk")).toBe("c1");
    expect(url.searchParams.get("quote")).toBe("5 € & more?");
    expect(documentPath("a")).toBe("/knowledge/a");
  });

  test("leaves a quote out that would make it too long", () => {
    expect(documentPath("a", { chunk: "c", quote: "x".repeat(601) })).toBe("/knowledge/a?chunk=c");
  });

  test("is not that of another part of the knowledge", () => {
    for (const part of ["documents", "sites", "unanswered", "search"] as const)
      expect(matchRoute(knowledgePath(part))).toEqual({ page: "knowledge", part });
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
