import { expect, test } from "bun:test";
import type { DocumentBody } from "../api/types.ts";
import { between, isAllSelected, NOTHING_SELECTED, withDocuments } from "./selection.ts";

const documents = ["a", "b", "c", "d"].map((id) => ({ id }) as DocumentBody);
const ids = (list: Iterable<DocumentBody>) => [...list].map((document) => document.id);

test("choosing adds and takes back, and leaves the choice before it alone", () => {
  const two = withDocuments(NOTHING_SELECTED, documents.slice(0, 2), true);
  const one = withDocuments(two, documents.slice(0, 1), false);
  expect(ids(two.values())).toEqual(["a", "b"]);
  expect(ids(one.values())).toEqual(["b"]);
});

test("a range holds both ends, whichever was first, and is empty when one is gone", () => {
  expect(ids(between(documents, "b", "d"))).toEqual(["b", "c", "d"]);
  expect(ids(between(documents, "d", "b"))).toEqual(["b", "c", "d"]);
  expect(ids(between(documents, "c", "c"))).toEqual(["c"]);
  expect(between(documents, "x", "c")).toEqual([]);
});

test("an empty list is never all chosen", () => {
  expect(isAllSelected(NOTHING_SELECTED, [])).toBe(false);
  expect(isAllSelected(withDocuments(NOTHING_SELECTED, documents, true), documents)).toBe(true);
});
