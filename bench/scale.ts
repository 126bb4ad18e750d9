/**
 * Search at 1,000 to 1,000,000 passages: how long it takes, how much memory it holds, and what its speed costs in what
 * it finds. The 857 passages of SQuAD 1.1 among others put together from their sentences.
 *
 *   bun bench/scale.ts [--sizes 1000,10000]     default: 1,000 to 100,000, and 1,000,000 where 15 GB are free
 *   bun bench/scale.ts [--sample 300]           questions a size
 */
import { readAtOnce } from "../src/knowledge/vector-matrices.ts";
import { sampleSize, wantedSizes } from "./harness/args.ts";
import { Client, type SearchBody } from "./harness/client.ts";
import { vectorsOf } from "./harness/passages.ts";
import { benchmark, type Report, withUnit } from "./harness/report.ts";
import { hasRoom, type ScaleData, scaleData } from "./harness/scale-data.ts";
import {
  type AskedVector,
  frequentWords,
  ScaleDatabase,
  vectorRecall,
  type WordsRecall,
} from "./harness/scale-quality.ts";
import { memoryOf, startServer } from "./harness/server.ts";
import { type Question, questionsOf, squad } from "./harness/squad.ts";
import { median, percentile, shuffled } from "./harness/stats.ts";

const million = 1_000_000;
/** 95th percentile in milliseconds by size. */
const targets = new Map([
  [10_000, 20],
  [100_000, 50],
  [million, 250],
]);
const warmUp = 20;
/** Comparing one question with a million vectors takes half a second, looking for all its words some seconds. */
const mostExact = 100;
const mostOfMillion = 200;

async function sizesToMeasure(report: Report): Promise<readonly number[]> {
  const wanted = wantedSizes();
  if (wanted !== null) return wanted;
  const sizes = [1_000, 10_000, 100_000];
  if (await hasRoom(million)) return [...sizes, million];
  report.say("1,000,000 passages were left out: less than 15 GB of the disk are free");
  return sizes;
}

/** Asks until vectors are compared in memory. @returns whether it was seen that they came there */
async function vectorsInMemory(client: Client, questions: string[], size: number): Promise<boolean> {
  const ask = async () => (await client.search(questions.pop() ?? "", "vector")).timings.vectorMs;
  await ask();
  if (size <= readAtOnce) return true;
  const slow = await ask();
  const deadline = performance.now() + 30_000 + size / 5;
  let fast = 0;
  while (fast < 5) {
    if (performance.now() > deadline || questions.length === 0) return false;
    await Bun.sleep(size / 500);
    fast = (await ask()) < slow / 2 ? fast + 1 : 0;
  }
  return true;
}

/** Over HTTP, one caller, every question once, its embedding included. */
async function measureServer(
  report: Report,
  name: string,
  { dataDir, tenant }: ScaleData,
  size: number,
  questions: readonly Question[],
): Promise<void> {
  await using server = await startServer(dataDir);
  const client = new Client(server.url, tenant.apiKey);
  const texts = questions.map(({ text }) => text);
  const count = sampleSize(300);
  const measured = texts.splice(0, warmUp + count);
  if (!(await vectorsInMemory(client, texts, size)))
    report.say(`${name}: vectors were not seen to come into memory; see the median for vectors and fusion`);
  const taken: { ms: number; timings: SearchBody["timings"] }[] = [];
  for (const text of measured) {
    const started = performance.now();
    const { timings } = await client.search(text);
    taken.push({ ms: performance.now() - started, timings });
  }
  const counted = taken.slice(warmUp);
  const samples = counted.map(({ ms }) => ms);
  const part = (key: keyof SearchBody["timings"]) =>
    withUnit(median(counted.map(({ timings }) => timings[key])), "ms");
  const atMost = targets.get(size);
  report.add({
    name: `${name}: p50`,
    value: median(samples),
    unit: "ms",
    note: `medians of the API: embed ${part("embedMs")}, words ${part("keywordMs")}, vectors and fusion ${part("vectorMs")}`,
  });
  report.add({
    name: `${name}: p95`,
    value: percentile(samples, 0.95),
    unit: "ms",
    note: `p99 ${withUnit(percentile(samples, 0.99), "ms")}; ${samples.length} questions`,
    ...(atMost === undefined ? {} : { target: { atMost } }),
  });
  const { total, anonymous, file } = memoryOf(server.pid);
  report.add({
    name: `${name}: RSS`,
    value: total,
    unit: "MB",
    note: `own ${anonymous.toFixed(0)} MB, mapped files ${file.toFixed(0)} MB`,
  });
}

async function measureQuality(
  report: Report,
  name: string,
  data: ScaleData,
  size: number,
  asked: readonly AskedVector[],
): Promise<void> {
  await using database = await ScaleDatabase.open(data);
  const sample = asked.slice(0, Math.min(mostExact, sampleSize(mostExact)));
  const recall = await vectorRecall(database, sample, size);
  if (recall === null) report.say(`${name}: the vectors do not go into the memory that they may take here`);
  else
    report.add({
      name: `${name}: recall@10 of the vector search against an exact one`,
      value: recall,
      unit: "",
      target: { atLeast: 0.99 },
      note: `${sample.length} questions`,
    });
  const most = size >= million ? mostOfMillion : asked.length;
  const chosen = asked.slice(0, Math.min(most, sampleSize(most)));
  const words = await frequentWords(database, chosen, size);
  report.keep(name, { vectorRecall: recall, words });
  const both = ({ chosen, all }: WordsRecall) => `${chosen.toFixed(3)} / ${all.toFixed(3)}`;
  const loss = ({ chosen, all }: WordsRecall) => all - chosen;
  report.add({
    name: `${name}: R@10 hybrid lost by leaving out frequent words`,
    value: loss(words.hybrid),
    unit: "",
    target: { atMost: 0.005 },
    note: `chosen / all words: hybrid ${both(words.hybrid)}, words alone ${both(words.keyword)}; ${chosen.length} questions, ${(100 * words.affected).toFixed(0)} % with words left out; medians of the words ${withUnit(words.chosenMs, "ms")} / ${withUnit(words.allMs, "ms")}`,
  });
  report.add({
    name: `${name}: the same, right being only the answer's own sentence`,
    value: loss(words.hybridBySentence),
    unit: "",
    note: `chosen / all words: hybrid ${both(words.hybridBySentence)}, words alone ${both(words.keywordBySentence)}`,
  });
}

await benchmark("scale", "search by size", { binary: true, shared: true }, async (report) => {
  const distinct = new Map(
    shuffled(questionsOf(await squad()), 2).map((question) => [question.text, question]),
  );
  const questions = [...distinct.values()];
  const chosen = questions.slice(0, sampleSize(300));
  const vectors = await vectorsOf(
    chosen.map(({ text }) => text),
    "query",
  );
  const asked = chosen.flatMap((question, index) => {
    const vector = vectors[index];
    return vector === undefined ? [] : [{ question, vector }];
  });
  for (const size of await sizesToMeasure(report)) {
    const name = `${size.toLocaleString("en")} chunks`;
    const data = await scaleData(size);
    await measureServer(report, name, data, size, questions);
    await measureQuality(report, name, data, size, asked);
  }
});
