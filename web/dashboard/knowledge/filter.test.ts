import { describe, expect, test } from "bun:test";
import type { DocumentFilter } from "../api/documents.ts";
import { filterFrom, filterPath, isFiltered, withPart } from "./filter.ts";

describe("the filter of the documents", () => {
  test("comes back from the address it was written to", () => {
    const filter: DocumentFilter = {
      q: "öffnung & 100 %",
      status: "failed",
      source: "page",
      tag: "a+b",
      language: "de",
    };
    expect(filterFrom(new URL(filterPath(filter), "http://x.invalid").searchParams)).toEqual(filter);
    expect(filterPath({})).toBe("/knowledge");
  });

  test("leaves out what no document can be", () => {
    expect(filterFrom(new URLSearchParams("status=gone&source=ftp&q=%20&chunk=1"))).toEqual({});
    expect(filterFrom(new URLSearchParams({ q: "x".repeat(500) })).q).toHaveLength(200);
  });

  test("changes in one part and keeps the others", () => {
    const filter: DocumentFilter = { q: "a", status: "ready" };
    expect(withPart(filter, "status", "failed")).toEqual({ q: "a", status: "failed" });
    expect(withPart(filter, "status", undefined)).toEqual({ q: "a" });
    expect(withPart(filter, "q", "  ")).toEqual({ status: "ready" });
    expect(isFiltered(withPart(withPart(filter, "q", ""), "status", undefined))).toBe(false);
  });
});
