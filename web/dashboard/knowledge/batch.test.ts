import { describe, expect, test } from "bun:test";
import { runBatch } from "./batch.ts";

const never = new AbortController().signal;

describe("an act on many things", () => {
  test("reaches each once, never more than three at a time, and tells of each", async () => {
    const items = Array.from({ length: 10 }, (_, at) => at);
    const seen: number[] = [];
    const told: number[] = [];
    let running = 0;
    let most = 0;
    const act = async (item: number) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      seen.push(item);
      running--;
    };
    const end = await runBatch(items, act, ({ done }) => told.push(done), never);
    expect(seen.sort((a, b) => a - b)).toEqual(items);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(most).toBe(3);
    expect(end).toEqual({ total: 10, done: 10, failures: [] });
  });

  test("goes on after a failure and says which failed and why", async () => {
    const act = async (item: string) => {
      if (item === "b") throw new Error("no");
    };
    const end = await runBatch(["a", "b", "c"], act, () => undefined, never);
    expect(end.done).toBe(3);
    expect(end.failures).toEqual([{ item: "b", error: new Error("no") }]);
  });

  test("begins nothing more once it is stopped", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const act = async (item: number) => {
      seen.push(item);
      if (seen.length === 4) stop.abort();
    };
    const end = await runBatch([1, 2, 3, 4, 5, 6, 7, 8, 9], act, () => undefined, stop.signal);
    expect(end.done).toBeLessThan(9);
    expect(seen).toHaveLength(end.done);
  });
});
