import { expect, test } from "bun:test";
import { retryAfterMs } from "./retry-after.ts";

const of = (value: string) => retryAfterMs(new Response(null, { headers: { "retry-after": value } }));

test("seconds and dates are read, the past is now, and anything else says nothing", () => {
  expect(of("0")).toBe(0);
  expect(of("120")).toBe(120_000);
  const inAnHour = of(new Date(Date.now() + 3_600_000).toUTCString()) ?? 0;
  expect(Math.abs(inAnHour - 3_600_000)).toBeLessThan(5_000);
  expect(of("Wed, 21 Oct 2015 07:28:00 GMT")).toBe(0);
  for (const nothing of ["", "soon", "-5", "1e9"]) expect(of(nothing) ?? 0).toBeGreaterThanOrEqual(0);
  expect(of("soon")).toBeUndefined();
  expect(retryAfterMs(new Response(null))).toBeUndefined();
});
