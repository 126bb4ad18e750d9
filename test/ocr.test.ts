/** Scanned documents, through the executable: with text recognition, without it, and with a language of one's own. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentBody, SearchResponse } from "../src/http/schemas.ts";
import { scanPdf } from "../src/knowledge/loaders/scan-pdf.fixture.ts";
import { shippedFiles } from "../src/native/embedded.ts";
import { BinaryServer, runBinary, setUpBinary } from "../src/testing/binary.ts";

const limitMs = 60_000;
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "metachat-ocr-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

class Shop {
  constructor(
    readonly server: BinaryServer,
    readonly apiKey: string,
  ) {}

  async call<Body>(method: string, path: string, body?: FormData | object): Promise<Body> {
    const isForm = body instanceof FormData;
    const response = await fetch(new URL(path, this.server.url), {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(isForm || body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  /** Uploads and waits until it is read or refused. */
  async upload(bytes: Uint8Array): Promise<DocumentBody> {
    const form = new FormData();
    form.append("file", new File([Buffer.from(bytes)], "scan.pdf"));
    const { items } = await this.call<{ items: DocumentBody[] }>("POST", "/api/v1/documents", form);
    return this.settled(items[0]?.id ?? "");
  }

  async settled(id: string): Promise<DocumentBody> {
    for (;;) {
      const document = await this.call<DocumentBody>("GET", `/api/v1/documents/${id}`);
      if (document.status === "ready" || document.status === "failed") return document;
      await Bun.sleep(50);
    }
  }
}

test(
  "a scan is read, found by a row of its table, and says that it was recognised",
  async () => {
    const options = { dataDir, env: { METACHAT_OCR: "eng" } };
    const { apiKey } = await setUpBinary(options, "Harbour Bakery");
    await using server = await BinaryServer.start(options);
    const shop = new Shop(server, apiKey);
    const document = await shop.upload(scanPdf([{ text: "Welcome to us." }, { jpeg: "bakery.jpg" }]));
    expect([document.status, document.note]).toEqual([
      "ready",
      "Page 2 is a scan: what stands there was recognised (OCR) and may hold mistakes.",
    ]);
    const query = { query: "When do you close on Saturday?" };
    const { items } = await shop.call<SearchResponse>("POST", "/api/v1/search", query);
    const [best] = items;
    expect(best?.text.slice(best.bestSentence?.start, best.bestSentence?.end)).toBe(
      "Day: Saturday | Opens: 07:00 | Closes: 12:30",
    );
    expect(best?.page).toBe(2);
  },
  limitMs,
);

test(
  "without text recognition, which is how it starts, a scan is refused with what to do, and read once it is on",
  async () => {
    const scans = [scanPdf([{ jpeg: "bakery.jpg" }]), scanPdf([{ jpeg: "garden.jpg" }])] as const;
    const { apiKey } = await setUpBinary({ dataDir }, "Harbour Bakery");
    let ids: string[];
    {
      await using server = await BinaryServer.start({ dataDir });
      const shop = new Shop(server, apiKey);
      const refused = [await shop.upload(scans[0]), await shop.upload(scans[1])];
      for (const { status, error } of refused) {
        expect([status, error?.code]).toEqual(["failed", "no_text"]);
        expect(error?.message).toContain("ask the operator of this server to turn text recognition on");
      }
      ids = refused.map(({ id }) => id);
    }
    await using server = await BinaryServer.start({ dataDir, env: { METACHAT_OCR: "eng" } });
    const shop = new Shop(server, apiKey);
    // Tried again, and uploaded again: the same document both times.
    await shop.call("POST", `/api/v1/documents/${ids[0]}/retry`);
    expect((await shop.settled(ids[0] ?? "")).status).toBe("ready");
    const again = await shop.upload(scans[1]);
    expect([again.status, again.id]).toEqual(["ready", ids[1] ?? ""]);
  },
  limitMs,
);

test(
  "another language is one file; a server that lacks it says so and does not start",
  async () => {
    const options = { dataDir, env: { METACHAT_OCR: "deu" } };
    const { code, err } = await runBinary(options, ["serve", "--port", "0"]);
    expect(code).toBe(2);
    expect(err).toContain(`there is no ${join(dataDir, "ocr", "deu.traineddata")}`);
    mkdirSync(join(dataDir, "ocr"));
    copyFileSync(shippedFiles.ocr.english.path, join(dataDir, "ocr", "deu.traineddata.gz"));
    const { apiKey } = await setUpBinary(options, "Harbour Bakery");
    await using server = await BinaryServer.start(options);
    const document = await new Shop(server, apiKey).upload(scanPdf([{ jpeg: "garden.jpg" }]));
    expect(document.status).toBe("ready");
  },
  limitMs,
);

const sample = join(import.meta.dir, "..", "..", "shared", "docs", "pdf", "testOCR.pdf");
if (existsSync(sample)) {
  test(
    "a scan from elsewhere is read",
    async () => {
      const options = { dataDir, env: { METACHAT_OCR: "eng" } };
      const { apiKey } = await setUpBinary(options, "Elsewhere");
      await using server = await BinaryServer.start(options);
      const shop = new Shop(server, apiKey);
      expect((await shop.upload(readFileSync(sample))).status).toBe("ready");
      const { items } = await shop.call<SearchResponse>("POST", "/api/v1/search", { query: "new year" });
      expect(items.map(({ text }) => text)).toEqual(["Happy New Year 2003!"]);
    },
    limitMs,
  );
} else console.log("not run: 1 test of test/ocr.test.ts needs ../shared");
