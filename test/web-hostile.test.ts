/** Web sites that are made to do harm, and addresses that lead inside: bounded, refused, and without effect on others. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { type FakeSite, html, links, sitemap, startFakeSite } from "../src/testing/fake-site.ts";
import { startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { apiOf, WebScene } from "./web-scene.ts";

setDefaultTimeout(90_000);

describe("addresses that lead inside", () => {
  let app: TestApp;
  let inside: FakeSite;
  let scene: WebScene;
  let lookups: string[];
  beforeAll(async () => {
    lookups = [];
    inside = startFakeSite();
    inside.set("/", html("Secret", "operator-internal-secret"));
    app = await startTestApp({
      // A name that is public the first time and inside from then on.
      resolve: async (host) => {
        lookups.push(host);
        if (host === "inside.test") return ["127.0.0.1"];
        if (host === "both.test") return ["93.184.216.34", "10.0.0.1"];
        throw new Error(`no address for ${host}`);
      },
    });
    scene = new WebScene(apiOf(app, (await app.createTenant("Mallory")).apiKey));
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    inside[Symbol.dispose]();
  });

  test("are refused as a page and as a site, in whatever form, before anything is sent", async () => {
    const { port } = inside;
    const addresses = [
      `http://127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      `http://2130706433:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:7f00:1]:${port}/`,
      `http://inside.test:${port}/`,
      `http://both.test:${port}/`,
      "http://169.254.169.254/latest/meta-data/",
      "http://[fe80::1]/",
      "http://10.1.2.3/",
    ];
    for (const url of addresses) {
      const { document } = await scene.addPage(url);
      const failed = await scene.readDocument(document.id);
      const source = await scene.read({ url });
      const codes = { url, page: failed.error?.code, site: source.error?.code };
      const code = url.includes("localhost") ? "unreachable" : "address_not_allowed";
      expect(codes).toEqual({ url, page: code, site: code });
      expect(JSON.stringify([failed, source])).not.toContain("secret");
    }
    expect(inside.requests).toEqual([]);
  });

  test("with other schemes or a user name are no addresses at all", async () => {
    for (const url of [
      "file:///etc/passwd",
      "gopher://x/",
      "http://user:pw@example.com/",
      "data:text/html,x",
    ])
      for (const [path, body] of [
        ["/api/v1/sources", { url }],
        ["/api/v1/documents", { url }],
      ] as const)
        expect((await scene.api("POST", path, body)).status).toBe(400);
  });
});

describe("a hostile site", () => {
  let app: TestApp;
  let site: FakeSite;
  let scene: WebScene;
  let number = 0;
  beforeAll(async () => {
    app = await startTestApp({ env: { METACHAT_EGRESS_ALLOW: "127.0.0.1/32", METACHAT_MAX_UPLOAD_MB: "3" } });
  });
  afterAll(() => app[Symbol.asyncDispose]());
  beforeEach(async () => {
    site = startFakeSite();
    number += 1;
    scene = new WebScene(apiOf(app, (await app.createTenant(`Shop ${number}`)).apiKey));
  });
  afterEach(() => site[Symbol.dispose]());

  test("cannot send the crawler inside, by redirect, canonical address, sitemap or robots.txt", async () => {
    using inside = startInside();
    const target = inside.url;
    site.set("/robots.txt", `Sitemap: ${target}/map.xml\nSitemap: ${site.url}/map.xml`, {
      type: "text/plain",
    });
    site.set("/map.xml", sitemap(`${target}/a`, `${site.url}/redirect`, `${site.url}/canonical`));
    site.set("/", html("Shop", "We sell lamps.", links(`${target}/b`)));
    site.pages.set("/redirect", { status: 302, headers: { location: `${target}/c` } });
    site.set(
      "/canonical",
      html("Lamp", "A lamp.", "", `<link rel=canonical href="${target}/d"><base href="${target}/">`),
    );
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual(["/ indexed", "/canonical indexed", "/redirect skipped"]);
    const { document } = await scene.addPage(`${site.url}/redirect`);
    expect((await scene.readDocument(document.id)).error?.code).toBe("address_not_allowed");
    expect(inside.hits()).toBe(0);
  });

  test("gets no further with links of every wrong kind, however many", async () => {
    const wrong = [
      "javascript:alert(1)",
      "data:text/html,<p>x</p>",
      "mailto:a@b.example",
      "tel:123",
      "http://user:pw@127.0.0.1/",
      "http://[",
      "//",
      `/${"a".repeat(1_000_000)}`,
      "#",
      "  ",
    ];
    const many = Array.from({ length: 100_000 }, (_, index) => `<a href=/n${index}>n</a>`).join("");
    site.set("/", html("Shop", "We sell lamps.", links(...wrong) + links("/real")));
    site.set("/real", html("Real", `A page of very many links.`, links("/last")));
    site.set("/last", html("Last", "The last page of all."));
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual(["/ indexed", "/last indexed", "/real indexed"]);
    site.set("/real", `<a href=/last>last</a>${many}`);
    const run = await scene.crawl(id);
    expect(run.lastRun?.pages.found).toBe(200);
    expect(run.status).toBe("idle");
  });

  test("cannot fill the disk or the memory with packed, endless or very slow answers", async () => {
    const bomb = Bun.gzipSync(new Uint8Array(256 * 1024 * 1024));
    let sent = 0;
    const endless = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            sent += 65_536;
            controller.enqueue(new Uint8Array(65_536).fill(97));
          },
        }),
        { headers: { "content-type": "text/plain" } },
      );
    site.pages.set("/bomb", { body: bomb, headers: { "content-encoding": "gzip" } });
    site.pages.set("/endless", { answer: endless });
    site.set("/", html("Shop", "We sell lamps.", links("/bomb", "/endless", "/ok")));
    site.set("/ok", html("Fine", "This page is fine."));
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual(["/ indexed", "/bomb failed", "/endless failed", "/ok indexed"]);
    expect(sent).toBeLessThan(80_000_000);
    for (const path of ["/bomb", "/endless"])
      expect((await scene.pages(id)).get(path)?.reason).toContain("limit");
  });

  test("cannot hurt with a sitemap or a robots.txt that is made for that", async () => {
    const laughs = `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, index) => `<!ENTITY ${"bcdefghij"[index]} "${`&${"abcdefghi"[index]};`.repeat(10)}">`).join("")}<!ENTITY x SYSTEM "file:///etc/passwd">]>`;
    site.set(
      "/robots.txt",
      `Sitemap: ${site.url}/laughs.xml\nSitemap: ${site.url}/deep.xml\nSitemap: ${site.url}/index.xml\nSitemap: ${site.url}/bomb.xml.gz\n${"Disallow: /*a*a*a*a*a*a*a*b$\n".repeat(5_000)}`,
    );
    site.set(
      "/laughs.xml",
      `${laughs}<urlset><url><loc>${site.url}/&j;&x;</loc></url><url><loc>${site.url}/ok</loc></url></urlset>`,
    );
    site.set("/deep.xml", "<a>".repeat(200_000));
    site.pages.set("/bomb.xml.gz", { body: Bun.gzipSync(new Uint8Array(60 * 1024 * 1024).fill(0x20)) });
    const loop = `<sitemapindex>${Array.from({ length: 200 }, (_, index) => `<sitemap><loc>${site.url}/index.xml?${index}</loc></sitemap>`).join("")}</sitemapindex>`;
    site.set("/index.xml", loop);
    for (let index = 0; index < 200; index += 1) site.set(`/index.xml?${index}`, loop);
    site.set("/", html("Shop", "We sell lamps."));
    site.set("/ok", html("Fine", "This page is fine."));
    const source = await scene.addSource({ url: site.url });
    const ended = await scene.ended(source.id, 80_000);
    expect(ended.status).toBe("idle");
    expect((await scene.pages(source.id)).get("/ok")?.status).toBe("indexed");
    expect(site.requests.filter(({ path }) => path.startsWith("/index.xml")).length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(await scene.get(`/api/v1/sources/${source.id}/pages`))).not.toContain("root:");
  });

  test("of a huge table and of deep nesting is read, or refused with a reason", async () => {
    const row = '<tr><td><a href="/x">cell</a></td><td>text of the cell</td></tr>';
    site.set("/", html("Big", "We sell lamps.", `<table>${row.repeat(15_000)}</table>`));
    site.set("/deep", `${"<div>".repeat(150_000)}deep`);
    const { id } = await scene.addSource({ url: site.url });
    const { document } = await scene.addPage(`${site.url}/deep`);
    expect((await scene.ended(id)).status).toBe("idle");
    expect((await scene.readDocument(document.id)).error?.code).toBe("too_deep");
  });

  test("that stops answering half-way is left in peace, and loses nothing", async () => {
    const paths = Array.from({ length: 40 }, (_, index) => `/page-${String(index).padStart(2, "0")}`);
    site.set("/", html("Shop", "We sell lamps.", links(...paths)));
    for (const path of paths) site.set(path, html(path, `The text of the page ${path}.`));
    const { id } = await scene.read({ url: site.url });
    const before = await scene.documentPaths();
    expect(before).toHaveLength(41);
    for (const path of paths) site.pages.set(path, { status: 502 });
    site.set("/", html("Shop", "We sell lamps and more.", links(...paths)));
    site.forget();
    const run = await scene.crawl(id);
    expect(run).toMatchObject({ status: "failed", error: { code: "unreachable" } });
    expect(run.error?.message).toContain("stopped answering");
    expect(await scene.documentPaths()).toEqual(before);
  });
});

/** Another machine of the inside, as far as the guard can tell: not 127.0.0.1. */
function startInside() {
  let hits = 0;
  const server = Bun.serve({
    hostname: "127.0.0.2",
    port: 0,
    fetch: () => {
      hits += 1;
      return new Response(html("Secret", "operator-internal-secret"), {
        headers: { "content-type": "text/html" },
      });
    },
  });
  return {
    url: `http://127.0.0.2:${server.port}`,
    hits: () => hits,
    [Symbol.dispose]: () => void server.stop(true),
  };
}
