/** A web page is added by its address, fetched in the background, and fetched again when it is added again. */
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
import { zipSync } from "fflate";
import { filesBelow } from "../src/testing/binary.ts";
import { type FakeSite, html, startFakeSite } from "../src/testing/fake-site.ts";
import { startTestApp, type TestApp } from "../src/testing/test-app.ts";
import { until } from "../src/testing/until.ts";
import { apiOf, reachLoopback, WebScene } from "./web-scene.ts";

setDefaultTimeout(60_000);

let app: TestApp;
let site: FakeSite;
let scene: WebScene;
let number = 0;
beforeAll(async () => {
  app = await startTestApp({ env: { ...reachLoopback, METACHAT_MAX_UPLOAD_MB: "2" } });
});
afterAll(() => app[Symbol.asyncDispose]());
beforeEach(async () => {
  site = startFakeSite();
  number += 1;
  scene = new WebScene(apiOf(app, (await app.createTenant(`Shop ${number}`)).apiKey));
});
afterEach(() => site[Symbol.dispose]());

async function read(path: string, title?: string) {
  const { status, document } = await scene.addPage(`${site.url}${path}`, title);
  return { status, document: await scene.readDocument(document.id) };
}

describe("a single page", () => {
  test("becomes a document of its own, with the page's title and address, though robots.txt forbids it", async () => {
    site.set("/robots.txt", "User-agent: *\nDisallow: /", { type: "text/plain" });
    site.set("/hours", html("Opening hours", "We are open from nine to five."));
    const added = await scene.addPage(`${site.url}/hours#today`);
    expect(added).toMatchObject({
      status: 201,
      document: { source: "page", status: "pending", checksum: "", bytes: 0, url: `${site.url}/hours` },
    });
    const document = await scene.readDocument(added.document.id);
    expect(document).toMatchObject({
      title: "Opening hours",
      status: "ready",
      version: 1,
      mediaType: "text/html",
    });
    const original = await scene.api("GET", `/api/v1/documents/${document.id}/original`);
    expect(await original.text()).toBe(String(site.pages.get("/hours")?.body));
    expect(document.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test("added again gives the same document, and a new version where the page changed", async () => {
    site.set("/hours", html("Opening hours", "We are open from nine to five."));
    const first = await read("/hours");
    const again = await read("/hours?utm_campaign=spring");
    expect([again.status, again.document.id]).toEqual([200, first.document.id]);
    await until(() => site.requests.some(({ status }) => status === 304), "the page to be asked for again");
    expect((await scene.documents()).map(({ version }) => version)).toEqual([1]);
    site.set("/hours", html("Opening hours", "We are open from ten to six."));
    await scene.addPage(`${site.url}/hours`);
    const changed = await until(async () => {
      const [document] = await scene.documents();
      return document?.version === 2 && document.status === "ready" && document;
    }, "the new version");
    expect(changed).toMatchObject({ id: first.document.id, title: "Opening hours" });
  });

  test("may be any file that can be read, whatever its name says", async () => {
    site.set("/download.php?id=7", "# Warranty\n\nTwo years of warranty on every lamp.", {
      type: "text/markdown",
    });
    site.pages.set("/report", {
      body: docx("The yearly report praises our lamps."),
      type: "application/octet-stream",
    });
    expect((await read("/download.php?id=7")).document).toMatchObject({
      status: "ready",
      title: "download.md",
    });
    expect((await read("/report")).document).toMatchObject({
      status: "ready",
      mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    });
  });

  test("keeps the title that it was given, and the address to which it led", async () => {
    site.pages.set("/short", { status: 302, headers: { location: "/long/way" } });
    site.set("/long/way", html("Terms", "These are our terms of delivery."));
    const { document } = await read("/short", "Our terms");
    expect(document).toMatchObject({ title: "Our terms", status: "ready", url: `${site.url}/long/way` });
    for (const path of ["/short", "/long/way"])
      expect(await scene.addPage(`${site.url}${path}`)).toMatchObject({
        status: 200,
        document: { id: document.id },
      });
  });

  test("that cannot be had fails with a reason, and can be tried again", async () => {
    site.pages.set("/closed", { status: 403 });
    site.pages.set("/broken", { status: 500 });
    site.pages.set("/photo", { body: Buffer.from("\x89PNG\r\n\x1a\n0000", "latin1"), type: "image/png" });
    site.pages.set("/huge", { body: "a ".repeat(2 * 1024 * 1024), type: "text/plain" });
    site.set("/loop", "", { status: 302, headers: { location: "/loop" } });
    const codes: Record<string, string | undefined> = {};
    for (const path of ["/none", "/closed", "/broken", "/photo", "/huge", "/loop"]) {
      const { document } = await read(path);
      expect(document.status).toBe("failed");
      codes[path] = document.error?.code;
      expect(document.error?.message).toMatch(/\.$/);
    }
    expect(codes).toEqual({
      "/none": "not_found",
      "/closed": "refused",
      "/broken": "server_error",
      "/photo": expect.any(String),
      "/huge": "too_large",
      "/loop": "unreachable",
    });
    expect((await read("/none")).document.error?.message).toContain("404");
    const [missing] = (await scene.documents()).filter(({ url }) => url?.endsWith("/none"));
    expect((await scene.api("GET", `/api/v1/documents/${missing?.id}/original`)).status).toBe(404);
    site.set("/none", html("Here now", "The page has come into being."));
    expect((await scene.api("POST", `/api/v1/documents/${missing?.id}/retry`)).status).toBe(200);
    expect(await scene.readDocument(missing?.id ?? "")).toMatchObject({ status: "ready", title: "Here now" });
  });

  test("that is gone when it is read again keeps what was read before, and says so", async () => {
    site.set("/hours", html("Opening hours", "We are open from nine to five."));
    const { document } = await read("/hours");
    site.pages.delete("/hours");
    await scene.addPage(`${site.url}/hours`);
    const failed = await until(async () => {
      const now = await scene.readDocument(document.id);
      return now.status === "failed" && now;
    }, "the page to be missed");
    expect(failed.error?.message).toContain("What was read before is still used");
    const found = await scene.api("POST", "/api/v1/search", { query: "When are you open?" });
    expect(((await found.json()) as { items: unknown[] }).items).toHaveLength(1);
    // Back, and changed meanwhile: trying again takes the new version.
    site.set("/hours", html("Opening hours", "We are open from ten to six."));
    await scene.api("POST", `/api/v1/documents/${document.id}/retry`);
    expect(await scene.readDocument(document.id)).toMatchObject({ status: "ready", version: 2 });
  });

  test("with exactly the content of another document is not indexed a second time", async () => {
    site.set("/a", html("Same", "The same text at two addresses."));
    site.set("/b", html("Same", "The same text at two addresses."));
    await read("/a");
    const { document } = await read("/b");
    expect(document).toMatchObject({ status: "failed", error: { code: "duplicate" } });
    expect(document.error?.message).toContain('"Same"');
  });

  test("leaves nothing behind when it is deleted, also while it is fetched", async () => {
    site.delayMs = 500;
    site.set("/hours", html("Opening hours", "We are open from nine to five."));
    const { document } = await scene.addPage(`${site.url}/hours`);
    await until(() => site.mostAtOnce() > 0, "the page to be asked for");
    expect((await scene.api("DELETE", `/api/v1/documents/${document.id}`)).status).toBe(204);
    await until(() => site.hits("/hours") === 1, "the page to be sent");
    expect(await scene.documents()).toEqual([]);
    await until(
      () => filesBelow(app.dataDir).every((path) => !path.includes(document.id)),
      "its folder to be removed",
    );
    site.delayMs = 0;
    expect((await scene.addPage(`${site.url}/hours`)).status).toBe(201);
  });

  test("is named by an address that is one", async () => {
    for (const url of [
      "",
      "shop.example",
      "ftp://shop.example/",
      "javascript:alert(1)",
      "http://user:pw@shop.example/",
    ]) {
      const response = await scene.api("POST", "/api/v1/documents", { url });
      expect({ url, status: response.status }).toEqual({ url, status: 400 });
    }
    const both = await scene.api("POST", "/api/v1/documents", { url: site.url, text: "and a text" });
    expect(both.status).toBe(400);
    expect(await scene.documents()).toEqual([]);
  });
});

/** The smallest Word document. */
function docx(text: string): Uint8Array<ArrayBuffer> {
  const type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
  const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
  const encode = (xml: string) => new TextEncoder().encode(`<?xml version="1.0"?>${xml}`);
  return new Uint8Array(
    zipSync({
      "[Content_Types].xml": encode(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`,
      ),
      "_rels/.rels": encode(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relation}" Target="word/document.xml"/></Relationships>`,
      ),
      "word/document.xml": encode(
        `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
      ),
    }),
  );
}
