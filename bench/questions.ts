/**
 * Questions that have a stored answer: how many other ways to ask are recognised, and how many other questions are
 * taken for them; which unanswered questions are put together; and what it costs with 20,000 stored questions.
 *
 *   bun bench/questions.ts [--sample 1250]     questions of each public set
 */
import { z } from "zod";
import { defaultEmbedder, findModel } from "../src/inference/model-store.ts";
import { vectorBytes } from "../src/knowledge/embedding-index.ts";
import { asksTheSame, contradict } from "../src/knowledge/question-agreement.ts";
import { candidates } from "../src/knowledge/question-match.ts";
import { QuestionSearch } from "../src/knowledge/question-search.ts";
import { questionKey } from "../src/knowledge/question-text.ts";
import { dot } from "../src/knowledge/scoring.ts";
import { sampleSize } from "./harness/args.ts";
import { startApp } from "./harness/in-process.ts";
import { banking77, bitext, clinc150, type IntentQuestion } from "./harness/intents.ts";
import { timed } from "./harness/load.ts";
import { vectorsOf } from "./harness/passages.ts";
import { cache } from "./harness/paths.ts";
import { benchmark, type Report } from "./harness/report.ts";
import { questionsOf, squad } from "./harness/squad.ts";
import { percentile, share, shuffled } from "./harness/stats.ts";
import own from "./harness/stored-questions.json";

const ownQuestions = z
  .array(
    z.object({
      stored: z.string(),
      same: z.array(z.string()),
      other: z.array(z.string()),
      /** Written after the rules were, and never looked at while they were made. */
      heldOut: z.boolean().default(false),
    }),
  )
  .parse(own);

interface Figures {
  readonly near: number;
  readonly group: number;
}

interface Placed extends IntentQuestion {
  readonly vector: Float32Array;
}

async function place(questions: readonly IntentQuestion[]): Promise<Placed[]> {
  if (questions.length === 0) return [];
  const vectors = await vectorsOf(
    questions.map(({ text }) => text),
    "query",
  );
  return questions.map((question, index) => ({
    ...question,
    vector: vectors[index] ?? new Float32Array(0),
  }));
}

function nearest(asked: Placed, stored: readonly Placed[]): { question: Placed; cosine: number }[] {
  return stored
    .map((question) => ({ question, cosine: dot(asked.vector, question.vector) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, candidates);
}

/** The stored question that an asked one is taken for: word for word, or near and in agreement. */
function taken(asked: Placed, stored: readonly Placed[], near: number): Placed | undefined {
  const key = questionKey(asked.text);
  const exact = stored.find(({ text }) => questionKey(text) === key);
  return (
    exact ??
    nearest(asked, stored).find((item) => item.cosine >= near && asksTheSame(asked.text, item.question.text))
      ?.question
  );
}

async function measureOwn(report: Report, figures: Figures, heldOut: boolean): Promise<void> {
  const sets = ownQuestions.filter((item) => item.heldOut === heldOut);
  const pairs = sets.flatMap(({ stored, same, other }) => [
    ...same.map((text) => ({ stored, text, same: true })),
    ...other.map((text) => ({ stored, text, same: false })),
  ]);
  const placed = await place([
    ...sets.map(({ stored }) => ({ text: stored, intent: "" })),
    ...pairs.map(({ text }) => ({ text, intent: "" })),
  ]);
  const vectors = new Map(placed.map(({ text, vector }) => [text, vector]));
  const at = (text: string) => vectors.get(text) ?? new Float32Array(0);
  const judged = pairs.map((pair) => {
    const near = dot(at(pair.stored), at(pair.text));
    const exact = questionKey(pair.stored) === questionKey(pair.text);
    return {
      ...pair,
      byCosine: near >= figures.near,
      answered: exact || (near >= figures.near && asksTheSame(pair.text, pair.stored)),
      together: near >= figures.group && !contradict(pair.text, pair.stored),
    };
  });
  const same = judged.filter((item) => item.same);
  const other = judged.filter((item) => !item.same);
  const name = heldOut ? "own questions, not seen before" : "own questions";
  const note = `by the cosine alone ${share(other, (item) => item.byCosine).toFixed(3)}`;
  report.add({
    name: `${name}: asked in other words, answered`,
    value: share(same, (item) => item.answered),
    unit: "",
    target: { atLeast: 0.5 },
    note: `${same.length} questions`,
  });
  report.add({
    name: `${name}: near misses answered`,
    value: share(other, (item) => item.answered),
    unit: "",
    target: { atMost: 0.02 },
    note: `${other.length} questions; ${note}`,
  });
  report.add({
    name: `${name}: in other words, in one group`,
    value: share(same, (item) => item.together),
    unit: "",
  });
  report.add({
    name: `${name}: near misses in one group`,
    value: share(other, (item) => item.together),
    unit: "",
  });
  for (const { text, stored } of other.filter((item) => item.answered))
    report.say(`answered though it is another: "${text}" for "${stored}"`);
}

/** Half of the questions stored, the other half asked; an intent is wider than a question, so `same` has no target. */
async function measureIntents(
  report: Report,
  figures: Figures,
  name: string,
  questions: readonly IntentQuestion[],
  outside: readonly IntentQuestion[] = [],
): Promise<void> {
  const placed = await place(shuffled(questions).slice(0, 2 * sampleSize(1250)));
  const stored = placed.slice(0, placed.length / 2);
  const asked = [...placed.slice(placed.length / 2), ...(await place(outside))];
  const results = asked.map((item) => {
    const found = taken(item, stored, figures.near);
    const [first] = nearest(item, stored);
    const alone = first !== undefined && first.cosine >= figures.near ? first.question : undefined;
    return { item, found, alone };
  });
  const wrong = results.filter(({ item, found }) => found !== undefined && found.intent !== item.intent);
  const wrongAlone = results.filter(({ item, alone }) => alone !== undefined && alone.intent !== item.intent);
  const right = results.filter(({ item, found }) => found?.intent === item.intent);
  report.add({
    name: `${name}: answered for another intent`,
    value: wrong.length / results.length,
    unit: "",
    target: { atMost: 0.005 },
    note: `${results.length} questions; for their own ${(right.length / results.length).toFixed(3)}; by the cosine alone ${(wrongAlone.length / results.length).toFixed(3)} for another`,
  });
  for (const { item, found } of wrong.slice(0, 5))
    report.say(`${name}: "${item.text}" (${item.intent}) for "${found?.text}" (${found?.intent})`);
}

/** Every question joins the group that is nearest, or starts one. */
async function measureGroups(
  report: Report,
  figures: Figures,
  name: string,
  questions: readonly IntentQuestion[],
): Promise<void> {
  const groups: Placed[] = [];
  let joined = 0;
  let wrong = 0;
  const placed = await place(shuffled(questions).slice(0, 2 * sampleSize(1250)));
  for (const item of placed) {
    const group = nearest(item, groups).find(
      (near) => near.cosine >= figures.group && !contradict(item.text, near.question.text),
    );
    if (group === undefined) groups.push(item);
    else {
      joined += 1;
      if (group.question.intent !== item.intent) wrong += 1;
    }
  }
  report.add({
    name: `${name}: questions in a group of another intent`,
    value: wrong / joined,
    unit: "",
    note: `${placed.length} questions, ${groups.length} groups`,
  });
}

/** A question against so many stored ones, the vector of the question made before. */
async function measureCost(report: Report, questions: readonly IntentQuestion[]): Promise<void> {
  await using app = await startApp();
  const { id } = await app.createTenant("Many questions");
  const { store, search, searchThread } = app.app;
  const finder = new QuestionSearch({ store, search, searchThread });
  const base = await place(shuffled(questions).slice(0, 2 * sampleSize(1250)));
  const count = 20_000;
  for (let from = 0; from < count; from += 500)
    await store.transact(id, (writer) => {
      const documentId = Bun.randomUUIDv7();
      const now = Date.now();
      writer.run(
        `INSERT INTO documents (id, title, source, file_name, media_type, bytes, checksum, status, created_at, updated_at)
         VALUES (?, 'many', 'qa', 'many.json', 'application/json', 1, ?, 'ready', ?, ?)`,
        documentId,
        documentId,
        now,
        now,
      );
      writer.run(
        "INSERT INTO question_answers (document_id, question, answer, chunk_id, indexed) VALUES (?, 'many', 'many', ?, 1)",
        documentId,
        Bun.randomUUIDv7(),
      );
      for (let index = from; index < from + 500; index += 1) {
        const { text, vector } = base[index % base.length] ?? { text: "", vector: new Float32Array(384) };
        writer.run(
          "INSERT INTO stored_questions (document_id, text, folded, model, vector) VALUES (?, ?, ?, ?, ?)",
          documentId,
          text,
          `${questionKey(text)} ${index}`,
          defaultEmbedder,
          vectorBytes(vector),
        );
      }
    });
  const asked = base.slice(0, 200).map(({ text }) => `${text} please`);
  // Vectors of the questions, and the stored ones into memory.
  const model = await search.modelOf(id);
  for (const text of asked) await search.questionVector(model, text);
  const [first = Number.NaN] = await timed(asked.slice(0, 1), (text) => finder.answerTo(id, text));
  const samples = await timed(asked, (text) => finder.answerTo(id, text));
  report.add({
    name: `a question against ${count} stored ones, p95`,
    value: percentile(samples, 0.95),
    unit: "ms",
    target: { atMost: 10 },
    note: `p50 ${percentile(samples, 0.5).toFixed(2)} ms; the first, which reads them all, ${first.toFixed(0)} ms in the search thread; making the question's vector not counted`,
  });
}

await benchmark("questions", "questions with stored answers", { shared: true }, async (report) => {
  const { retrieval } = await findModel(defaultEmbedder, cache);
  const figures = retrieval.questions;
  if (figures === undefined) throw new Error("the model has no figures for questions");
  await measureOwn(report, figures, false);
  await measureOwn(report, figures, true);
  const clinc = await clinc150();
  const banking = await banking77();
  const shop = await bitext();
  await measureIntents(report, figures, "banking77", banking);
  await measureIntents(report, figures, "bitext", shop);
  await measureIntents(report, figures, "clinc150 with 200 out of scope", clinc.inScope, clinc.outOfScope);
  // Every question of SQuAD is another one, but for those that stand there twice; many are about the same passage.
  const all = questionsOf(await squad()).map(({ text }) => ({ text, intent: questionKey(text) }));
  await measureIntents(report, figures, "SQuAD", all.slice(0, 2 * sampleSize(1250)));
  await measureGroups(report, figures, "banking77", banking);
  await measureGroups(report, figures, "bitext", shop);
  await measureCost(report, banking);
});
