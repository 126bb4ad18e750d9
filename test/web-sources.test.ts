/** Web sites are read into the knowledge base, kept up to date, and treated politely. */
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
import { until } from "../src/testing/until.ts";
import { apiOf, reachLoopback, WebScene } from "./web-scene.ts";

setDefaultTimeout(60_000);

let app: TestApp;
let site: FakeSite;
let scene: WebScene;
let tenantId: string;
let number = 0;
beforeAll(async () => {
  app = await startTestApp({
    env: { ...reachLoopback, METACHAT_MAX_UPLOAD_MB: "2" },
    // shop.test and www.shop.test are the fake site; other names do not exist.
    resolve: async (host) => {
      if (/(?:^|\.)shop\.test$/.test(host)) return ["127.0.0.1"];
      if (host === "intranet.test") return ["10.0.0.7"];
      throw new Error(`no address for ${host}`);
    },
  });
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  site = startFakeSite();
  number += 1;
  const tenant = await app.createTenant(`Shop ${number}`);
  tenantId = tenant.id;
  scene = new WebScene(apiOf(app, tenant.apiKey));
});
afterEach(() => site[Symbol.dispose]());

/** A shop of a start page and three pages below it, without a sitemap. */
function smallShop(): void {
  site.set("/", html("Shop", "We sell lamps and chairs to everybody.", links("/delivery", "/prices")));
  site.set(
    "/delivery",
    html("Delivery", "Parcels arrive within three working days.", links("/", "/returns")),
  );
  site.set("/prices", html("Prices", "A lamp costs forty euros, a chair costs ninety euros."));
  site.set("/returns", html("Returns", "Goods can be sent back within thirty days.", links("/delivery")));
}

describe("a web site", () => {
  test("is read from page to page, and answers name the page that they come from", async () => {
    smallShop();
    const source = await scene.read({ url: `${site.url}/` });
    expect(source).toMatchObject({
      status: "idle",
      kind: "site",
      maxPages: 200,
      maxDepth: 3,
      nextRunAt: null,
    });
    expect(source.lastRun?.pages).toMatchObject({ found: 4, added: 4, changed: 0, failed: 0 });
    const documents = await scene.allRead();
    expect(documents.map(({ title, source, status }) => `${title} ${source} ${status}`).sort()).toEqual([
      "Delivery page ready",
      "Prices page ready",
      "Returns page ready",
      "Shop page ready",
    ]);
    const pages = await scene.pages(source.id);
    expect(pages.get("/prices")).toMatchObject({ status: "indexed", url: `${site.url}/prices` });
    expect(documents.map(({ id }) => id)).toContain(pages.get("/prices")?.documentId ?? "");
    const query = { query: "What does a lamp cost?" };
    const found = await scene.api("POST", "/api/v1/search", query);
    expect(((await found.json()) as { items: { url?: string }[] }).items[0]?.url).toBe(`${site.url}/prices`);
    const answer = await scene.api("POST", "/api/v1/chat", { message: "What does a lamp cost?" });
    const { message } = (await answer.json()) as {
      message: { citations: { url?: string; quote: string }[] };
    };
    expect(message.citations[0]).toMatchObject({ url: `${site.url}/prices` });
    expect(site.requests.every(({ agent }) => agent.startsWith("MetaChat/"))).toBe(true);
  });

  test("that did not change is not indexed again, and what changed becomes a new version", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    const before = await scene.allRead();
    site.forget();
    const again = await scene.crawl(id);
    expect(again.lastRun?.pages).toMatchObject({ found: 4, added: 0, changed: 0, unchanged: 4, removed: 0 });
    // Its links are known without its content: it is asked for with the version that we have.
    expect(site.requests.filter(({ path }) => path === "/returns")).toMatchObject([{ status: 304 }]);
    expect(await scene.documents()).toEqual(before);

    site.set("/prices", html("Prices today", "A lamp costs fifty euros, a chair costs ninety euros."));
    const changed = await scene.crawl(id);
    expect(changed.lastRun?.pages).toMatchObject({ changed: 1, unchanged: 3, added: 0, removed: 0 });
    const prices = (await scene.allRead()).find(({ url }) => url?.endsWith("/prices"));
    expect(prices).toMatchObject({ title: "Prices today", version: 2, status: "ready" });
    expect(prices?.id).toBe(before.find(({ url }) => url?.endsWith("/prices"))?.id ?? "");
  });

  test("that sends no ETag is compared by its content", async () => {
    const plain = { headers: { etag: "" } };
    site.set("/", html("Shop", "We sell lamps.", links("/a")), plain);
    site.set("/a", html("Lamps", "A lamp gives light in the evening."), plain);
    const { id } = await scene.read({ url: site.url });
    const again = await scene.crawl(id);
    expect(again.lastRun?.pages).toMatchObject({ found: 2, unchanged: 2, changed: 0 });
    expect((await scene.allRead()).map(({ version }) => version)).toEqual([1, 1]);
  });

  test("loses the documents of pages that are gone or no longer linked", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    await scene.allRead();
    site.pages.delete("/prices");
    site.set("/delivery", html("Delivery", "Parcels arrive within four working days."));
    const run = await scene.crawl(id);
    // Prices is not found; Returns is still there, but nothing leads to it any more.
    expect(run.lastRun?.pages).toMatchObject({ removed: 2, changed: 1, unchanged: 1, missing: 1 });
    expect(await scene.documentPaths()).toEqual(["/", "/delivery"]);
    expect(await scene.outcome(id)).toEqual(["/ indexed", "/delivery indexed", "/prices gone"]);
  });

  test("that is down for a run loses nothing", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    await scene.allRead();
    site.down = 503;
    const failed = await scene.crawl(id);
    expect(failed).toMatchObject({ status: "failed", error: { code: "server_error" } });
    expect(await scene.documentPaths()).toEqual(["/", "/delivery", "/prices", "/returns"]);
    site.down = null;
    const back = await scene.crawl(id);
    expect(back).toMatchObject({ status: "idle", lastRun: { pages: { unchanged: 4 } } });
    expect(back.error).toBeUndefined();
  });

  test("of which one page fails keeps that page, and what only it links to", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    await scene.allRead();
    site.pages.set("/delivery", { status: 500 });
    const run = await scene.crawl(id);
    expect(run.lastRun?.pages).toMatchObject({ failed: 1, removed: 0 });
    expect((await scene.pages(id)).get("/delivery")).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("500"),
      documentId: expect.any(String),
    });
    expect(await scene.documentPaths()).toEqual(["/", "/delivery", "/prices", "/returns"]);
    expect(site.hits("/delivery")).toBe(4);
  });

  test("with a sitemap is read by it, and its links are not followed", async () => {
    smallShop();
    site.set("/hidden", html("Hidden", "Nothing links to this page about opening hours."));
    site.set("/robots.txt", `User-agent: *\nSitemap: ${site.url}/maps/all.xml`, { type: "text/plain" });
    site.set(
      "/maps/all.xml",
      `<?xml version="1.0"?><sitemapindex><sitemap><loc>${site.url}/maps/one.xml.gz</loc></sitemap><sitemap><loc>${site.url}/maps/none.xml</loc></sitemap></sitemapindex>`,
    );
    site.pages.set("/maps/one.xml.gz", {
      body: Bun.gzipSync(Buffer.from(sitemap(`${site.url}/hidden`, `${site.url}/prices?utm_source=map`))),
      type: "application/x-gzip",
    });
    const { id, lastRun } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual(["/ indexed", "/hidden indexed", "/prices indexed"]);
    expect(lastRun?.pages).toMatchObject({ found: 3, added: 3 });
    site.pages.set("/maps/one.xml.gz", { body: Bun.gzipSync(Buffer.from(sitemap(`${site.url}/hidden`))) });
    expect((await scene.crawl(id)).lastRun?.pages).toMatchObject({ removed: 1 });
    expect(await scene.documentPaths()).toEqual(["/", "/hidden"]);
  });

  test("can be given as a sitemap alone", async () => {
    smallShop();
    site.set("/map.xml", sitemap(`${site.url}/delivery`, `${site.url}/returns`, "https://elsewhere.test/x"));
    const { id } = await scene.read({ url: `${site.url}/map.xml`, kind: "sitemap" });
    expect(await scene.outcome(id)).toEqual(["/delivery indexed", "/returns indexed"]);
    site.set("/map.xml", "<html>Sorry, we are closed for repairs</html>");
    expect(await scene.crawl(id)).toMatchObject({ status: "failed", error: { code: "no_pages" } });
    expect(await scene.documentPaths()).toEqual(["/delivery", "/returns"]);
  });

  test("says in robots.txt, in pages and in headers what is not to be read", async () => {
    site.set(
      "/robots.txt",
      "User-agent: *\nDisallow: /\n\nUser-agent: MetaChat\nDisallow: /private\nAllow: /private/but-this\n",
      { type: "text/plain" },
    );
    const more = links("/private/a", "/private/but-this", "/noindex", "/header", "/nofollow");
    site.set("/", html("Shop", "We sell lamps.", `${more}<a rel="nofollow" href="/ad">ad</a>`));
    site.set("/private/a", html("Secret", "Not for crawlers."));
    site.set("/private/but-this", html("Allowed", "This one is for crawlers too."));
    const head = '<meta name="robots" content="noindex">';
    site.set("/noindex", html("Noindex", "Not to be found.", links("/behind"), head));
    site.set("/behind", html("Behind", "Found through a page that is not indexed."));
    site.set("/header", html("Header", "Not to be found either."), {
      headers: { "x-robots-tag": "noindex" },
    });
    const closed = '<meta name="metachat" content="nofollow">';
    site.set("/nofollow", html("Nofollow", "Its links are not followed.", links("/never"), closed));
    site.set("/never", html("Never", "Never read."));
    site.set("/ad", html("Ad", "Never read."));
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual([
      "/ indexed",
      "/behind indexed",
      "/header skipped",
      "/nofollow indexed",
      "/noindex skipped",
      "/private/a skipped",
      "/private/but-this indexed",
    ]);
    expect((await scene.pages(id)).get("/private/a")?.reason).toContain("robots.txt");
    expect(["/private/a", "/never", "/ad"].map((path) => site.hits(path))).toEqual([0, 0, 0]);
  });

  test("whose robots.txt forbids everything is not read, and why is said", async () => {
    smallShop();
    site.set("/robots.txt", "User-agent: *\nDisallow: /", { type: "text/plain" });
    const source = await scene.read({ url: site.url });
    expect(source).toMatchObject({ status: "failed", error: { code: "robots_disallow" } });
    expect(source.error?.message).toContain("robots.txt");
    expect(site.requests.map(({ path }) => path)).toEqual(["/robots.txt"]);
  });

  test("is never asked for more than two pages at once, and for one at a time where it wants that", async () => {
    const paths = Array.from({ length: 8 }, (_, index) => `/page-${index}`);
    site.set("/", html("Shop", "We sell lamps.", links(...paths)));
    for (const path of paths) site.set(path, html(path, `The text of the page ${path}.`));
    site.delayMs = 400;
    const { id } = await scene.read({ url: site.url });
    expect(site.mostAtOnce()).toBe(2);
    site.set("/robots.txt", "User-agent: *\nCrawl-delay: 0.5", { type: "text/plain" });
    site.forgetMost();
    expect((await scene.crawl(id)).lastRun?.pages.unchanged).toBe(9);
    expect(site.mostAtOnce()).toBe(1);
  });

  test("has one document for a page of many addresses", async () => {
    const same = [
      "/lamp?utm_source=mail",
      "/lamp#prices",
      "/lamp?b=2&a=1",
      "/lamp?a=1&b=2",
      "/lamp",
      "/print/lamp",
    ];
    site.set("/", html("Shop", "We sell lamps.", links(...same, "/old-lamp")));
    const canonical = `<link rel="canonical" href="/lamp">`;
    for (const path of ["/lamp", "/lamp?a=1&b=2", "/print/lamp"])
      site.set(path, html("Lamp", `A lamp costs forty euros. ${path}`, "", canonical));
    site.pages.set("/old-lamp", { status: 301, headers: { location: "/lamp" } });
    const { id } = await scene.read({ url: site.url });
    expect(await scene.documentPaths()).toEqual(["/", "/lamp"]);
    const pages = await scene.pages(id);
    expect(pages.get("/old-lamp")).toMatchObject({
      status: "skipped",
      reason: expect.stringContaining("/lamp"),
    });
    expect(pages.get("/print/lamp")).toMatchObject({ status: "skipped" });
    expect(site.hits("/lamp?utm_source=mail") + site.hits("/lamp?b=2&a=1")).toBe(0);
  });

  test("does not trap the crawler in circles, or in pages that never end", async () => {
    site.set("/", html("Shop", "We sell lamps.", links("/a", "/round-1", "/each-1", "/calendar?day=1")));
    site.set("/a", html("A", "Links to itself and back.", links("/a", "/")));
    site.pages.set("/round-1", { status: 302, headers: { location: "/round-2" } });
    site.pages.set("/round-2", { status: 302, headers: { location: "/round-1" } });
    for (const [own, other] of ["12", "21"])
      site.set(
        `/each-${own}`,
        html("Each", `Names the other. ${own}`, "", `<link rel=canonical href=/each-${other}>`),
      );
    for (let day = 1; day < 100; day += 1)
      site.set(
        `/calendar?day=${day}`,
        html(`Day ${day}`, `Nothing on day ${day}.`, links(`/calendar?day=${day + 1}`)),
      );
    const { id } = await scene.read({ url: site.url, maxDepth: 4 });
    const outcome = await scene.outcome(id);
    expect(outcome.filter((line) => line.startsWith("/calendar"))).toHaveLength(4);
    expect(outcome.filter((line) => line.startsWith("/round"))).toEqual([
      "/round-1 skipped",
      "/round-2 failed",
    ]);
    expect(outcome.filter((line) => line.startsWith("/each")).sort()).toEqual([
      "/each-1 skipped",
      "/each-2 indexed",
    ]);
    expect(site.hits("/a")).toBe(1);
  });

  test("is read as far as its settings say", async () => {
    const paths = ["/help/a", "/help/b", "/blog/c", "/help/print/d", "/other"];
    site.set("/", html("Shop", "We sell lamps.", links(...paths)));
    for (const path of paths) site.set(path, html(path, `The text of the page ${path}.`));
    const { id } = await scene.read({ url: site.url, include: ["/help/"], exclude: ["*/print/*"] });
    expect(await scene.outcome(id)).toEqual(["/ skipped", "/help/a indexed", "/help/b indexed"]);
    const patched = await scene.api("PATCH", `/api/v1/sources/${id}`, { include: [], maxPages: 3 });
    expect(patched.status).toBe(200);
    const run = await scene.crawl(id);
    expect(run).toMatchObject({ maxPages: 3, exclude: ["*/print/*"], lastRun: { pages: { found: 3 } } });
    // There was more than the limit allows: what was not come to is not taken for gone.
    expect(run.lastRun?.pages.removed).toBe(0);
  });

  test("holds other files too; what is no text is left alone", async () => {
    const paths = ["/photo.jpg", "/style.css", "/picture", "/notes.txt", "/data.bin", "/big", "/empty"];
    site.set("/", html("Shop", "We sell lamps.", links(...paths)));
    site.set("/photo.jpg", "x", { type: "image/jpeg" });
    site.set("/picture", "x", { type: "image/png" });
    site.set("/notes.txt", "Our opening hours are nine to five.", { type: "text/plain" });
    site.pages.set("/big", { body: "a".repeat(3 * 1024 * 1024), type: "text/plain" });
    site.set("/empty", "");
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual([
      "/ indexed",
      "/big failed",
      "/empty failed",
      "/notes.txt indexed",
      "/picture skipped",
    ]);
    expect(site.hits("/photo.jpg") + site.hits("/style.css") + site.hits("/data.bin")).toBe(0);
    expect((await scene.pages(id)).get("/big")?.reason).toContain("limit of 2 MB");
  });

  test("that sends from its bare name to www is one site, and other sites are not entered", async () => {
    const [bare, www] = [`http://shop.test:${site.port}`, `http://www.shop.test:${site.port}`];
    const page = html(
      "Shop",
      "We sell lamps.",
      links(`${bare}/a`, `${www}/a`, "http://elsewhere.test/", "/away"),
    );
    const atHome = (answer: FakePageAnswer) => (request: Request) => {
      const isBare = request.headers.get("host") === `shop.test:${site.port}`;
      const path = new URL(request.url).pathname;
      return isBare ? Response.redirect(`${www}${path}`, 301) : answer();
    };
    const asHtml = (body: string) => () => new Response(body, { headers: { "content-type": "text/html" } });
    site.pages.set("/", { answer: atHome(asHtml(page)) });
    site.pages.set("/a", { answer: atHome(asHtml(html("A", "About our lamps and chairs."))) });
    site.pages.set("/away", { status: 302, headers: { location: "http://elsewhere.test/page" } });
    const { id } = await scene.read({ url: bare });
    const pages = [...(await scene.pages(id)).values()];
    expect(pages.map(({ url, status }) => `${url} ${status}`).sort()).toEqual([
      `${www}/ indexed`,
      `${www}/a indexed`,
      `${www}/away skipped`,
    ]);
  });

  test("can be cancelled, read again, and deleted with its documents or without", async () => {
    smallShop();
    site.delayMs = 300;
    const { id } = await scene.addSource({ url: site.url });
    await until(() => site.hits("/") > 1, "the start page to be read");
    const cancelled = await scene.api("DELETE", `/api/v1/sources/${id}/crawl`);
    expect(((await cancelled.json()) as { status: string }).status).toBe("idle");
    site.delayMs = 0;
    const asked = site.requests.length;
    await Bun.sleep(500);
    expect(site.requests.length - asked).toBeLessThanOrEqual(2);
    expect((await scene.crawl(id)).lastRun?.pages.found).toBe(4);
    await scene.allRead();

    expect((await scene.api("DELETE", `/api/v1/sources/${id}?documents=keep`)).status).toBe(204);
    expect((await scene.api("GET", `/api/v1/sources/${id}`)).status).toBe(404);
    await until(async () => (await rowsOf("web_sources")) === 0, "the source to be removed");
    expect(await scene.documentPaths()).toHaveLength(4);
    const kept = await scene.addPage(`${site.url}/prices`);
    expect([kept.status, kept.document.title]).toEqual([200, "Prices"]);
    for (const { id: documentId } of await scene.documents())
      expect((await scene.api("DELETE", `/api/v1/documents/${documentId}`)).status).toBe(204);

    const second = await scene.read({ url: site.url });
    expect((await scene.documents()).length).toBe(4);
    expect((await scene.api("DELETE", `/api/v1/sources/${second.id}`)).status).toBe(204);
    await until(async () => (await scene.documents()).length === 0, "the documents to be removed");
    await until(async () => (await rowsOf("web_pages")) === 0, "every trace to be removed");
  });

  test("does not take over or remove what its owner added himself", async () => {
    smallShop();
    const own = await scene.addPage(`${site.url}/prices`);
    await scene.readDocument(own.document.id);
    const text = html("Returns", "Goods can be sent back within thirty days.", links("/delivery"));
    const form = new FormData();
    form.append("file", new File([text], "returns.html"));
    expect((await scene.api("POST", "/api/v1/documents", form)).status).toBe(201);
    const { id } = await scene.read({ url: site.url });
    expect(await scene.outcome(id)).toEqual([
      "/ indexed",
      "/delivery indexed",
      "/prices skipped",
      "/returns skipped",
    ]);
    expect((await scene.api("DELETE", `/api/v1/sources/${id}`)).status).toBe(204);
    await until(async () => (await scene.documents()).length === 2, "its own documents to be removed");
    expect((await scene.documents()).map(({ title }) => title).sort()).toEqual(["Prices", "returns.html"]);
  });

  test("whose page moved keeps its document, and does not index it again", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    const before = (await scene.allRead()).find(({ url }) => url?.endsWith("/prices"));
    site.set("/new-prices", String(site.pages.get("/prices")?.body));
    site.pages.set("/prices", { status: 301, headers: { location: "/new-prices" } });
    const run = await scene.crawl(id);
    expect(run.lastRun?.pages).toMatchObject({ added: 0, changed: 0, unchanged: 4, removed: 0 });
    const after = await scene.get(`/api/v1/documents/${before?.id}`);
    expect(after).toMatchObject({ url: `${site.url}/new-prices`, version: 1, status: "ready" });
  });

  test("keeps the title that its owner gave to a page's document", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    await scene.allRead();
    await app.app.store.transact(tenantId, (writer) =>
      writer.run("UPDATE documents SET title = 'What things cost' WHERE title = 'Prices'"),
    );
    site.set("/prices", html("Prices!", "A lamp costs sixty euros, a chair costs ninety euros."));
    await scene.crawl(id);
    const titles = (await scene.allRead()).map(({ title }) => title);
    expect(titles).toContain("What things cost");
    expect(titles).not.toContain("Prices!");
  });

  test("brings back a document that was deleted by hand, until its path is excluded", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    const prices = async () => (await scene.allRead()).find(({ url }) => url?.endsWith("/prices"));
    const remove = async () => scene.api("DELETE", `/api/v1/documents/${(await prices())?.id}`);
    expect((await remove()).status).toBe(204);
    expect(await prices()).toBeUndefined();
    expect((await scene.crawl(id)).lastRun?.pages).toMatchObject({ added: 1, unchanged: 3 });
    expect(await prices()).toMatchObject({ status: "ready", version: 1 });
    await scene.api("PATCH", `/api/v1/sources/${id}`, { exclude: ["/prices"] });
    expect((await scene.crawl(id)).lastRun?.pages).toMatchObject({ found: 3, removed: 1 });
    expect(await prices()).toBeUndefined();
  });

  test("that is large and slow does not keep another tenant's from being read", async () => {
    const paths = Array.from({ length: 60 }, (_, index) => `/slow-${index}`);
    site.set("/", html("Slow", "A large and slow shop.", links(...paths)));
    for (const path of paths) site.set(path, html(path, `The text of the page ${path}.`));
    site.delayMs = 300;
    using other = startFakeSite();
    other.set("/", html("Other", "Another tenant's small shop."));
    const { apiKey } = await app.createTenant(`Other ${number}`);
    const slow = await scene.addSource({ url: site.url });
    await until(() => site.requests.length > 5, "the large site to be under way");
    const quick = await new WebScene(apiOf(app, apiKey)).read({ url: other.url });
    expect(quick.lastRun?.pages.added).toBe(1);
    expect((await scene.get<{ status: string }>(`/api/v1/sources/${slow.id}`)).status).toBe("running");
    await scene.api("DELETE", `/api/v1/sources/${slow.id}`);
  });

  test("is noted in the event log when it was read and when it could not be", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url });
    site.down = 500;
    await scene.crawl(id);
    const events = await app.app.store.read(tenantId, (reader) =>
      reader.all<{ type: string; data: string }>("SELECT type, data FROM events WHERE type LIKE 'source.%'"),
    );
    expect(events.map(({ type }) => type)).toEqual(["source.crawled", "source.failed"]);
    expect(JSON.parse(events[0]?.data ?? "{}")).toMatchObject({ sourceId: id, added: 4, removed: 0 });
    expect(JSON.parse(events[1]?.data ?? "{}")).toMatchObject({ sourceId: id, code: "server_error" });
  });
});

type FakePageAnswer = () => Response;

async function rowsOf(table: "web_sources" | "web_pages"): Promise<number> {
  return app.app.store.read(tenantId, (reader) => reader.all(`SELECT id FROM ${table}`).length);
}

describe("a schedule", () => {
  test("says when the next run is, and a run that was missed is made up for once", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url, schedule: "daily" });
    const source = await scene.get<{ nextRunAt: string }>(`/api/v1/sources/${id}`);
    expect(Date.parse(source.nextRunAt)).toBeGreaterThan(Date.now());
    site.forget();
    // The server was off for days: the due time is long over.
    const past = Date.now() - 3 * 86_400_000;
    await app.app.queue.transact(tenantId, (writer) => {
      writer.run("UPDATE web_sources SET next_run_at = ? WHERE id = ?", past, id);
      writer.run("UPDATE jobs SET run_at = ? WHERE type = 'crawl-schedule'", past);
    });
    await until(() => site.hits("/returns") === 1, "the missed run");
    const after = await scene.ended(id);
    expect(after.lastRun?.pages.unchanged).toBe(4);
    expect(Date.parse(after.nextRunAt ?? "")).toBeGreaterThan(Date.now());
    expect(site.hits("/returns")).toBe(1);
    expect(await waiting()).toHaveLength(1);
  });

  test("that is changed takes the place of the one before, and never means never", async () => {
    smallShop();
    const { id } = await scene.read({ url: site.url, schedule: "weekly" });
    expect(await waiting()).toHaveLength(1);
    const patch = (schedule: string) => scene.api("PATCH", `/api/v1/sources/${id}`, { schedule });
    const changed = (await (await patch("30 5 * * *")).json()) as { nextRunAt: string };
    expect(changed.nextRunAt).toEndWith("T05:30:00.000Z");
    expect((await waiting()).map(({ run_at }) => run_at)).toEqual([Date.parse(changed.nextRunAt)]);
    expect(((await (await patch("never")).json()) as { nextRunAt: null }).nextRunAt).toBeNull();
    expect(await waiting()).toEqual([]);
    for (const wrong of ["*/30 * * * *", "sometimes", "0 0 30 2 *", "* * * * * *", ""]) {
      const refused = await patch(wrong);
      expect({ wrong, status: refused.status }).toEqual({ wrong, status: 400 });
    }
  });
});

function waiting(): Promise<{ run_at: number }[]> {
  return app.app.store.read(tenantId, (reader) =>
    reader.all<{ run_at: number }>("SELECT run_at FROM jobs WHERE type = 'crawl-schedule'"),
  );
}
