/**
 * Search over HTTP at 1,000, 2,000 and 10,000 passages, with the vectors of their sentences: distinct real questions, one after the other, each mode apart.
 *
 *   bun bench/search.ts [--sample 300]     questions a mode
 */
import { sampleSize } from "./harness/args.ts";
import { fillTenant } from "./harness/bulk.ts";
import { Client, type SearchBody } from "./harness/client.ts";
import { realPassages, recombined, type VectorText } from "./harness/passages.ts";
import { temporaryFolder } from "./harness/paths.ts";
import { benchmark, type Report, withUnit } from "./harness/report.ts";
import { sentenceVectorsOf } from "./harness/sentence-vectors.ts";
import { cpuMsOf, createTenant, startServer } from "./harness/server.ts";
import { questionsOf, squad } from "./harness/squad.ts";
import { median, percentile, shuffled } from "./harness/stats.ts";

const modes = ["hybrid", "keyword", "vector"] as const;
const warmUp = 20;
/** What a hybrid search may take among so many passages, ms. */
const limits: Readonly<Record<number, number>> = { 2000: 25, 10000: 20 };

interface Taken {
  readonly ms: number;
  readonly timings: SearchBody["timings"];
}

async function ask(
  client: Client,
  mode: (typeof modes)[number],
  questions: readonly string[],
): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (const question of questions) {
    const started = performance.now();
    const { timings } = await client.search(question, mode);
    taken.push({ ms: performance.now() - started, timings });
  }
  return taken.slice(warmUp);
}

async function measure(
  report: Report,
  passages: readonly VectorText[],
  questions: readonly string[],
): Promise<void> {
  using folder = temporaryFolder();
  const tenant = await createTenant(folder.path, "Search");
  await fillTenant(folder.path, tenant.id, passages, await sentenceVectorsOf(passages));
  // Not while the server is measured, on the same cores.
  Bun.gc(true);
  await using server = await startServer(folder.path);
  const client = new Client(server.url, tenant.apiKey);
  const size = `${passages.length.toLocaleString("en")} passages`;
  const each = warmUp + sampleSize(300);
  for (const [index, mode] of modes.entries()) {
    const before = cpuMsOf(server.pid);
    const taken = await ask(client, mode, questions.slice(index * each, (index + 1) * each));
    const cpu = (cpuMsOf(server.pid) - before) / each;
    const samples = taken.map((item) => item.ms);
    const part = (name: keyof SearchBody["timings"]) =>
      withUnit(median(taken.map((item) => item.timings[name])), "ms");
    const p95 = percentile(samples, 0.95);
    const atMost = mode === "hybrid" ? limits[passages.length] : undefined;
    const note = `p50 ${withUnit(median(samples), "ms")}, p99 ${withUnit(percentile(samples, 0.99), "ms")}; medians of the API: embed ${part("embedMs")}, words ${part("keywordMs")}, vectors and fusion ${part("vectorMs")}, all ${part("totalMs")}; ${samples.length} questions, processor time ${withUnit(cpu, "ms")} each`;
    report.add({
      name: `${size}, ${mode}: p95`,
      value: p95,
      unit: "ms",
      note,
      ...(atMost === undefined ? {} : { target: { atMost } }),
    });
  }
}

await benchmark("search", "search over HTTP", { binary: true, shared: true }, async (report) => {
  const base = await realPassages();
  const questions = [...new Set(shuffled(questionsOf(await squad())).map((question) => question.text))];
  const all = [...recombined(base, 10_000)];
  await measure(report, all.slice(0, 1_000), questions);
  await measure(report, all.slice(0, 2_000), questions);
  await measure(report, all, questions);
});
