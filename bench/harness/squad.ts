/** Questions and passages of SQuAD 1.1, SQuAD 2.0 and XQuAD, from the folder of public data beside the project. */
import { join } from "node:path";
import { z } from "zod";
import { shared } from "./paths.ts";

const file = z.object({
  data: z.array(
    z.object({
      title: z.string(),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              question: z.string(),
              answers: z.array(z.object({ text: z.string(), answer_start: z.int() })),
              is_impossible: z.boolean().default(false),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface Answer {
  readonly text: string;
  /** Offset in the passage, UTF-16 code units. */
  readonly start: number;
}

export interface Question {
  readonly text: string;
  /** None where the passage does not answer it. */
  readonly answers: readonly Answer[];
  /** SQuAD 2.0: sounds like the others, but the passage does not answer it. */
  readonly isImpossible: boolean;
  readonly passage: Passage;
}

export interface Passage {
  readonly article: Article;
  readonly text: string;
  readonly questions: readonly Question[];
}

export interface Article {
  readonly title: string;
  readonly passages: readonly Passage[];
}

async function load(path: string): Promise<Article[]> {
  const { data } = file.parse(await Bun.file(join(shared, "data", path)).json());
  return data.map((item) => {
    const passages: Passage[] = [];
    const article: Article = { title: item.title.replaceAll("_", " "), passages };
    for (const paragraph of item.paragraphs) {
      const questions: Question[] = [];
      const passage: Passage = { article, text: paragraph.context, questions };
      for (const { question, answers, is_impossible } of paragraph.qas)
        questions.push({
          text: question.trim(),
          passage,
          isImpossible: is_impossible,
          answers: answers.map((answer) => ({ text: answer.text, start: answer.answer_start })),
        });
      passages.push(passage);
    }
    return article;
  });
}

/** SQuAD 1.1 development set, the 20 articles that may be used: 857 passages, 4,750 questions. */
export function squad(): Promise<Article[]> {
  return load("squad/squad-v1.1.dev.json");
}

/** SQuAD 2.0 development set, the 14 articles that may be used: 481 passages, 2,360 questions and 2,546 impossible ones. */
export function squad2(): Promise<Article[]> {
  return load("squad/squad-v2.0.dev.json");
}

export type XquadLanguage = "en" | "de" | "es" | "ru" | "zh";

export function xquad(language: XquadLanguage): Promise<Article[]> {
  return load(`xquad/xquad.${language}.dev.json`);
}

export function passagesOf(articles: readonly Article[]): Passage[] {
  return articles.flatMap((article) => article.passages);
}

export function questionsOf(articles: readonly Article[]): Question[] {
  return passagesOf(articles).flatMap((passage) => passage.questions);
}

const between = "\n\n";

/** The article as one text: its passages with an empty line between them. */
export function articleText(article: Article): string {
  return article.passages.map((passage) => passage.text).join(between);
}

/** Where each passage begins in `articleText`. */
export function passageOffsets(article: Article): Map<Passage, number> {
  const offsets = new Map<Passage, number>();
  let at = 0;
  for (const passage of article.passages) {
    offsets.set(passage, at);
    at += passage.text.length + between.length;
  }
  return offsets;
}

/** SQuAD's own normalisation of answers: lower case, no articles, no punctuation, single spaces. */
export function normalisedAnswer(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\p{P}\p{S}]/gu, "")
    .replace(/\b(a|an|the)\b/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}
