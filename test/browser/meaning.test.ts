/** The owner chooses in the dashboard what learns the meaning of documents, and sees how that goes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { BinaryServer, requireBinary } from "../../src/testing/binary.ts";
import { type FakeOllama, startFakeOllama } from "../../src/testing/fake-ollama.ts";
import { accessibilityFaults } from "./accessibility.ts";
import { Complaints, launchChromium, newVisitor } from "./chromium.ts";
import { DashboardPage } from "./dashboard-page.ts";
import { shopFiles } from "./shop-files.ts";

const limitMs = 90_000;
const complaints = new Complaints();
let data: string;
let ollama: FakeOllama;
let server: BinaryServer;
let browser: Browser;
let ana: DashboardPage;

beforeAll(async () => {
  requireBinary();
  browser = await launchChromium();
  data = mkdtempSync(join(tmpdir(), "metachat-meaning-"));
  ollama = startFakeOllama({ embedder: { models: ["nomic-embed-text"], dims: 384 } });
  server = await BinaryServer.start({ dataDir: data, env: { OLLAMA_HOST: ollama.url } });
  complaints.allow(server.url);
  ana = new DashboardPage(await (await newVisitor(browser, complaints)).newPage());
  await ana.setUp(server.first.setupLink ?? "");
  await ana.upload(shopFiles);
}, limitMs);

afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
  ollama?.[Symbol.dispose]();
  if (data !== undefined) rmSync(data, { recursive: true, force: true });
});

const card = () => ana.page.locator("form", { has: ana.page.getByLabel("Learnt by") });

async function choose(maker: string, name: string): Promise<void> {
  await card().getByLabel("Learnt by").selectOption({ label: maker });
  if (name !== "") await card().getByLabel("Model that learns").fill(name);
  await card().getByRole("button", { name: "Save" }).click();
}

test(
  "a model that is not there is refused before anything changes, one that is there learns the documents",
  async () => {
    await ana.goTo("Settings");
    await choose("Ollama", "no-such-model");
    await card().getByText("does not have this model").waitFor();
    expect(await accessibilityFaults(ana.page)).toEqual([]);
    await choose("Ollama", "nomic-embed-text");
    await card().getByText("Saved.").waitFor();
    await card().getByText("Saved.").waitFor({ state: "hidden" });
    expect(await card().getByRole("alert").count()).toBe(0);
    expect(ollama.embeds.flat().some((text) => text.startsWith("search_document: "))).toBe(true);
  },
  limitMs,
);

test(
  "while the model's server fails she reads why, and trying again goes on at once",
  async () => {
    const { embedder } = ollama.options;
    if (embedder === undefined) throw new Error("the fake gives no vectors");
    embedder.failWith = 503;
    await ana.goTo("Knowledge");
    const picker = ana.page.waitForEvent("filechooser");
    await ana.page.getByRole("button", { name: "Add documents" }).first().click();
    await ana.page.getByRole("button", { name: "Choose files" }).click();
    await (await picker).setFiles([
      { name: "hours.md", mimeType: "text/markdown", buffer: Buffer.from("On Sundays we stay shut.") },
    ]);
    const row = ana.page.getByRole("row", { name: /hours\.md/ });
    await row
      .getByText("Learning its meaning goes on when the model can be used")
      .filter({ visible: true })
      .waitFor();
    await ana.goTo("Settings");
    await card().getByText("Learning waits for the model's server").waitFor();
    expect(await accessibilityFaults(ana.page)).toEqual([]);
    delete embedder.failWith;
    await card().getByRole("button", { name: "Try again" }).click();
    await card().getByRole("alert").waitFor({ state: "hidden" });
    await ana.goTo("Knowledge");
    await row.getByText("Ready", { exact: true }).filter({ visible: true }).waitFor();
  },
  limitMs,
);

test("no page complained", () => {
  expect(complaints.found.filter((text) => !text.includes("502"))).toEqual([]);
});
