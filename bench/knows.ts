/**
 * "That is not in the documents": half of the articles in one tenant, the other half in another, and the questions on
 * both halves asked of both. Then SQuAD 2.0's questions that sound as if the passage answered them, beside those that it
 * does answer, asked where the passage is.
 *
 *   bun bench/knows.ts [--sample 600]     questions on each half, and of each kind of SQuAD 2.0's
 */
import { sampleSize } from "./harness/args.ts";
import { addTexts, sentencesMade, startApp, type TestApp, type Text } from "./harness/in-process.ts";
import { inParallel } from "./harness/load.ts";
import { benchmark, type Report } from "./harness/report.ts";
import {
  type Article,
  articleText,
  normalisedAnswer,
  passagesOf,
  type Question,
  questionsOf,
  squad,
  squad2,
} from "./harness/squad.ts";
import { auroc, calibrationError, median, share, shuffled } from "./harness/stats.ts";

const width = 3;

interface Asked {
  readonly known: boolean;
  /** Probability that the documents hold an answer, as the answerer is told it. */
  readonly answerable: number;
  readonly answered: boolean;
  /** The answer's text holds one of the answers of the data set. */
  readonly right: boolean;
}

async function ask(app: TestApp, tenantId: string, question: Question, known: boolean): Promise<Asked> {
  const [found, outcome] = await Promise.all([
    app.app.search.search(tenantId, { question: question.text, limit: 8 }),
    app.app.answering.ask(tenantId, question.text, () => undefined, new AbortController().signal),
  ]);
  const text = ` ${normalisedAnswer(outcome.text)} `;
  const right = question.answers.some((answer) => text.includes(` ${normalisedAnswer(answer.text)} `));
  return { known, answerable: found.answerable, answered: outcome.action === "sent", right };
}

function asPassages(articles: readonly Article[]): Text[] {
  return passagesOf(articles).map(({ article, text }) => ({ title: article.title, text }));
}

function asArticles(articles: readonly Article[]): Text[] {
  return articles.map((article) => ({ title: article.title, text: articleText(article) }));
}

async function measure(
  report: Report,
  app: TestApp,
  name: string,
  halves: readonly (readonly Article[])[],
  cut: (articles: readonly Article[]) => Text[],
): Promise<void> {
  const asked: Asked[] = [];
  const size = sampleSize(600);
  for (const [index, half] of halves.entries()) {
    const { id } = await app.createTenant(`${name} ${index}`);
    await addTexts(app, id, cut(half));
    // As it is a while after documents came in; a question before that makes those it needs.
    await sentencesMade(app, id);
    for (const other of halves) {
      const questions = shuffled(questionsOf(other)).slice(0, size);
      asked.push(
        ...(await inParallel(questions, width, (question) => ask(app, id, question, other === half))),
      );
    }
  }
  const known = asked.filter((item) => item.known);
  const unknown = asked.filter((item) => !item.known);
  const scores = (items: readonly Asked[]) => items.map((item) => item.answerable);
  const answered = known.filter((item) => item.answered);
  const forecasts = asked.map((item) => ({ probability: item.answerable, happened: item.known }));
  const figures = [
    ["AUROC of answerable", auroc(scores(known), scores(unknown)), { atLeast: 0.99 }],
    ["expected calibration error of answerable, 10 bins", calibrationError(forecasts), { atMost: 0.03 }],
    ["known: share answered", share(known, (item) => item.answered), { atLeast: 0.8 }],
    [
      "known: share of the answers that hold the words",
      share(answered, (item) => item.right),
      { atLeast: 0.6 },
    ],
    ["unknown: share answered", share(unknown, (item) => item.answered), { atMost: 0.1 }],
  ] as const;
  for (const [what, value, target] of figures)
    report.add({
      name: `${name}: ${what}`,
      value,
      unit: "",
      target,
      note: `${known.length} + ${unknown.length} questions`,
    });
}

/** The right passage is there; only a careful reader sees that it does not say what the impossible questions ask. */
async function measureAdversarial(report: Report, app: TestApp): Promise<void> {
  const { id } = await app.createTenant("SQuAD 2.0");
  const articles = await squad2();
  await addTexts(app, id, asPassages(articles));
  await sentencesMade(app, id);
  const all = shuffled(questionsOf(articles));
  const scoresOf = (isImpossible: boolean) =>
    inParallel(
      all.filter((question) => question.isImpossible === isImpossible).slice(0, sampleSize(600)),
      width,
      async ({ text }) => (await app.app.search.search(id, { question: text, limit: 8 })).answerable,
    );
  const answerable = await scoresOf(false);
  const impossible = await scoresOf(true);
  const middle = (scores: readonly number[]) => median(scores).toFixed(3);
  report.add({
    name: "SQuAD 2.0, the right passage there: AUROC of answerable",
    value: auroc(answerable, impossible),
    unit: "",
    target: { atLeast: 0.72 },
    note: `${answerable.length} answerable (median ${middle(answerable)}) + ${impossible.length} impossible questions (median ${middle(impossible)})`,
  });
}

await benchmark(
  "knows",
  "knowing what the documents do not say (SQuAD 1.1, SQuAD 2.0)",
  { shared: true },
  async (report) => {
    await using app = await startApp();
    const articles = shuffled(await squad(), 7);
    const halves = [articles.slice(0, articles.length / 2), articles.slice(articles.length / 2)];
    await measure(report, app, "a document a passage", halves, asPassages);
    await measure(report, app, "a document an article", halves, asArticles);
    await measureAdversarial(report, app);
  },
);
