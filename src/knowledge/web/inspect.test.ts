import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspectWeb } from "./inspect.ts";
import {
  mostLinks,
  pageFindings,
  robotsFindings,
  sitemapFindings,
  type WebTask,
} from "./inspect-protocol.ts";

const origin = "https://shop.example";
let robotsPath: string;
beforeAll(() => {
  robotsPath = join(mkdtempSync(join(tmpdir(), "metachat-inspect-")), "robots.txt");
  writeFileSync(robotsPath, "");
});
afterAll(() => rmSync(join(robotsPath, ".."), { recursive: true, force: true }));

function task(kind: WebTask["kind"], url = `${origin}/shop/index.html`): WebTask {
  return {
    kind,
    url,
    robotsPath,
    scope: { origins: [origin], include: [], exclude: [], start: `${origin}/` },
  };
}

const page = (source: string) =>
  pageFindings.parse(inspectWeb(Buffer.from(source), "page.html", task("page")));
const map = (source: string | Uint8Array) =>
  sitemapFindings.parse(inspectWeb(Buffer.from(source), "sitemap.xml", task("sitemap")));
const robots = (text: string, url = `${origin}/a`) => {
  writeFileSync(robotsPath, text);
  const found = robotsFindings.parse(inspectWeb(Buffer.from(text), "robots.txt", task("robots", url)));
  writeFileSync(robotsPath, "");
  return found;
};

describe("a page", () => {
  test("gives its title, its canonical address and the links of its own site, each once", () => {
    const found = page(`<!doctype html><html><head><title> Our
      lamps </title><link rel="canonical" href="/lamps"></head><body><h1>Lamps</h1>
      <a href="a">a</a><a href="/b?x=1#y">b</a><a href="/b?x=1">b</a><a href="//elsewhere.example/">e</a>
      <map><area href="/c"></map><a rel="nofollow sponsored" href="/ad">ad</a><a>none</a>
      <template><a href="/in-a-template">t</a></template><script>"<a href=/in-a-script>"</script></body></html>`);
    expect(found).toMatchObject({
      format: "html",
      readable: true,
      title: "Our lamps",
      noindex: false,
      more: false,
    });
    expect(found.canonical).toBe(`${origin}/lamps`);
    expect(found.links).toEqual([`${origin}/shop/a`, `${origin}/b?x=1`, `${origin}/c`]);
  });

  test("without a title is called by its heading, and its links start from its base", () => {
    const found = page(
      `<!doctype html><html><base href="/other/"><body><h1>Big <b>lamps</b> of brass</h1><a href="a">a</a>`,
    );
    expect(found).toMatchObject({ title: "Big lamps of brass", links: [`${origin}/other/a`] });
  });

  test("may ask not to be indexed, and not to be followed", () => {
    const asking = (name: string, content: string) =>
      page(
        `<!doctype html><html><head><meta name="${name}" content="${content}"></head><body><a href="/a">a</a></body></html>`,
      );
    expect(asking("robots", "noindex, follow")).toMatchObject({ noindex: true, links: [`${origin}/a`] });
    expect(asking("ROBOTS", "NOFOLLOW")).toMatchObject({ noindex: false, links: [] });
    expect(asking("metachat", "none")).toMatchObject({ noindex: true, links: [] });
    expect(asking("googlebot", "noindex")).toMatchObject({ noindex: false, links: [`${origin}/a`] });
  });

  test("of very many links gives as many as can be taken, and says that there are more", () => {
    const many = Array.from({ length: 30_000 }, (_, index) => `<a href="/p${index}">p</a>`).join("");
    const found = page(`<!doctype html><html><body>${many}</body></html>`);
    expect([found.links.length, found.more]).toEqual([mostLinks, true]);
  });

  test("that is no page is named by its content", () => {
    const look = (bytes: string, name: string) =>
      pageFindings.parse(inspectWeb(Buffer.from(bytes, "latin1"), name, task("page")));
    expect(look("%PDF-1.7\n", "page.html")).toMatchObject({ format: "pdf", readable: true, links: [] });
    expect(look("\x89PNG\r\n\x1a\n", "page.html")).toMatchObject({ format: "image", readable: false });
    expect(look("Plain words of a text.", "notes.txt")).toMatchObject({ format: "txt", readable: true });
  });

  test("that is nested too deeply is refused", () => {
    expect(() => page(`<!doctype html><html>${"<div>".repeat(100_000)}`)).toThrow("nested too deeply");
  });
});

describe("a sitemap", () => {
  test("gives its pages, whatever its prefixes, entities and packing", () => {
    const xml = `<?xml version="1.0"?><s:urlset xmlns:s="x" xmlns:image="y"><s:url><s:loc> ${origin}/a?x=1&amp;y=2 </s:loc>
      <image:image><image:loc>${origin}/photo</image:loc></image:image></s:url>
      <s:url><s:loc><![CDATA[${origin}/b]]></s:loc></s:url><s:url><s:loc>https://elsewhere.example/c</s:loc></s:url></s:urlset>`;
    for (const source of [xml, Bun.gzipSync(Buffer.from(xml))])
      expect(map(source)).toMatchObject({ isSitemap: true, links: [`${origin}/a?x=1&y=2`, `${origin}/b`] });
  });

  test("may name other sitemaps, of its own site, and not too many", () => {
    const entries = Array.from(
      { length: 500 },
      (_, index) => `<sitemap><loc>${origin}/m${index}.xml</loc></sitemap>`,
    );
    const found = map(
      `<sitemapindex><sitemap><loc>https://evil.example/m.xml</loc></sitemap>${entries.join("")}</sitemapindex>`,
    );
    expect(found.sitemaps[0]).toBe(`${origin}/m0.xml`);
    expect(found.sitemaps.length).toBeLessThan(100);
  });

  test("may be a plain list of addresses", () => {
    expect(map(`${origin}/a\r\n\r\n${origin}/b\nnonsense\n`)).toMatchObject({
      isSitemap: true,
      links: [`${origin}/a`, `${origin}/b`],
    });
  });

  test("is none when it is a page, a feed or nothing", () => {
    for (const source of [
      "<!doctype html><html><body>Not found</body></html>",
      "<rss><loc>x</loc></rss>",
      "hello",
      "",
    ])
      expect(map(source)).toMatchObject({ isSitemap: false, links: [] });
  });

  test("does not expand its own entities, nest without end or unpack without end", () => {
    const entity = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY l "${"l".repeat(1000)}">]>`;
    const found = map(`${entity}<urlset><url><loc>${origin}/&e;&l;</loc></url></urlset>`);
    expect(JSON.stringify(found)).not.toContain("root:");
    expect(found.links.every((link) => link.length < 100)).toBe(true);
    expect(() => map("<a>".repeat(1_000_000))).toThrow("nested too deeply");
    expect(() => map(Bun.gzipSync(new Uint8Array(60 * 1024 * 1024)))).toThrow("50 MB");
    expect(() => map(Bun.gzipSync(Buffer.from("<urlset/>")).slice(0, 12))).toThrow("damaged");
  });
});

describe("a robots.txt", () => {
  test("allows what it does not forbid, to us by our own name first", () => {
    const text =
      "User-agent: *\nDisallow: /\n\nUser-agent: MetaChat/1.0\nAllow: /\nDisallow: /a$\nCrawl-delay: 2\n";
    expect(robots(text)).toMatchObject({ allowed: false, delayMs: 2_000, address: `${origin}/a` });
    expect(robots(text, `${origin}/ab`)).toMatchObject({ allowed: true });
    expect(robots("\uFEFFUser-agent: *\nDisallow: /a")).toMatchObject({ allowed: false });
    expect(robots("<html>not found</html>")).toMatchObject({ allowed: true, delayMs: 0, sitemaps: [] });
  });

  test("may ask for ten seconds between pages at most, and names sitemaps of its own site", () => {
    const text = `User-agent: *\nCrawl-delay: 86400\nSitemap: ${origin}/m.xml\nSitemap: /n.xml\nSitemap: http://10.0.0.1/x.xml`;
    expect(robots(text)).toMatchObject({ delayMs: 10_000, sitemaps: [`${origin}/m.xml`, `${origin}/n.xml`] });
    expect(robots("User-agent: *\nCrawl-delay: -5").delayMs).toBe(0);
  });

  test("an address of another site is not one of this", () => {
    expect(robots("", "https://elsewhere.example/")).toMatchObject({ address: null });
  });
});
