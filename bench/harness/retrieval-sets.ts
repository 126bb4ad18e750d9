/** Documents, questions on them, and what is a right answer: the sets that `retrieval` measures. */
import { helpPages } from "./help-center.ts";
import type { Text } from "./in-process.ts";
import { intentSplit } from "./intents.ts";
import {
  type Article,
  articleText,
  type Passage,
  passageOffsets,
  passagesOf,
  type Question,
  questionsOf,
  squad,
  squad2,
  type XquadLanguage,
  xquad,
} from "./squad.ts";

/** A passage that search brought. */
export interface Hit {
  readonly documentId: string;
  readonly text: string;
  /** Offsets in its document's text. */
  readonly start: number;
  readonly end: number;
}

export interface SetQuestion {
  readonly text: string;
  /** How many right things there are, 1 or more. */
  readonly relevant: number;
  /** The name of the right thing that the hit is (part of), or null. `ids` are those of the set's documents. */
  judge(hit: Hit, ids: readonly string[]): string | null;
}

export interface QuestionSet {
  readonly name: string;
  readonly questions: readonly SetQuestion[];
}

export interface Corpus {
  /** For `--sets`. */
  readonly key: string;
  readonly documents: readonly Text[];
  readonly sets: readonly QuestionSet[];
}

/** By the name that `--sets` takes. */
export const corpora: Readonly<Record<string, () => Promise<Corpus>>> = {
  "squad-passages": async () =>
    passageCorpus("squad-passages", "SQuAD 1.1, a document a passage", await squad()),
  "squad-articles": articleCorpus,
  squad2: async () => passageCorpus("squad2", "SQuAD 2.0's passages", await squad2()),
  "xquad-en": () => xquadCorpus("en", ["de", "es", "ru", "zh"]),
  "xquad-de": () => xquadCorpus("de"),
  "xquad-es": () => xquadCorpus("es"),
  "xquad-ru": () => xquadCorpus("ru"),
  "xquad-zh": () => xquadCorpus("zh"),
  banking77: () => intentCorpus("banking77", 10, 10),
  bitext: () => intentCorpus("bitext", 20, 20),
  "help-center": helpCenterCorpus,
};

/** A document a passage, under its article's name, as an upload of that file would have it. */
function passageDocuments(passages: readonly Passage[]): Text[] {
  return passages.map(({ article, text }) => ({ title: article.title, text }));
}

/** Right is the document that holds the passage at `position`. */
function onPassage(text: string, position: number): SetQuestion {
  return {
    text,
    relevant: 1,
    judge: (hit, ids) => (hit.documentId === ids[position] ? "passage" : null),
  };
}

function passageQuestions(passages: readonly Passage[]): SetQuestion[] {
  return passages.flatMap(({ questions }, position) =>
    questions.filter((question) => !question.isImpossible).map(({ text }) => onPassage(text, position)),
  );
}

function passageCorpus(key: string, name: string, articles: readonly Article[]): Corpus {
  const passages = passagesOf(articles);
  return {
    key,
    documents: passageDocuments(passages),
    sets: [{ name, questions: passageQuestions(passages) }],
  };
}

async function articleCorpus(): Promise<Corpus> {
  const articles = await squad();
  const offsets = new Map(articles.flatMap((article) => [...passageOffsets(article)]));
  const questions = articles.flatMap((article, position) =>
    questionsOf([article]).map((question) => onSpan(question, position, offsets.get(question.passage) ?? 0)),
  );
  return {
    key: "squad-articles",
    documents: articles.map((article) => ({ title: article.title, text: articleText(article) })),
    sets: [{ name: "SQuAD 1.1, a document an article", questions }],
  };
}

/** Right is a chunk that holds the whole of an answer, at its own place in the article. */
function onSpan({ text, answers, passage }: Question, position: number, from: number): SetQuestion {
  const judge = (hit: Hit, ids: readonly string[]) => {
    const overlaps = hit.start < from + passage.text.length && hit.end > from;
    if (hit.documentId !== ids[position] || !overlaps) return null;
    // The text that the product keeps may differ from ours in white space, so the words count as well as the place.
    const holds = answers.some(
      (answer) =>
        (hit.start <= from + answer.start && hit.end >= from + answer.start + answer.text.length) ||
        hit.text.includes(answer.text),
    );
    return holds ? "answer" : null;
  };
  return { text, relevant: 1, judge };
}

/** @param others languages whose questions are asked of these passages too */
async function xquadCorpus(language: XquadLanguage, others: readonly XquadLanguage[] = []): Promise<Corpus> {
  const passages = passagesOf(await xquad(language));
  const sets = [{ name: `XQuAD ${language}`, questions: passageQuestions(passages) }];
  for (const other of others) {
    // The passages of all languages stand in the same order.
    const questions = passageQuestions(passagesOf(await xquad(other)));
    sets.push({ name: `XQuAD, questions ${other}, passages ${language}`, questions });
  }
  return { key: `xquad-${language}`, documents: passageDocuments(passages), sets };
}

/**
 * A document for each known question, its text alone: the intent's name stands nowhere. Right is every document of the
 * same intent.
 */
async function intentCorpus(name: "banking77" | "bitext", known: number, asked: number): Promise<Corpus> {
  const split = await intentSplit(name, known, asked);
  const intents = split.known.map(({ intent }) => intent);
  const questions = split.asked.map(
    ({ text, intent }): SetQuestion => ({
      text,
      relevant: intents.filter((other) => other === intent).length,
      judge: ({ documentId }, ids) => (intents[ids.indexOf(documentId)] === intent ? documentId : null),
    }),
  );
  return {
    key: name,
    documents: split.known.map(({ text }, index) => ({ title: `Question ${index + 1}`, text })),
    sets: [{ name: `${name}, same intent`, questions }],
  };
}

async function helpCenterCorpus(): Promise<Corpus> {
  const pages = await helpPages();
  return {
    key: "help-center",
    documents: pages.map(({ body }, index) => ({ title: `Page ${index + 1}`, text: body })),
    sets: [
      {
        name: "help centre, titles and summaries",
        questions: pages.flatMap((page, position) => page.questions.map((text) => onPassage(text, position))),
      },
    ],
  };
}
