import { expect, test } from "bun:test";
import { nextDue, scheduleMistake } from "./schedule.ts";

const noon = Date.UTC(2026, 2, 28, 12);

test("a cron expression is due in UTC, also where clocks are changed that night", () => {
  expect(nextDue("30 4 * * *", "x", noon)).toBe(Date.UTC(2026, 2, 29, 4, 30));
  expect(nextDue("0 12 * * *", "x", noon)).toBe(Date.UTC(2026, 2, 29, 12));
  expect(nextDue("never", "x", noon)).toBeNull();
});

test("daily and weekly mean a night, the same for one site and spread over many", () => {
  const times = new Set<number>();
  for (let index = 0; index < 50; index += 1) {
    const id = `source-${index}`;
    const due = nextDue("daily", id, noon) ?? 0;
    times.add(due);
    expect(new Date(due).getUTCHours()).toBeLessThan(5);
    expect(nextDue("daily", id, due)).toBe(due + 86_400_000);
    const weekly = nextDue("weekly", id, noon) ?? 0;
    expect(nextDue("weekly", id, weekly)).toBe(weekly + 7 * 86_400_000);
  }
  expect(times.size).toBeGreaterThan(20);
});

test("what is no schedule, never comes due, or comes due too often is refused with a reason", () => {
  for (const fine of ["never", "daily", "weekly", "0 * * * *", "15 3 * * MON", "0 0 29 2 *"])
    expect({ fine, mistake: scheduleMistake(fine) }).toEqual({ fine, mistake: null });
  expect(scheduleMistake("*/30 * * * *")).toContain("more than once an hour");
  expect(scheduleMistake("0,30 3 1 1 *")).toContain("more than once an hour");
  expect(scheduleMistake("0 0 30 2 *")).toContain("never comes due");
  for (const wrong of [
    "",
    "hourly",
    "* * * * * *",
    "61 * * * *",
    "a b c d e",
    "0 0 * * * 2020",
    "2099-01-01T00:00:00Z",
  ])
    expect({ wrong, mistake: scheduleMistake(wrong) }).toEqual({
      wrong,
      mistake: expect.stringContaining("is not"),
    });
});
