import { expect, test } from "bun:test";
import { SHOWN, SORTS, viewFrom, viewPath } from "./view.ts";

test("a view of the unanswered questions comes back from its address", () => {
  for (const { value: status } of SHOWN)
    for (const { value: sort } of SORTS) {
      const url = new URL(viewPath({ status, sort }), "http://x.invalid");
      expect(viewFrom(url.searchParams)).toEqual({ status, sort });
    }
});

test("an address that makes no sense shows the open ones that were asked most", () => {
  expect(viewFrom(new URLSearchParams("status=gone&sort=up"))).toEqual({ status: "open", sort: "count" });
});
