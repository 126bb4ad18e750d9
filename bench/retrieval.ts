/**
 * What search finds, by words, by meaning and by both: SQuAD, XQuAD within and across languages, customers' questions
 * by intent, a help centre; then by both once more, when the vectors of sentences are made.
 *
 *   bun bench/retrieval.ts [--sample 1000]                 questions a set
 *   bun bench/retrieval.ts [--sets squad2,help-center]     some of the sets (harness/retrieval-sets.ts)
 */
import type { Passage } from "../src/knowledge/search-protocol.ts";
import { sampleSize, wantedSets } from "./harness/args.ts";
import { addTexts, sentencesMade, startApp, type TestApp } from "./harness/in-process.ts";
import { inParallel } from "./harness/load.ts";
import { type Judged, judged, type RankingFigures, rankingFigures } from "./harness/ranking.ts";
import { benchmark, type Report } from "./harness/report.ts";
import {
  type Corpus,
  corpora,
  type Hit,
  type QuestionSet,
  type SetQuestion,
} from "./harness/retrieval-sets.ts";
import { shuffled } from "./harness/stats.ts";

const depth = 10;
/** Questions in flight: words, vectors and main thread work at the same time. */
const width = 3;
/** Hybrid search may be this much worse than the better of its parts. */
const allowance = 0.01;
/** Hybrid search must beat plain full-text search by this on SQuAD. */
const gain = 0.04;

/** "plain": full-text search alone (FTS5, Porter, all words OR-ed, plain BM25). */
type Way = "plain" | "keyword" | "vector" | "hybrid" | "hybrid, sentences";

interface Place {
  readonly key: number;
  readonly start: number;
  readonly end: number;
}

/** A tenant with the documents of a corpus in it. */
interface Filled {
  readonly tenantId: string;
  readonly ids: readonly string[];
  /** By key. */
  readonly hits: ReadonlyMap<number, Hit>;
}

async function fill(app: TestApp, corpus: Corpus): Promise<Filled> {
  const { id: tenantId } = await app.createTenant(corpus.key);
  const ids = await addTexts(app, tenantId, corpus.documents);
  const rows = await app.app.store.read(tenantId, (reader) =>
    reader.all<Hit & Place & Record<string, unknown>>(
      "SELECT key, document_id AS documentId, text, start_offset AS start, end_offset AS end FROM chunks",
    ),
  );
  return { tenantId, ids, hits: new Map(rows.map((row) => [row.key, row])) };
}

/** @returns keys of passages, best first */
async function rank(app: TestApp, tenantId: string, question: string, way: Way): Promise<readonly number[]> {
  if (way === "plain") return plainWords(app, tenantId, question);
  const mode = way === "hybrid, sentences" ? "hybrid" : way;
  const { passages } = await app.app.search.search(tenantId, { question, limit: depth, mode });
  return passages.map((passage: Passage) => passage.key);
}

/** Plain full-text search on the tenant's own word index. */
function plainWords(app: TestApp, tenantId: string, question: string): Promise<readonly number[]> {
  const terms = question.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const expression = terms.map((term) => `"${term}"`).join(" OR ");
  return app.app.store.read(tenantId, (reader) =>
    reader
      .all<{ key: number }>(
        `SELECT rowid AS key FROM chunk_words WHERE chunk_words MATCH ? ORDER BY bm25(chunk_words) LIMIT ${depth}`,
        expression,
      )
      .map((row) => row.key),
  );
}

/** The rankings of each way; a question's ways one after the other, so that it is embedded once. */
async function askAll(
  app: TestApp,
  filled: Filled,
  questions: readonly SetQuestion[],
  ways: readonly Way[],
): Promise<Partial<Record<Way, RankingFigures>>> {
  const rankings = new Map<Way, Judged[]>(ways.map((way) => [way, []]));
  await inParallel(questions, width, async (question) => {
    for (const way of ways) {
      const keys = await rank(app, filled.tenantId, question.text, way);
      const found = keys.map((key) => {
        const hit = filled.hits.get(key);
        return hit === undefined ? null : question.judge(hit, filled.ids);
      });
      rankings.get(way)?.push(judged(found, question.relevant));
    }
  });
  return Object.fromEntries([...rankings].map(([way, all]) => [way, rankingFigures(all)]));
}

interface Bounds {
  readonly r1?: number;
  readonly r5?: number;
  readonly mrr?: number;
}

const figureNames = { r1: "R@1", r5: "R@5", mrr: "MRR" } as const;

/** What hybrid search is to reach. */
function boundsOf(name: string): Bounds {
  if (name === "SQuAD 1.1, a document a passage") return { r1: 0.87, mrr: 0.92 };
  if (/^XQuAD \w+$/.test(name)) return { r1: 0.93, r5: 0.99 };
  if (name.startsWith("XQuAD, questions zh")) return { r5: 0.92 };
  if (name.startsWith("XQuAD, questions")) return { r5: 0.95 };
  return {};
}

type Measured = Partial<Record<Way, RankingFigures>>;

/** A row for each way, then those that have a target: search is to reach its figures once all vectors are made. */
function addSet(report: Report, name: string, measured: Measured): void {
  report.keep(name, measured);
  for (const [way, figures] of Object.entries(measured)) {
    const { r1, r5, r10, mrr, ndcg10, questions } = figures;
    const others = Object.entries({ "R@5": r5, "R@10": r10, MRR: mrr, "nDCG@10": ndcg10 });
    const note = others.map(([what, value]) => `${what} ${value.toFixed(3)}`).join(", ");
    report.add({ name: `${name}: R@1 ${way}`, value: r1, unit: "", note: `${note}; ${questions} questions` });
  }
  const { plain, keyword, vector, hybrid } = measured;
  const whole = measured["hybrid, sentences"];
  if (keyword === undefined || vector === undefined || hybrid === undefined || whole === undefined) return;
  const bounds = boundsOf(name);
  for (const what of ["r1", "r5", "mrr"] as const) {
    const atLeast = bounds[what];
    if (atLeast !== undefined)
      report.add({
        name: `${name}: ${figureNames[what]} hybrid, sentences`,
        value: whole[what],
        unit: "",
        target: { atLeast },
      });
  }
  for (const what of ["r1", "mrr"] as const)
    report.add({
      name: `${name}: ${figureNames[what]}, hybrid less the better of keyword and vector`,
      value: hybrid[what] - Math.max(keyword[what], vector[what]),
      unit: "",
      target: { atLeast: -allowance },
    });
  if (plain !== undefined)
    report.add({
      name: `${name}: R@1, hybrid less plain full-text search`,
      value: hybrid.r1 - plain.r1,
      unit: "",
      target: { atLeast: gain },
    });
}

/** Each set before the vectors of sentences are made, which wait for `upkeep.first`, and after. */
async function measure(report: Report, app: TestApp, corpus: Corpus): Promise<void> {
  const chosen: QuestionSet[] = corpus.sets.map(({ name, questions }) => ({
    name,
    questions: shuffled(questions).slice(0, sampleSize(Number.POSITIVE_INFINITY)),
  }));
  const measured = new Map<string, Measured>();
  let filled: Filled | undefined;
  const started = performance.now();
  let readyMs = 0;
  await app.app.upkeep.first(async () => {
    filled = await fill(app, corpus);
    readyMs = performance.now() - started;
    const ways = ["keyword", "vector", "hybrid"] as const;
    for (const { name, questions } of chosen)
      measured.set(
        name,
        await askAll(app, filled, questions, corpus.key.startsWith("squad-") ? ["plain", ...ways] : ways),
      );
  });
  if (filled === undefined) return;
  await sentencesMade(app, filled.tenantId);
  for (const { name, questions } of chosen)
    addSet(report, name, {
      ...measured.get(name),
      ...(await askAll(app, filled, questions, ["hybrid, sentences"])),
    });
  const seconds = (readyMs / 1000).toFixed(1);
  report.say(
    `${corpus.key}: ${corpus.documents.length} documents, ${filled.hits.size} passages, ready after ${seconds} s`,
  );
}

await benchmark("retrieval", "what search finds", { shared: true }, async (report) => {
  const unknown = wantedSets?.filter((key) => !(key in corpora)) ?? [];
  if (unknown.length > 0)
    throw new Error(`there is no set ${unknown.join(", ")}; there are: ${Object.keys(corpora).join(", ")}`);
  for (const [key, load] of Object.entries(corpora)) {
    if (wantedSets !== null && !wantedSets.includes(key)) continue;
    // A server each: what one set leaves in memory or to be done does not reach the next.
    await using app = await startApp();
    await measure(report, app, await load());
  }
});
