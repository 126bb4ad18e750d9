/**
 * Plain questions to small businesses, short and colloquial as visitors write them, answered by quotes: what is
 * answered, and whether the quotes hold the answer. Knowledge bases of one sentence to two pages, of our own making; then
 * all of them together beside the passages of SQuAD, where a short question is hard to tell from one that nothing answers.
 */
import { z } from "zod";
import { addTexts, sentencesMade, startApp, type TestApp } from "./harness/in-process.ts";
import { missing } from "./harness/paths.ts";
import { benchmark, type Report } from "./harness/report.ts";
import data from "./harness/small-businesses.json";
import { passagesOf, squad } from "./harness/squad.ts";
import { share } from "./harness/stats.ts";

const known = z.array(z.object({ question: z.string(), answer: z.string() }));
const businesses = z
  .array(
    z.object({
      name: z.string(),
      documents: z.array(z.string()),
      known,
      otherLanguage: known,
      unknown: z.array(z.string()),
    }),
  )
  .parse(data);

interface Asked {
  readonly answered: boolean;
  /** The first quote holds the answer; any of them does. */
  readonly first: boolean;
  readonly any: boolean;
  readonly quotes: number;
}

async function ask(app: TestApp, tenantId: string, question: string, answer: string | null): Promise<Asked> {
  const outcome = await app.app.answering.ask(
    tenantId,
    question,
    () => undefined,
    new AbortController().signal,
  );
  const answered = outcome.action === "sent";
  const quotes = answered ? outcome.citations.map((citation) => citation.quote.toLowerCase()) : [];
  const wanted = answer?.toLowerCase();
  const holds = (quote: string) => wanted !== undefined && quote.includes(wanted);
  return { answered, first: quotes.slice(0, 1).some(holds), any: quotes.some(holds), quotes: quotes.length };
}

function addShares(report: Report, name: string, asked: readonly Asked[], atLeast?: number): void {
  const answered = asked.filter((item) => item.answered);
  const note = `${asked.length} questions`;
  report.add({
    name: `${name}: share answered`,
    value: share(asked, (item) => item.answered),
    unit: "",
    note,
    ...(atLeast === undefined ? {} : { target: { atLeast } }),
  });
  if (answered.length === 0) return;
  const quotes = answered.reduce((sum, item) => sum + item.quotes, 0) / answered.length;
  report.add({
    name: `${name}: share of the answers whose first quote is right`,
    value: share(answered, (item) => item.first),
    unit: "",
    note: `one of the quotes: ${share(answered, (item) => item.any).toFixed(3)}; quotes an answer: ${quotes.toFixed(2)}`,
  });
}

type Business = (typeof businesses)[number];

interface AllAsked {
  readonly known: Asked[];
  readonly otherLanguage: Asked[];
  readonly unknown: Asked[];
}

async function askAll(
  app: TestApp,
  tenantId: string,
  business: Business,
  asked: AllAsked,
  written = (question: string) => question,
): Promise<void> {
  for (const { question, answer } of business.known)
    asked.known.push(await ask(app, tenantId, written(question), answer));
  for (const { question, answer } of business.otherLanguage)
    asked.otherLanguage.push(await ask(app, tenantId, written(question), answer));
  for (const question of business.unknown)
    asked.unknown.push(await ask(app, tenantId, written(question), null));
}

const none = (): AllAsked => ({ known: [], otherLanguage: [], unknown: [] });

function addAll(report: Report, where: string, asked: AllAsked, atLeast?: number): void {
  addShares(report, `${where}known`, asked.known, atLeast);
  addShares(report, `${where}asked in another language`, asked.otherLanguage);
  report.add({
    name: `${where}not in the documents, many of them near misses: share answered`,
    value: share(asked.unknown, (item) => item.answered),
    unit: "",
    note: `${asked.unknown.length} questions`,
  });
}

/** Each business by itself: a sentence to two pages. */
async function alone(app: TestApp): Promise<{ early: AllAsked; short: AllAsked; long: AllAsked }> {
  const [early, short, long] = [none(), none(), none()];
  for (const business of businesses) {
    const { id } = await app.createTenant(business.name);
    const texts = business.documents.map((text, index) => ({ title: `${business.name} ${index}`, text }));
    await addTexts(app, id, texts);
    await askAll(app, id, business, early);
    // As it is a while after documents came in.
    await sentencesMade(app, id);
    await askAll(app, id, business, short);
    await askAll(app, id, business, long, longMessage);
  }
  return { early, short, long };
}

/** As many write to a shop: what they ask stands among other things. */
function longMessage(question: string): string {
  return `Hello, my sister told me about you last week and I am planning to come by with two friends soon. ${question} Thanks a lot in advance, Maria`;
}

/** All of them in one knowledge base, beside hundreds of passages on other subjects. */
async function amongOthers(app: TestApp): Promise<AllAsked> {
  const asked = none();
  const { id } = await app.createTenant("all");
  const others = passagesOf(await squad()).map(({ article, text }) => ({ title: article.title, text }));
  const own = businesses.flatMap(({ name, documents }) =>
    documents.map((text, index) => ({ title: `${name} ${index}`, text: `# ${name}\n\n${text}` })),
  );
  await addTexts(app, id, [...own, ...others]);
  await sentencesMade(app, id);
  for (const business of businesses) await askAll(app, id, business, asked);
  return asked;
}

await benchmark("businesses", "plain questions to small businesses", {}, async (report) => {
  await using app = await startApp();
  const { early, short, long } = await alone(app);
  addAll(report, "", short, 0.8);
  addAll(report, "right after the upload: ", early);
  addAll(report, "within a longer message: ", long);
  if (missing({ shared: true }) === null)
    addAll(report, "among 860 other passages: ", await amongOthers(app));
});
