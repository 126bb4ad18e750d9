import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EgressFetch } from "../../egress/fetch.ts";
import { type FakeSite, startFakeSite } from "../../testing/fake-site.ts";
import { type FetchPage, PageFetcher } from "./page-fetch.ts";

let site: FakeSite;
let folder: string;
const maxBytes = 1_000_000;
beforeAll(() => {
  site = startFakeSite();
  folder = mkdtempSync(join(tmpdir(), "metachat-fetch-"));
});
afterAll(() => {
  site[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

function get(path: string, more: Partial<FetchPage> = {}, timeoutMs = 10_000) {
  const egress = new EgressFetch({ allow: ["127.0.0.0/8"], maxBytes });
  const to = join(folder, "page");
  rmSync(to, { force: true });
  const { signal } = new AbortController();
  const page = { url: `${site.url}${path}`, path: to, mayFollow: () => true, signal, ...more };
  return new PageFetcher({ egress, maxBytes, timeoutMs }).fetch(page);
}

const left = () => existsSync(join(folder, "page"));

describe("a page that is fetched", () => {
  test("lies on disk with its checksum, and is named by what it was announced as", async () => {
    site.set("/about.php?id=1", "<p>About</p>", { headers: { "x-robots-tag": "NoIndex" } });
    const fetched = await get("/about.php?id=1");
    const checksum = new Bun.CryptoHasher("sha256").update("<p>About</p>").digest("hex");
    expect(fetched).toMatchObject({
      ...{ kind: "content", checksum, bytes: 12, mediaType: "text/html", fileName: "about.html" },
      ...{ robotsTag: "noindex", url: `${site.url}/about.php?id=1` },
    });
    expect(readFileSync(join(folder, "page"), "utf8")).toBe("<p>About</p>");
    const etag = fetched.kind === "content" ? fetched.etag : null;
    expect(await get("/about.php?id=1", { etag })).toEqual({ kind: "unchanged" });
  });

  test("has a file name that is none of the file system's own", async () => {
    const names: Record<string, string> = {};
    for (const path of ["/", "/%2e%2e%2fetc%2fpasswd", "/a%00b.txt", "/%E0%A4%A", "/..%5c..%5cx.pdf"]) {
      site.set(new URL(path, site.url).pathname, "x", { type: "application/octet-stream" });
      const fetched = await get(path);
      if (fetched.kind === "content") names[path] = fetched.fileName;
    }
    for (const name of Object.values(names)) expect(name).not.toMatch(/[/\\\0]|^\.\.?$/);
    expect(Object.keys(names)).toHaveLength(5);
  });

  test("may be cut after its beginning, or not be wanted once its type is known", async () => {
    site.set("/long", "a".repeat(900_000), { type: "text/plain" });
    expect(await get("/long", { cutAt: 1_000 })).toMatchObject({ kind: "content", bytes: 1_000 });
    expect(await get("/long", { takes: (type) => type !== "text/plain" })).toMatchObject({
      kind: "unwanted",
    });
    expect(left()).toBe(false);
  });
});

describe("a page that cannot be had", () => {
  test("says why, and whether it may be better in a moment", async () => {
    const answers: readonly (readonly [number, string, boolean])[] = [
      [404, "not_found", false],
      [410, "not_found", false],
      [401, "refused", false],
      [451, "refused", false],
      [429, "server_error", true],
      [503, "server_error", true],
      [500, "server_error", true],
    ];
    for (const [status, code, mayPass] of answers) {
      site.pages.set("/x", { status });
      const failed = await get("/x");
      const again = failed.kind === "failed" && failed.retryAfterMs !== null;
      expect({ status, again, ...failed }).toMatchObject({ status, kind: "failed", code, again: mayPass });
    }
    expect(left()).toBe(false);
  });

  test("is asked for again when the site says so, but within a minute", async () => {
    const after = async (header: string) => {
      site.pages.set("/busy", { status: 429, headers: { "retry-after": header } });
      const failed = await get("/busy");
      return failed.kind === "failed" ? failed.retryAfterMs : null;
    };
    expect(await after("7")).toBe(7_000);
    expect(await after("86400")).toBe(60_000);
    expect(await after("-5")).toBe(2_000);
    expect(await after("soon")).toBe(2_000);
    expect(await after("Fri, 01 Jan 2100 00:00:00 GMT")).toBe(60_000);
  });

  test("is given up when it is too large, announced or not, and nothing of it stays", async () => {
    site.set("/announced", "a".repeat(1_500_000));
    const stream = () => new Response(new Blob(["a".repeat(1_500_000)]).stream());
    site.pages.set("/unannounced", { answer: stream });
    for (const path of ["/announced", "/unannounced"])
      expect(await get(path)).toMatchObject({ kind: "failed", code: "too_large", retryAfterMs: null });
    expect(left()).toBe(false);
  });

  test("is given up when it comes drop by drop, or never", async () => {
    const drops = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          async pull(controller) {
            await Bun.sleep(50);
            controller.enqueue(new Uint8Array([97]));
          },
        }),
      );
    site.pages.set("/drops", { answer: drops });
    site.pages.set("/never", { answer: () => new Promise<Response>(() => undefined) });
    for (const path of ["/drops", "/never"])
      expect(await get(path, {}, 400)).toMatchObject({ kind: "failed", code: "unreachable" });
    expect(left()).toBe(false);
  });

  test("does not exist, is not allowed, or is broken off", async () => {
    expect(await get("", { url: "http://10.0.0.1/" })).toMatchObject({ code: "address_not_allowed" });
    expect(await get("", { url: "http://nobody.invalid/" })).toMatchObject({ code: "unreachable" });
    expect(await get("", { url: "http://127.0.0.1:9/" })).toMatchObject({
      code: "unreachable",
      retryAfterMs: 2_000,
    });
    site.set("/damaged", "not packed at all", { headers: { "content-encoding": "gzip" } });
    expect(await get("/damaged")).toMatchObject({ kind: "failed", code: "unreachable" });
  });

  test("leaves the fetching to its caller when he gives it up", async () => {
    const abort = new AbortController();
    site.pages.set("/never", { answer: () => new Promise<Response>(() => undefined) });
    const fetching = get("/never", { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect(await fetching.catch((error: unknown) => String(error))).toBe("Error: enough");
  });
});
