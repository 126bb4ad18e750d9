/**
 * An answer while it is written: a language model is held in the middle, and the visitor and the owner look on. The
 * model is a real HTTP server that speaks Ollama's protocol; everything else is the compiled executable.
 */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BinaryServer } from "../../src/testing/binary.ts";
import { type FakeOllama, startFakeOllama } from "../../src/testing/fake-ollama.ts";
import { until } from "../../src/testing/until.ts";
import { Complaints, launchChromium, newVisitor } from "./chromium.ts";
import { DashboardPage } from "./dashboard-page.ts";
import { shopFiles } from "./shop-files.ts";
import { WidgetPage } from "./widget-page.ts";

const answer = "Delivery inside the city costs 4.90 euros [1]. Above 60 euros it is free [1].";
const heldAt = 6;

/** A model that stops before its seventh word until it is released. */
function heldModel(): { model: FakeOllama; release: () => void } {
  const gate = Promise.withResolvers<void>();
  const model = startFakeOllama({
    answer: () => answer,
    before: (index) => (index === heldAt ? gate.promise : undefined),
  });
  return { model, release: () => gate.resolve() };
}

test("an answer appears while it is written, survives a reload in its middle, and is seen by the owner at once", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "metachat-live-"));
  const complaints = new Complaints();
  const { model, release } = heldModel();
  try {
    await using server = await BinaryServer.start({ dataDir, env: { OLLAMA_HOST: model.url } });
    await using browser = await launchChromium();
    complaints.allow(server.url);
    const owner = new DashboardPage(await (await newVisitor(browser, complaints)).newPage());
    await owner.setUp(server.first.setupLink ?? "");
    await owner.upload(shopFiles);

    const visitor = new WidgetPage(await (await newVisitor(browser, complaints)).newPage());
    await visitor.page.goto(`${server.url}/demo`);
    await visitor.open();
    await visitor.ask("How much does delivery cost?");
    await until(() => model.sent === heldAt, "the model to be held in the middle");
    await visitor.sees(/Delivery inside the city costs/);
    expect(await visitor.thread.getByText("Above 60 euros").count()).toBe(0);

    await visitor.page.reload();
    await visitor.open();
    await visitor.sees(/Delivery inside the city costs/);

    await owner.goTo("Conversations");
    await owner.page.getByRole("link", { name: /Visitor/ }).click();
    const thread = owner.page.getByRole("list", { name: "Messages" });
    await thread.getByText("The assistant is writing").waitFor();
    await thread.getByText(/Delivery inside the city costs/).waitFor();

    release();
    await visitor.sees(/Above 60 euros it is free/);
    await visitor.thread
      .getByRole("button", { name: /^Source 1/ })
      .first()
      .waitFor();
    await thread.getByText(/Above 60 euros it is free/).waitFor();
    await thread.getByText("The assistant is writing").waitFor({ state: "hidden" });
    expect(await visitor.thread.getByText(/Delivery inside the city costs/).count()).toBe(1);
    expect(await thread.getByText(/Delivery inside the city costs/).count()).toBe(1);
    expect(complaints.found).toEqual([]);
  } finally {
    release();
    model[Symbol.dispose]();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
