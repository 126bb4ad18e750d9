/** How fast it starts, how much memory it takes, how large it is. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Client } from "./harness/client.ts";
import { binary, root, temporaryFolder } from "./harness/paths.ts";
import { benchmark, type Report } from "./harness/report.ts";
import { createTenant, memoryOf, type Server, startServer, type Tenant } from "./harness/server.ts";
import { median } from "./harness/stats.ts";

const starts = 9;
/** The ingest thread ends after a minute without work. */
const ingestIdleMs = 66_000;

/** @returns milliseconds to ready: each on an empty folder, and each again on the folder that is there now. */
async function measureStarts(): Promise<{ empty: number[]; again: number[] }> {
  const empty: number[] = [];
  const again: number[] = [];
  for (let index = 0; index < starts; index += 1) {
    using folder = temporaryFolder();
    for (const samples of [empty, again]) {
      await using server = await startServer(folder.path);
      samples.push(server.readyMs);
    }
  }
  return { empty, again };
}

/** A help page of 200 sentences: about ten passages. */
function helpPage(): string {
  const line = (n: number) =>
    `Order number ${n} can be returned within ${n + 10} days, and the money is back on the card after ${n + 3} working days.`;
  const paragraphs = Array.from({ length: 40 }, (_, at) =>
    Array.from({ length: 5 }, (_, index) => line(at * 5 + index)).join(" "),
  );
  return paragraphs.join("\n\n");
}

async function measureMemory(report: Report): Promise<void> {
  using folder = temporaryFolder();
  const tenant = await createTenant(folder.path, "Bench");
  await measureFirstDay(report, folder.path, tenant);
  await using server = await startServer(folder.path);
  const client = new Client(server.url, tenant.apiKey);
  for (let index = 0; index < 50; index += 1)
    await client.search(`How long does the return of order ${index} take?`);
  addMemory(report, server, "RSS, started anew, embedder warm, nothing taken in", 450);
}

async function measureFirstDay(report: Report, dataDir: string, tenant: Tenant): Promise<void> {
  await using server = await startServer(dataDir);
  const client = new Client(server.url, tenant.apiKey);
  await client.send("GET", "/api/v1/documents");
  await Bun.sleep(2_000);
  addMemory(report, server, "RSS, one tenant, embedder not used yet", 150);
  const { id } = await client.addText("Returns", helpPage());
  await client.waitFor(id, "full");
  await client.chat("When is the money of order number 17 back on the card?");
  addMemory(report, server, "RSS, after an upload and a question", 450);
  for (let index = 0; index < 50; index += 1)
    await client.search(`Within how many days is order ${index} returned?`);
  addMemory(report, server, "RSS, 50 questions later", 450);
  await Bun.sleep(ingestIdleMs);
  await client.search("How long does a return take?");
  addMemory(report, server, "RSS, embedder warm, ingest thread ended (idle > 60 s)", 450);
}

function addMemory(report: Report, server: Server, name: string, atMost: number): void {
  const { total, anonymous, file } = memoryOf(server.pid);
  const note = `own ${anonymous.toFixed(0)} MB, mapped files ${file.toFixed(0)} MB`;
  report.add({ name, value: total, unit: "MB", target: { atMost }, note });
}

function measureSizes(report: Report): void {
  const size = statSync(binary).size / 1e6;
  report.add({ name: "executable", value: size, unit: "MB", target: { atMost: 280 } });
  const widget = Bun.gzipSync(new Uint8Array(readFileSync(join(root, "dist/web/widget.js"))));
  report.add({ name: "widget.js, gzip", value: widget.length / 1e3, unit: "KB", target: { atMost: 30 } });
}

await benchmark("start", "start, memory and size of the executable", { binary: true }, async (report) => {
  measureSizes(report);
  const { empty, again } = await measureStarts();
  const spread = (samples: number[]) =>
    `median of ${starts}; ${Math.min(...samples).toFixed(0)} to ${Math.max(...samples).toFixed(0)} ms`;
  report.add({
    name: "ready on an empty folder",
    value: median(empty),
    unit: "ms",
    target: { atMost: 1000 },
    note: spread(empty),
  });
  report.add({
    name: "ready on a folder used before",
    value: median(again),
    unit: "ms",
    target: { atMost: 300 },
    note: spread(again),
  });
  await measureMemory(report);
});
