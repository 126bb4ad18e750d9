/**
 * What search finds: the right passage of SQuAD 1.1 at the first place and among the first five, against full-text
 * search alone (FTS5, Porter, all words OR-ed, plain BM25), and the same questions in other languages (XQuAD).
 *
 *   bun bench/retrieval.ts [--sample 1000]
 */
import type { Passage as Hit } from "../src/knowledge/search-thread.ts";
import { sampleSize } from "./harness/args.ts";
import { addTexts, startApp, type TestApp, type Text } from "./harness/in-process.ts";
import { inParallel } from "./harness/load.ts";
import { benchmark, type Report } from "./harness/report.ts";
import {
  type Article,
  articleText,
  type Passage,
  passageOffsets,
  passagesOf,
  type Question,
  questionsOf,
  squad,
  xquad,
} from "./harness/squad.ts";
import { share, shuffled } from "./harness/stats.ts";

/** Chunk keys of a ranking, best first. */
type Ranking = readonly number[];

/** Says whether the chunk answers the question. */
type Judge = (question: Question, key: number) => boolean;

const depth = 5;
/** Questions in flight: words, vectors and main thread work at the same time. */
const width = 3;

interface Chunk extends Record<string, unknown> {
  readonly key: number;
  readonly documentId: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function chunksOf(app: TestApp, tenantId: string): Promise<Chunk[]> {
  return app.app.store.read(tenantId, (reader) =>
    reader.all<Chunk>(
      "SELECT key, document_id AS documentId, text, start_offset AS start, end_offset AS end FROM chunks",
    ),
  );
}

function hybrid(app: TestApp, tenantId: string, question: Question): Promise<Ranking> {
  return app.app.search
    .search(tenantId, { question: question.text, limit: depth })
    .then(({ passages }) => passages.map((hit: Hit) => hit.key));
}

/** Plain full-text search on the tenant's own word index. */
function words(app: TestApp, tenantId: string, question: Question): Promise<Ranking> {
  const terms = question.text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
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

async function recall(
  questions: readonly Question[],
  rank: (question: Question) => Promise<Ranking>,
  judge: Judge,
): Promise<{ at1: number; at5: number }> {
  const places = await inParallel(questions, width, async (question) =>
    (await rank(question)).findIndex((key) => judge(question, key)),
  );
  return { at1: share(places, (place) => place === 0), at5: share(places, (place) => place >= 0) };
}

/** Neutral titles: the article's name, as an upload of that file would have. */
function onePassageEach(articles: readonly Article[]): { texts: Text[]; passages: Passage[] } {
  const passages = passagesOf(articles);
  return { passages, texts: passages.map(({ article, text }) => ({ title: article.title, text })) };
}

/** A hit is a chunk of the document that holds the right passage. */
async function judgePassages(
  app: TestApp,
  tenantId: string,
  passages: readonly Passage[],
  ids: readonly string[],
): Promise<Judge> {
  const documentOf = new Map(passages.map((passage, index) => [passage, ids[index]]));
  const keys = new Map((await chunksOf(app, tenantId)).map((chunk) => [chunk.key, chunk.documentId]));
  return (question, key) => keys.get(key) === documentOf.get(question.passage);
}

/** A hit is a chunk that holds the whole of an answer, at its own place in the article. */
async function judgeSpans(
  app: TestApp,
  tenantId: string,
  articles: readonly Article[],
  ids: readonly string[],
): Promise<Judge> {
  const documentOf = new Map(articles.map((article, index) => [article, ids[index]]));
  const offsets = new Map(articles.flatMap((article) => [...passageOffsets(article)]));
  const chunks = new Map((await chunksOf(app, tenantId)).map((chunk) => [chunk.key, chunk]));
  return ({ answers, passage }, key) => {
    const chunk = chunks.get(key);
    if (chunk === undefined || chunk.documentId !== documentOf.get(passage.article)) return false;
    const from = offsets.get(passage) ?? 0;
    const overlaps = chunk.start < from + passage.text.length && chunk.end > from;
    // The text that the product keeps may differ from ours in white space, so the words count as well as the place.
    return (
      overlaps &&
      answers.some(
        ({ text, start }) =>
          (chunk.start <= from + start && chunk.end >= from + start + text.length) ||
          chunk.text.includes(text),
      )
    );
  };
}

/** Both searches over the same questions; the figures of one way of cutting the documents. */
async function compare(
  report: Report,
  name: string,
  app: TestApp,
  tenantId: string,
  judge: Judge,
  questions: readonly Question[],
): Promise<void> {
  const mixed = await recall(questions, (question) => hybrid(app, tenantId, question), judge);
  const plain = await recall(questions, (question) => words(app, tenantId, question), judge);
  const note = `${questions.length} questions`;
  report.add({
    name: `${name}: R@1 hybrid`,
    value: mixed.at1,
    unit: "",
    target: { atLeast: plain.at1 + 0.04 },
    note,
  });
  report.add({ name: `${name}: R@1 words only`, value: plain.at1, unit: "" });
  report.add({
    name: `${name}: R@1 gain`,
    value: mixed.at1 - plain.at1,
    unit: "",
    target: { atLeast: 0.04 },
  });
  report.add({ name: `${name}: R@5 hybrid`, value: mixed.at5, unit: "" });
  report.add({ name: `${name}: R@5 words only`, value: plain.at5, unit: "" });
}

await benchmark("retrieval", "what search finds (SQuAD 1.1, XQuAD)", { shared: true }, async (report) => {
  await using app = await startApp();
  const articles = await squad();
  const questions = shuffled(questionsOf(articles)).slice(0, sampleSize(Number.POSITIVE_INFINITY));
  {
    const { id } = await app.createTenant("passages");
    const { texts, passages } = onePassageEach(articles);
    const started = performance.now();
    const ids = await addTexts(app, id, texts);
    report.say(
      `${texts.length} passages were ready after ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    await compare(
      report,
      "a document a passage",
      app,
      id,
      await judgePassages(app, id, passages, ids),
      questions,
    );
  }
  {
    const { id } = await app.createTenant("articles");
    const texts = articles.map((article) => ({ title: article.title, text: articleText(article) }));
    const started = performance.now();
    const ids = await addTexts(app, id, texts);
    report.say(
      `${texts.length} articles were ready after ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    await compare(
      report,
      "a document an article",
      app,
      id,
      await judgeSpans(app, id, articles, ids),
      questions,
    );
  }
  for (const language of ["de", "es", "ru", "zh"] as const) {
    const { id } = await app.createTenant(language);
    const translated = await xquad(language);
    const { texts, passages } = onePassageEach(translated);
    const judge = await judgePassages(app, id, passages, await addTexts(app, id, texts));
    const all = questionsOf(translated);
    const found = await recall(all, (question) => hybrid(app, id, question), judge);
    const note = `R@1 ${found.at1.toFixed(3)}, ${all.length} questions, ${texts.length} passages`;
    report.add({
      name: `XQuAD ${language}: R@5 hybrid`,
      value: found.at5,
      unit: "",
      target: { atLeast: 0.97 },
      note,
    });
  }
});
