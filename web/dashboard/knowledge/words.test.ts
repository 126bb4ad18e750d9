import { expect, test } from "bun:test";
import type { DocumentBody } from "../api/types.ts";
import { kindOf, mayWorkAgain, stateOf } from "./words.ts";

const document: DocumentBody = {
  id: "1",
  title: "Prices",
  source: "upload",
  mediaType: "text/plain; charset=utf-8",
  bytes: 10,
  checksum: "",
  version: 1,
  status: "pending",
  searchable: "no",
  progress: 0,
  chunks: 0,
  tags: [],
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
};

test.each([
  [{ status: "pending" }, "Waiting"],
  [{ status: "processing", progress: 0.239 }, "Reading (23 %)"],
  [
    { status: "processing", searchable: "words", progress: 0.5 },
    "Searchable by words, learning meaning (50 %)",
  ],
  [{ status: "ready", searchable: "words", progress: 0.5 }, "Searchable by words, learning meaning (50 %)"],
  [{ status: "ready", searchable: "words", progress: 1 }, "Ready, found by its words"],
  [{ status: "ready", searchable: "full", progress: 1 }, "Ready"],
  [{ status: "failed", searchable: "no" }, "Could not be read"],
  [{ status: "failed", searchable: "words" }, "In use, with a problem"],
] as const)("%p reads %p", (part, words) => {
  expect(stateOf({ ...document, ...part }).words).toBe(words);
});

test("the kind is a word people know, or the media type as it is", () => {
  expect(kindOf(document)).toBe("Text");
  expect(kindOf({ ...document, mediaType: "application/pdf" })).toBe("PDF");
  expect(kindOf({ ...document, source: "text" })).toBe("Pasted text");
  expect(kindOf({ ...document, mediaType: "constructor" })).toBe("constructor");
  expect(kindOf({ ...document, mediaType: "application/octet-stream" })).toBe("File");
  expect(kindOf({ ...document, mediaType: "application/octet-stream", title: "scan.pdf" })).toBe("PDF");
});

test("reading again is offered only when it may help", () => {
  const failed = (code: string) => ({ ...document, error: { code, message: "" } });
  expect(mayWorkAgain(failed("timed_out"))).toBe(true);
  expect(mayWorkAgain(document)).toBe(true);
  expect(mayWorkAgain(failed("no_text"))).toBe(false);
  expect(mayWorkAgain({ ...failed("no_text"), source: "page" })).toBe(true);
});
