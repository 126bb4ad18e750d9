import { describe, expect, test } from "bun:test";
import { changeUploads, MAX_BYTES, startable, type Upload } from "./upload-state.ts";

function files(...keys: readonly string[]): readonly Upload[] {
  return changeUploads([], {
    type: "add",
    uploads: keys.map((key) => ({ key, name: `${key}.pdf`, bytes: 10 })),
  });
}

describe("the upload queue", () => {
  test("starts three files and then one for each that ends", () => {
    let uploads = files("a", "b", "c", "d", "e");
    for (const { key } of startable(uploads)) uploads = changeUploads(uploads, { type: "start", key });
    expect(uploads.map((upload) => upload.state)).toEqual([
      "sending",
      "sending",
      "sending",
      "waiting",
      "waiting",
    ]);
    expect(startable(uploads)).toEqual([]);
    uploads = changeUploads(uploads, { type: "remove", key: "b" });
    expect(startable(uploads).map((upload) => upload.key)).toEqual(["d"]);
  });

  test("refuses a file that is too large or empty before a byte is sent", () => {
    const uploads = changeUploads([], {
      type: "add",
      uploads: [
        { key: "big", name: "big.pdf", bytes: MAX_BYTES + 1 },
        { key: "none", name: "none.txt", bytes: 0 },
        { key: "just", name: "just.pdf", bytes: MAX_BYTES },
      ],
    });
    expect(uploads.map((upload) => upload.state)).toEqual(["failed", "failed", "waiting"]);
  });

  test("progress never goes back and never beyond the whole", () => {
    let uploads = changeUploads(files("a"), { type: "start", key: "a" });
    for (const share of [0.5, 0.3, 2])
      uploads = changeUploads(uploads, { type: "progress", key: "a", share });
    expect(uploads[0]?.progress).toBe(1);
  });

  test("a file that failed can go again, without its old reason", () => {
    let uploads = changeUploads(files("a"), { type: "fail", key: "a", error: "No answer.", again: true });
    expect(uploads[0]).toMatchObject({ state: "failed", error: "No answer." });
    uploads = changeUploads(uploads, { type: "retry", key: "a" });
    expect(uploads[0]).toEqual({ key: "a", name: "a.pdf", bytes: 10, progress: 0, state: "waiting" });
  });

  test("a file that was there already says so under the title it has there", () => {
    const uploads = changeUploads(files("a"), { type: "known", key: "a", title: "Price list" });
    expect(uploads[0]).toMatchObject({ state: "known", name: "Price list" });
  });
});
