import { describe, expect, test } from "bun:test";
import { changeUploads, countUploads, NO_UPLOADS, startable, type UploadQueue } from "./upload-state.ts";

function files(...keys: readonly string[]): UploadQueue {
  return changeUploads(NO_UPLOADS, {
    type: "add",
    maxBytes: 100,
    uploads: keys.map((key) => ({ key, name: `${key}.pdf`, bytes: 10 })),
  });
}

const states = (queue: UploadQueue) => queue.uploads.map((upload) => upload.state);

describe("the upload queue", () => {
  test("starts three files and then one for each that ends", () => {
    let queue = files("a", "b", "c", "d", "e");
    for (const { key } of startable(queue)) queue = changeUploads(queue, { type: "start", key });
    expect(states(queue)).toEqual(["sending", "sending", "sending", "waiting", "waiting"]);
    expect(startable(queue)).toEqual([]);
    queue = changeUploads(queue, { type: "arrive", key: "b" });
    expect(startable(queue).map((upload) => upload.key)).toEqual(["d"]);
    queue = changeUploads(queue, { type: "remove", keys: ["a", "d"] });
    expect(startable(queue).map((upload) => upload.key)).toEqual(["e"]);
  });

  test("refuses a file that is too large or empty before a byte is sent", () => {
    const queue = changeUploads(NO_UPLOADS, {
      type: "add",
      maxBytes: 3 * 1024 * 1024,
      uploads: [
        { key: "big", name: "big.pdf", bytes: 3 * 1024 * 1024 + 1 },
        { key: "none", name: "none.txt", bytes: 0 },
        { key: "just", name: "just.pdf", bytes: 3 * 1024 * 1024 },
      ],
    });
    expect(states(queue)).toEqual(["failed", "failed", "waiting"]);
    expect(queue.uploads[0]?.error).toBe("This file is larger than 3 MB.");
  });

  test("progress never goes back and never beyond the whole", () => {
    let queue = files("a");
    for (const share of [0.5, 0.3, 2]) queue = changeUploads(queue, { type: "progress", key: "a", share });
    expect(queue.uploads[0]?.progress).toBe(1);
  });

  test("files that failed can go again together, without their old reasons", () => {
    let queue = files("a", "b");
    for (const key of ["a", "b"])
      queue = changeUploads(queue, { type: "fail", key, error: "No answer.", again: true });
    expect(queue.uploads[0]).toMatchObject({ state: "failed", error: "No answer." });
    queue = changeUploads(queue, { type: "retry", keys: ["a", "b"] });
    expect(queue.uploads[0]).toEqual({ key: "a", name: "a.pdf", bytes: 10, progress: 0, state: "waiting" });
    expect(states(queue)).toEqual(["waiting", "waiting"]);
  });

  test("a file that was there already says so under the title it has there", () => {
    const queue = changeUploads(files("a"), { type: "known", key: "a", title: "Price list" });
    expect(queue.uploads[0]).toMatchObject({ state: "known", name: "Price list" });
  });

  test("counts every file once, however it ended", () => {
    let queue = files("a", "b", "c", "d", "e");
    queue = changeUploads(queue, { type: "arrive", key: "a" });
    queue = changeUploads(queue, { type: "known", key: "b", title: "B" });
    queue = changeUploads(queue, { type: "fail", key: "c", error: "No.", again: false });
    queue = changeUploads(queue, { type: "start", key: "d" });
    queue = changeUploads(queue, { type: "progress", key: "d", share: 0.5 });
    expect(countUploads(queue)).toEqual({
      total: 5,
      added: 1,
      known: 1,
      failed: 1,
      moving: 2,
      progress: 0.7,
    });
  });

  test("begins to count anew with files that come when all before have ended, and keeps what failed", () => {
    let queue = files("a", "b", "c");
    queue = changeUploads(queue, { type: "arrive", key: "a" });
    queue = changeUploads(queue, { type: "known", key: "b", title: "B" });
    const more = { type: "add", maxBytes: 100, uploads: [{ key: "n", name: "n.pdf", bytes: 1 }] } as const;
    expect(countUploads(changeUploads(queue, more))).toMatchObject({ total: 4, added: 1 });
    queue = changeUploads(queue, { type: "fail", key: "c", error: "No.", again: false });
    queue = changeUploads(queue, more);
    expect(queue.uploads.map((upload) => upload.key)).toEqual(["c", "n"]);
    expect(countUploads(queue)).toMatchObject({ total: 2, added: 0 });
  });

  test("takes thousands of files", () => {
    const keys = Array.from({ length: 2_000 }, (_, at) => `f${at}`);
    let queue = files(...keys);
    let most = 0;
    while (startable(queue).length > 0) {
      for (const { key } of startable(queue)) queue = changeUploads(queue, { type: "start", key });
      most = Math.max(most, queue.uploads.filter((upload) => upload.state === "sending").length);
      queue = changeUploads(queue, { type: "arrive", key: queue.uploads[0]?.key ?? "" });
    }
    for (const { key } of queue.uploads) queue = changeUploads(queue, { type: "arrive", key });
    expect(most).toBe(3);
    expect(countUploads(queue)).toMatchObject({ total: 2_000, added: 2_000, moving: 0, progress: 1 });
  });
});
