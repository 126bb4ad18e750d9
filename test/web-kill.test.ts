/** The server is killed again and again while it reads a site: the run goes on where it was, and nothing is there twice. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentBody, SourceBody } from "../src/http/schemas.ts";
import { type BinaryOptions, BinaryServer, requireBinary, setUpBinary } from "../src/testing/binary.ts";
import { type FakeSite, html, links, startFakeSite } from "../src/testing/fake-site.ts";
import { until } from "../src/testing/until.ts";
import { reachLoopback, WebScene } from "./web-scene.ts";

setDefaultTimeout(240_000);

const kills = 8;
const sections = 6;
const pagesEach = 9;
const all = 1 + sections + sections * pagesEach;

let site: FakeSite;
let dataDir: string;
let options: BinaryOptions;
beforeAll(() => {
  requireBinary();
  site = startFakeSite();
  dataDir = mkdtempSync(join(tmpdir(), "metachat-web-kill-"));
  options = { dataDir, env: reachLoopback };
  const names = Array.from({ length: sections }, (_, index) => `/section-${index}`);
  site.set("/", html("Shop", "We sell lamps.", links(...names)));
  for (const name of names) {
    const below = Array.from({ length: pagesEach }, (_, index) => `${name}/page-${index}`);
    site.set(name, html(name, `The section ${name} of the shop.`, links("/", ...below)));
    for (const path of below) site.set(path, html(path, `The text of the page ${path}.`, links("/", name)));
  }
});
afterAll(() => {
  site[Symbol.dispose]();
  rmSync(dataDir, { recursive: true, force: true });
});

test(`after ${kills} kills every page is one document, and none was forgotten`, async () => {
  const { apiKey, tenantId } = await setUpBinary(options, "Shop");
  let server = await BinaryServer.start(options);
  try {
    const scene = new WebScene((method, path, body) => server.api(apiKey, method, path, body));
    site.delayMs = 40;
    const { id } = await scene.addSource({ url: site.url, maxPages: 500 });
    for (let kill = 0; kill < kills; kill += 1) {
      // Every kill falls into another moment: before robots.txt, between pages, while one is stored.
      const before = site.requests.length;
      await until(() => site.requests.length >= before + kill * 2, "the run to go on", 60_000);
      await Bun.sleep(kill * 9);
      server.signal("SIGKILL");
      await server.end();
      server = await BinaryServer.start(options);
    }
    const source = await scene.ended(id, 120_000);
    expect(source).toMatchObject({
      status: "idle",
      lastRun: { pages: { found: all, failed: 0, removed: 0 } },
    });
    const documents = await scene.allRead(120_000);
    expect(documents.filter(({ status }) => status !== "ready")).toEqual([]);
    expect(documents.map(({ url }) => new URL(url ?? "").pathname).sort()).toEqual(
      [...site.pages.keys()].sort(),
    );
    const pages = await scene.pages(id);
    expect([...pages.values()].map(({ documentId }) => documentId ?? "").sort()).toEqual(idsOf(documents));
    // Their folders too: nothing is left of a page that was being stored.
    const folders = readdirSync(join(dataDir, "tenants", tenantId, "files"));
    expect(folders.sort()).toEqual(idsOf(documents));
    expect(readdirSync(join(dataDir, "tenants", tenantId, "sources", id))).toEqual(["robots.txt"]);

    site.delayMs = 0;
    const again: SourceBody = await scene.crawl(id);
    expect(again.lastRun?.pages).toMatchObject({ found: all, unchanged: all, added: 0, changed: 0 });
    expect((await scene.get<{ items: unknown[] }>("/api/v1/jobs?state=dead")).items).toEqual([]);
  } finally {
    await server[Symbol.asyncDispose]();
  }
});

function idsOf(documents: readonly DocumentBody[]): string[] {
  return documents.map(({ id }) => id).sort();
}
