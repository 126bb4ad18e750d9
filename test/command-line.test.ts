/** The commands that look at an installation, through the executable, beside a running server and without one. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BinaryOptions,
  BinaryServer,
  requireBinary,
  runBinary,
  setUpBinary,
} from "../src/testing/binary.ts";
import { html, startFakeSite } from "../src/testing/fake-site.ts";
import { until } from "../src/testing/until.ts";

setDefaultTimeout(90_000);

let options: BinaryOptions;
beforeEach(() => {
  requireBinary();
  options = {
    dataDir: mkdtempSync(join(tmpdir(), "metachat-cli-")),
    env: { OLLAMA_HOST: "http://127.0.0.1:9" },
  };
});
afterEach(() => rmSync(options.dataDir, { recursive: true, force: true }));

async function addPrices(server: BinaryServer, apiKey: string): Promise<void> {
  const response = await server.api(apiKey, "POST", "/api/v1/documents", {
    title: "Prices",
    text: "Delivery within Germany costs 4.90 euros. We are open from nine to six.",
  });
  const { items } = (await response.json()) as { items: { id: string }[] };
  await until(async () => {
    const document = await server.api(apiKey, "GET", `/api/v1/documents/${items[0]?.id}`);
    return ((await document.json()) as { status: string }).status === "ready";
  }, "the document");
}

test("ask answers from a tenant's documents, beside the server and without it", async () => {
  const question = "What does delivery cost?";
  const { apiKey } = await setUpBinary(options, "Shop");
  {
    await using server = await BinaryServer.start(options);
    await addPrices(server, apiKey);
    const beside = await runBinary(options, ["ask", question]);
    expect([beside.code, beside.err]).toEqual([0, ""]);
    expect(beside.out).toContain("Delivery within Germany costs 4.90 euros.");
    expect(beside.out).toContain('[1] Prices: "');
  }
  const alone = await runBinary(options, ["ask", "--json", question]);
  expect(alone.code).toBe(0);
  expect(JSON.parse(alone.out)).toMatchObject({ action: "sent", citations: [{ n: 1, title: "Prices" }] });
  const unknown = await runBinary(options, ["ask", "Who painted the Mona Lisa?"]);
  expect(unknown.code).toBe(3);
  expect(unknown.out).toContain("I don't know");
});

test("ask answers from a web page that nobody has added, and says when a page cannot be had", async () => {
  using site = startFakeSite();
  site.set("/prices", html("Prices", "Delivery within Germany costs 4.90 euros."));
  const reaching = { ...options, env: { ...options.env, METACHAT_EGRESS_ALLOW: "127.0.0.1/32" } };
  const args = ["ask", "--json", "--url", `${site.url}/prices`, "What does delivery cost?"];
  const { code, out } = await runBinary(reaching, args);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ citations: [{ title: "Prices", url: `${site.url}/prices` }] });
  const refused = await runBinary(options, args);
  expect(refused.code).toBe(1);
  expect(refused.out).toContain("METACHAT_EGRESS_ALLOW");
});

test("doctor finds nothing wrong with a new installation, and shows what each claim rests on", async () => {
  await setUpBinary(options, "Shop");
  const { code, out } = await runBinary(options, ["doctor", "--json"]);
  const report = JSON.parse(out) as {
    failed: number;
    items: { claim: string; result: string; by: string }[];
  };
  expect(report.items.filter((item) => item.result === "fail")).toEqual([]);
  expect([code, report.failed]).toEqual([0, 0]);
  expect(report.items.every((item) => item.by !== "")).toBe(true);
});

test("a mistyped data folder is said, not made", async () => {
  const dataDir = join(options.dataDir, "mistyped");
  const elsewhere = { ...options, dataDir, cwd: options.dataDir };
  for (const args of [
    ["doctor"],
    ["ask", "What?"],
    ["user", "reset-password", "a@b.example", "--password-stdin"],
  ]) {
    const { code, err } = await runBinary(elsewhere, args);
    expect([args[0], code]).toEqual([args[0], 2]);
    expect(err).toContain("There is no installation in");
  }
  expect(existsSync(dataDir)).toBe(false);
  const folder = await runBinary(options, ["ask", "--file", options.dataDir, "What?"]);
  expect([folder.code, folder.err]).toEqual([2, expect.stringContaining("is a folder")]);
});

test("a fresh setup link leads to where the server really answers", async () => {
  await using server = await BinaryServer.start(options);
  const { code, out } = await runBinary(options, ["setup", "--link"]);
  expect(code).toBe(0);
  expect(out).toStartWith(`${server.url}/setup?token=`);
  const page = await fetch(out.trim(), { headers: { accept: "text/html" } });
  expect([page.status, page.headers.get("content-type")]).toEqual([
    200,
    expect.stringContaining("text/html"),
  ]);
  // A file that a crash left behind is not believed.
  server.signal("SIGKILL");
  await server.end();
  writeFileSync(join(options.dataDir, "address"), "http://127.0.0.1:9");
  const after = await runBinary(options, ["setup", "--link"]);
  expect(after.out).toStartWith("http://127.0.0.1:3210/setup?token=");
});
