/** The owner chooses in the dashboard what learns the meaning of documents, and sees how that goes. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type FakeOllama, startFakeOllama } from "../../src/testing/fake-ollama.ts";
import { accessibilityFaults } from "./accessibility.ts";
import type { DashboardPage } from "./dashboard-page.ts";
import { OwnedShop } from "./owned-shop.ts";
import { shopFiles } from "./shop-files.ts";

const limitMs = 90_000;
let ollama: FakeOllama;
let shop: OwnedShop;
let ana: DashboardPage;

beforeAll(async () => {
  ollama = startFakeOllama({ embedder: { models: ["nomic-embed-text"], dims: 384 } });
  shop = await OwnedShop.open({ OLLAMA_HOST: ollama.url });
  ({ ana } = shop);
  await ana.upload(shopFiles);
}, limitMs);

afterAll(async () => {
  await shop?.[Symbol.asyncDispose]();
  ollama?.[Symbol.dispose]();
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
  expect(shop.complaints.found.filter((text) => !text.includes("502"))).toEqual([]);
});
