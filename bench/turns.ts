/**
 * Turns of a conversation on 1,000 passages with a language model that costs nothing: what is left is MetaChat.
 *
 *   bun bench/turns.ts [--sample 200]     turns of the single user
 */
import { z } from "zod";
import { sampleSize } from "./harness/args.ts";
import { fillTenant } from "./harness/bulk.ts";
import { type ChatBody, Client } from "./harness/client.ts";
import { startFakeModel } from "./harness/fake-model.ts";
import { realPassages, recombined, type VectorText } from "./harness/passages.ts";
import { temporaryFolder } from "./harness/paths.ts";
import { benchmark, type Report, withUnit } from "./harness/report.ts";
import { sentenceVectorsOf } from "./harness/sentence-vectors.ts";
import { cpuMsOf, createTenant, startServer } from "./harness/server.ts";
import { questionsOf, squad } from "./harness/squad.ts";
import { median, percentile, share, shuffled } from "./harness/stats.ts";
import { Visitor } from "./harness/visitor.ts";

const passageCount = 1_000;
const users = 32;
const crowdMs = 10_000;
const warmUp = 20;
const socketTurns = 150;

/** Hands out each question once. */
class Questions {
  #next = 0;
  constructor(readonly texts: readonly string[]) {}

  next(): string {
    const text = this.texts[this.#next++ % this.texts.length];
    if (text === undefined) throw new Error("there are no questions");
    return text;
  }
}

interface Turn {
  readonly ms: number;
  readonly answer: ChatBody;
}

/** One user: stays in a conversation until the assistant hands it over, then begins another. */
async function talk(client: Client, questions: Questions, goOn: (turns: number) => boolean): Promise<Turn[]> {
  const turns: Turn[] = [];
  let conversationId: string | undefined;
  while (goOn(turns.length)) {
    const started = performance.now();
    const answer = await client.chat(questions.next(), conversationId);
    turns.push({ ms: performance.now() - started, answer });
    conversationId = answer.message.action === "handed_over" ? undefined : answer.conversationId;
  }
  return turns;
}

const answered = (turn: Turn) =>
  turn.answer.message.action === "sent" && turn.answer.message.provider === "ollama";

async function oneUser(report: Report, client: Client, questions: Questions, pid: number): Promise<void> {
  const count = warmUp + sampleSize(200);
  const before = cpuMsOf(pid);
  const all = (await talk(client, questions, (done) => done < count)).slice(warmUp);
  const cpu = (cpuMsOf(pid) - before) / count;
  const turns = all.filter(answered);
  const samples = turns.map((turn) => turn.ms);
  const note = `${turns.length} of ${all.length} turns answered by the model; p99 ${withUnit(percentile(samples, 0.99), "ms")}`;
  report.add({ name: "one user, POST /chat: p50", value: median(samples), unit: "ms", note });
  report.add({
    name: "one user, POST /chat: p95",
    value: percentile(samples, 0.95),
    unit: "ms",
    target: { atMost: 30 },
  });
  report.add({ name: "one user, POST /chat: processor time a turn", value: cpu, unit: "ms" });
  await explain(report, client, turns);
}

/** Where a turn's time goes, by the product's own traces. */
async function explain(report: Report, client: Client, turns: readonly Turn[]): Promise<void> {
  const found: { search: number; model: number; total: number; rest: number }[] = [];
  for (const turn of turns) {
    const { steps, totalMs } = await client.trace(turn.answer);
    const of = (name: string) => steps.find((step) => step.name === name)?.durationMs ?? 0;
    found.push({ search: of("search"), model: of("model"), total: totalMs, rest: turn.ms - totalMs });
  }
  const part = (name: "search" | "model" | "total" | "rest") =>
    withUnit(median(found.map((item) => item[name])), "ms");
  report.say(
    `a turn's medians: search ${part("search")}, model ${part("model")}, all of the trace ${part("total")}; accept, job, commit and HTTP ${part("rest")}`,
  );
}

async function crowd(report: Report, client: Client, questions: Questions, pid: number): Promise<void> {
  const end = performance.now() + crowdMs;
  const started = performance.now();
  const before = cpuMsOf(pid);
  const perUser = await Promise.all(
    Array.from({ length: users }, () => talk(client, questions, () => performance.now() < end)),
  );
  const seconds = (performance.now() - started) / 1000;
  const all = perUser.flat();
  const cpu = (cpuMsOf(pid) - before) / all.length;
  const samples = all.map((turn) => turn.ms);
  const note = `p50 ${withUnit(median(samples), "ms")}, p95 ${withUnit(percentile(samples, 0.95), "ms")}; ${(100 * share(all, answered)).toFixed(0)} % answered by the model, the others handed over; processor time ${withUnit(cpu, "ms")} a turn`;
  report.add({
    name: `${users} users, POST /chat: turns`,
    value: all.length / seconds,
    unit: "1/s",
    target: { atLeast: 60 },
    note,
  });
}

const channelList = z.object({
  items: z.array(z.object({ kind: z.string(), publicKey: z.string().nullable() })),
});

async function throughWidget(report: Report, client: Client, questions: Questions): Promise<void> {
  const limits = { messagesPerMinute: 10_000, messagesPerDay: 1_000_000 };
  await client.send("PATCH", "/api/v1/settings", { channels: limits });
  const { items } = channelList.parse(await client.send("GET", "/api/v1/channels"));
  const key = items.find((item) => item.kind === "webchat")?.publicKey ?? "";
  const first: number[] = [];
  const whole: number[] = [];
  let visitor = await Visitor.connect(client.url, key);
  for (let index = 0; index < socketTurns; index += 1) {
    // One socket may send thirty frames a second.
    await Bun.sleep(25);
    const turn = await visitor.ask(questions.next());
    if (turn.action === "sent" && index >= warmUp) {
      whole.push(turn.wholeMs);
      if (turn.firstMs !== null) first.push(turn.firstMs);
    }
    if (turn.action !== "handed_over") continue;
    visitor[Symbol.dispose]();
    visitor = await Visitor.connect(client.url, key);
  }
  visitor[Symbol.dispose]();
  const p95 = `p95 ${withUnit(percentile(whole, 0.95), "ms")}`;
  report.add({ name: "one visitor, widget's WebSocket: first piece, p50", value: median(first), unit: "ms" });
  report.add({
    name: "one visitor, widget's WebSocket: whole answer, p50",
    value: median(whole),
    unit: "ms",
    note: p95,
  });
}

/** What calling the fake model alone costs, with a prompt as large as a turn's. */
async function floor(report: Report, url: string, passages: readonly VectorText[]): Promise<void> {
  const sources = passages
    .slice(0, 5)
    .map(({ text }, index) => `<source number="${index + 1}" from="x">\n${text}\n</source>`);
  const content = `Sources:\n${sources.join("\n")}\n\nQuestion: what?`;
  const samples: number[] = [];
  for (let index = 0; index < 200; index += 1) {
    const started = performance.now();
    const body = JSON.stringify({
      model: "test-model:latest",
      stream: true,
      messages: [{ role: "user", content }],
    });
    await (await fetch(`${url}/api/chat`, { method: "POST", body })).text();
    samples.push(performance.now() - started);
  }
  const note = `p95 ${withUnit(percentile(samples, 0.95), "ms")}; part of every turn`;
  report.add({ name: "the fake model alone: p50", value: median(samples), unit: "ms", note });
}

await benchmark(
  "turns",
  "turns with a model that costs nothing",
  { binary: true, shared: true },
  async (report) => {
    const base = await realPassages();
    const passages = [...base, ...recombined(base, passageCount - base.length)];
    const texts = new Set(shuffled(questionsOf(await squad()), 3).map((question) => question.text));
    const questions = new Questions([...texts]);
    await using model = await startFakeModel();
    using folder = temporaryFolder();
    const tenant = await createTenant(folder.path, "Turns");
    await fillTenant(folder.path, tenant.id, passages, await sentenceVectorsOf(passages));
    await using server = await startServer(folder.path, { OLLAMA_HOST: model.url });
    const client = new Client(server.url, tenant.apiKey);
    await floor(report, model.url, passages);
    await oneUser(report, client, questions, server.pid);
    await throughWidget(report, client, questions);
    await crowd(report, client, questions, server.pid);
  },
);
