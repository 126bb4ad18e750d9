/** Taking documents in: how fast, and what those who ask meanwhile notice of it. */
import { cpus } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { passageText } from "../src/knowledge/passage-text.ts";
import { Client } from "./harness/client.ts";
import { startApp, type TestApp } from "./harness/in-process.ts";
import { until } from "./harness/load.ts";
import { root, temporaryFolder } from "./harness/paths.ts";
import { textPdf } from "./harness/pdf.ts";
import { benchmark, type Report, withUnit } from "./harness/report.ts";
import { createTenant, type Server, startServer } from "./harness/server.ts";
import { type Passage, passagesOf, questionsOf, squad } from "./harness/squad.ts";
import { median, percentile, shuffled } from "./harness/stats.ts";

const model = join(root, "models", "multilingual-e5-small-int8");
/** As the product chooses it (`app.ts`). */
const threads = Math.max(1, Math.min(4, cpus().length));
const rounds = 3;
const passagesPerRound = 60;
const questionCount = 200;
const pdfPages = 300;
const meanwhileMs = 20_000;
const megabyte = 1024 * 1024;
const arrivalRounds = 8;

const directResult = z.object({ tokens: z.int(), modelMs: z.number(), tokenizeMs: z.number() });

async function direct(texts: readonly string[]): Promise<z.infer<typeof directResult>> {
  const script = join(import.meta.dir, "harness", "onnx-direct.ts");
  const child = Bun.spawn([process.execPath, script, model, String(threads)], {
    stdin: new Blob([JSON.stringify(texts)]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error("the direct run failed");
  return directResult.parse(JSON.parse(text));
}

const asText = (passages: readonly Passage[]) => passages.map((passage) => passage.text).join("\n\n");

/** The product's and ONNX Runtime's own rate by turns, so that a busy machine slows both. */
async function rates(report: Report, client: Client, passages: readonly Passage[]): Promise<void> {
  const found = { tokens: 0, productMs: 0, modelMs: 0, tokenizeMs: 0 };
  const words: number[] = [];
  const meaning: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const text = asText(passages.slice(round * passagesPerRound, (round + 1) * passagesPerRound));
    const started = performance.now();
    const { id } = await client.addText(`Round ${round}`, text);
    await client.waitFor(id, "words", 5);
    const byWords = performance.now();
    await client.waitFor(id, "full", 20);
    const ready = performance.now();
    words.push(byWords - started);
    meaning.push(ready - started);
    const chunks = await client.chunks(id);
    const plain = await direct(
      chunks.map((chunk) => `passage: ${passageText(chunk.heading ?? null, chunk.text)}`),
    );
    found.tokens += plain.tokens;
    found.productMs += ready - byWords;
    found.modelMs += plain.modelMs;
    found.tokenizeMs += plain.tokenizeMs;
  }
  const perSecond = (ms: number) => (found.tokens / ms) * 1000;
  const note = `${threads} threads, ${found.tokens} tokens in ${rounds} documents, batches by length`;
  report.add({
    name: "tokens/s of ingest, from found by words to ready",
    value: perSecond(found.productMs),
    unit: "1/s",
    note,
  });
  report.add({
    name: "tokens/s of ONNX Runtime alone",
    value: perSecond(found.modelMs),
    unit: "1/s",
    note: "tokens made before",
  });
  const ratio = found.modelMs / found.productMs;
  report.add({
    name: "ingest / ONNX Runtime alone, nobody asks",
    value: ratio,
    unit: "",
    target: { atLeast: 0.9 },
  });
  const withTokens = (found.modelMs + found.tokenizeMs) / found.productMs;
  report.add({ name: "ingest / ONNX Runtime and tokenizer", value: withTokens, unit: "" });
  const size = `${passagesPerRound} passages`;
  report.add({ name: `${size}: found by words after`, value: median(words), unit: "ms" });
  report.add({ name: `${size}: found by meaning after`, value: median(meaning), unit: "ms" });
}

async function small(report: Report, client: Client): Promise<void> {
  const words: number[] = [];
  const meaning: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    const started = performance.now();
    const { id } = await client.addText(
      `Note ${index}`,
      `Parcel locker ${index} opens at ${index + 6} in the morning. Bring the code.`,
    );
    await client.waitFor(id, "words", 2);
    words.push(performance.now() - started);
    await client.waitFor(id, "full", 2);
    meaning.push(performance.now() - started);
  }
  report.add({ name: "a note of two sentences: found by words after", value: median(words), unit: "ms" });
  report.add({ name: "a note of two sentences: found by meaning after", value: median(meaning), unit: "ms" });
}

/** Asks one question after the other until told to stop. @returns milliseconds of each */
async function askWhile(client: Client, questions: string[], goOn: () => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (goOn()) {
    const question = questions.pop();
    if (question === undefined) break;
    const started = performance.now();
    await client.search(question);
    samples.push(performance.now() - started);
  }
  return samples;
}

async function questionsMeanwhile(
  report: Report,
  client: Client,
  passages: readonly Passage[],
): Promise<void> {
  const questions = [...new Set(shuffled(questionsOf(await squad())).map((question) => question.text))];
  await askWhile(client, questions.splice(0, 20), () => true);
  const idle = await askWhile(client, questions.splice(0, questionCount), () => true);
  const { id } = await client.addText("Meanwhile", asText(passages));
  const { progress: from } = await client.waitFor(id, "words");
  let ended = false;
  const started = performance.now();
  const waiting = until(
    async () => {
      const { progress } = await client.document(id);
      return (progress === 1 || performance.now() - started > meanwhileMs) && { progress };
    },
    "the document",
    { everyMs: 100, withinMs: meanwhileMs * 2 },
  ).finally(() => {
    ended = true;
  });
  const busy = await askWhile(client, questions, () => !ended);
  const { progress } = await waiting;
  const seconds = (performance.now() - started) / 1000;
  // Only as much of it as was needed to ask.
  await client.send("DELETE", `/api/v1/documents/${id}`);
  report.add({
    name: "passages/s of ingest while one user asks all the time",
    value: ((progress - from) * passages.length) / (1 - from) / seconds,
    unit: "1/s",
  });
  const p95 = (samples: readonly number[]) => percentile(samples, 0.95);
  const about = (samples: readonly number[]) =>
    `p50 ${withUnit(median(samples), "ms")}, ${samples.length} questions`;
  report.add({ name: "question, nothing is taken in: p95", value: p95(idle), unit: "ms", note: about(idle) });
  report.add({
    name: "question during ingest: p95",
    value: p95(busy),
    unit: "ms",
    note: `${about(busy)} in ${seconds.toFixed(1)} s`,
  });
  report.add({
    name: "question during ingest / nothing is taken in: p95",
    value: p95(busy) / p95(idle),
    unit: "×",
    target: { atMost: 2 },
  });
}

/** How long /health/live takes while a book is taken in: what a stranger notices of the main thread. */
async function liveMeanwhile(report: Report, server: Server, client: Client): Promise<void> {
  const poll = async (goOn: () => boolean) => {
    const samples: number[] = [];
    while (goOn()) {
      const started = performance.now();
      await (await fetch(`${server.url}/health/live`)).text();
      samples.push(performance.now() - started);
      await Bun.sleep(2);
    }
    return samples;
  };
  const until2s = performance.now() + 2_000;
  const idle = await poll(() => performance.now() < until2s);
  const book = await textPdf(pdfPages, 1);
  let ready = false;
  const started = performance.now();
  const { id } = await client.addFile("book.pdf", book);
  const waiting = client.waitFor(id, "words", 50).then(async () => {
    const words = performance.now() - started;
    await client.waitFor(id, "full", 100);
    ready = true;
    return words;
  });
  const busy = await poll(() => !ready);
  const words = await waiting;
  const all = performance.now() - started;
  const about = (samples: readonly number[]) =>
    `p50 ${withUnit(median(samples), "ms")}, max ${withUnit(Math.max(...samples), "ms")}, ${samples.length} times`;
  report.add({
    name: "GET /health/live, nothing is taken in: p99",
    value: percentile(idle, 0.99),
    unit: "ms",
    note: about(idle),
  });
  report.add({
    name: `GET /health/live, a PDF of ${pdfPages} pages: p99`,
    value: percentile(busy, 0.99),
    unit: "ms",
    note: about(busy),
  });
  report.add({
    name: `a PDF of ${pdfPages} pages: found by words after`,
    value: words / 1000,
    unit: "s",
    note: `${(book.length / 1e6).toFixed(1)} MB`,
  });
  report.add({ name: `a PDF of ${pdfPages} pages: found by meaning after`, value: all / 1000, unit: "s" });
}

/** Lateness of a timer that is due every millisecond: the event-loop delay, sampled. */
class LoopProbe implements Disposable {
  readonly samples: number[] = [];
  #last = performance.now();
  readonly #timer = setInterval(() => {
    const now = performance.now();
    this.samples.push(Math.max(0, now - this.#last - 1));
    this.#last = now;
  }, 1);

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The same from inside: the server in this process, nothing else on its event loop than the probe and a rare look. */
async function loopDelay(report: Report): Promise<void> {
  await using app = await startApp();
  const { id: tenantId } = await app.createTenant("Loop");
  const content = new Blob([await textPdf(pdfPages, 2)]);
  const idle = new LoopProbe();
  await Bun.sleep(1_500);
  idle[Symbol.dispose]();
  using probe = new LoopProbe();
  const upload = {
    source: "upload",
    title: "book.pdf",
    fileName: "book.pdf",
    mediaType: "application/pdf",
    content,
  } as const;
  const { document } = await app.app.knowledge.add(tenantId, upload);
  const look = () =>
    app.app.store.read(tenantId, (reader) => {
      const row = reader.get<{ status: string }>("SELECT status FROM documents WHERE id = ?", document.id);
      if (row?.status === "failed") throw new Error("the PDF could not be read");
      return row?.status === "ready";
    });
  await until(look, "the PDF", { everyMs: 200, withinMs: 300_000 });
  const { samples } = probe;
  const max = Math.max(...samples);
  const about = `probe: setInterval(1 ms), ${samples.length} samples; idle p99 ${withUnit(percentile(idle.samples, 0.99), "ms")}, max ${withUnit(Math.max(...idle.samples), "ms")}`;
  report.add({
    name: `event-loop delay, a PDF of ${pdfPages} pages: p99`,
    value: percentile(samples, 0.99),
    unit: "ms",
    target: { atMost: 10 },
    note: about,
  });
  report.add({
    name: `event-loop delay, a PDF of ${pdfPages} pages: max`,
    value: max,
    unit: "ms",
    target: { atMost: 10 },
  });
}

/** What the arrival of one body holds up, in a server that does nothing else. @returns the longest delay, in ms */
async function arrival(app: TestApp, key: string, kind: "file" | "text", bytes: number): Promise<number> {
  const script = join(import.meta.dir, "harness", "send-body.ts");
  const child = Bun.spawn([process.execPath, script, app.url, key, kind, String(bytes)], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  await child.stdout.getReader().read();
  Bun.gc(true);
  using probe = new LoopProbe();
  await child.stdin.end();
  if ((await child.exited) !== 0) throw new Error(`the ${kind} was not taken`);
  return Math.max(...probe.samples);
}

/** The largest bodies that are taken: how long their arrival keeps everybody else waiting. */
async function arrivals(report: Report): Promise<void> {
  await using app = await startApp({ idle: true });
  const { apiKey } = await app.createTenant("Arrivals");
  await new Client(app.url, apiKey).addText("Warm up", "The first request of a process opens what it needs.");
  for (const [kind, bytes, name] of [
    ["file", 50 * megabyte, "an upload of 50 MB arrives"],
    ["text", 4 * megabyte, "a text of 4 MB arrives as JSON"],
  ] as const) {
    const longest: number[] = [];
    for (let round = 0; round < arrivalRounds; round += 1)
      longest.push(await arrival(app, apiKey, kind, bytes));
    report.add({
      name: `event-loop delay, ${name}: max`,
      value: Math.max(...longest),
      unit: "ms",
      target: { atMost: 10 },
      note: `of ${arrivalRounds} times, median of their largest ${withUnit(median(longest), "ms")}; the client is a process of its own on the same cores`,
    });
  }
}

await benchmark("ingest", "taking documents in", { binary: true, shared: true }, async (report) => {
  const passages = passagesOf(await squad());
  {
    using folder = temporaryFolder();
    const tenant = await createTenant(folder.path, "Ingest");
    await using server = await startServer(folder.path);
    const client = new Client(server.url, tenant.apiKey);
    const { id } = await client.addText("Warm up", "The embedder is loaded with this first note.");
    await client.waitFor(id, "full");
    await rates(report, client, passages);
    await small(report, client);
    await questionsMeanwhile(report, client, passages.slice(rounds * passagesPerRound).slice(0, 250));
    await liveMeanwhile(report, server, client);
  }
  await loopDelay(report);
  await arrivals(report);
});
