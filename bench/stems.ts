/**
 * What the words of each language gain from being stemmed: passages found by their words alone, with the word index as
 * it is and with the same index without stems. XQuAD in German, Spanish and Russian, and small sets of our own in
 * French and Croatian.
 *
 *   bun bench/stems.ts
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Connection } from "../src/db/transaction.ts";
import { formsOf, indexedText, questionWords } from "../src/knowledge/index-words.ts";
import { openSqlite, prepareSqlite, type SqliteNatives } from "../src/native/sqlite.ts";
import { benchmark, type Report } from "./harness/report.ts";
import { passagesOf, xquad } from "./harness/squad.ts";
import { mean } from "./harness/stats.ts";

const depth = 10;
/** Stems must cost nothing anywhere; where they help little, they are there for what people type. */
const mayCost = 0;

interface StemSet {
  readonly name: string;
  /** ISO 639-1 */
  readonly language: string;
  readonly passages: readonly { readonly text: string; readonly questions: readonly string[] }[];
}

const ownSet = z.array(z.object({ text: z.string(), questions: z.array(z.string()) }));

function own(language: "fr" | "hr", name: string): StemSet {
  const path = join(import.meta.dir, "harness", `stems-${language}.json`);
  return { name, language, passages: ownSet.parse(JSON.parse(readFileSync(path, "utf8"))) };
}

async function xquadSet(language: "de" | "es" | "ru"): Promise<StemSet> {
  const passages = passagesOf(await xquad(language)).map(({ text, questions }) => ({
    text,
    questions: questions.map((question) => question.text),
  }));
  return { name: `XQuAD ${language}`, language, passages };
}

interface Found {
  readonly recall1: number;
  readonly recall5: number;
  readonly mrr: number;
  readonly questions: number;
}

/** By BM25 over an index with the product's tokenizer. */
function measure(natives: SqliteNatives, { passages, language }: StemSet, stemmed: boolean): Found {
  const connection = new Connection(openSqlite(natives, ":memory:"));
  try {
    connection.handle.exec(
      "CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')",
    );
    const insert = connection.handle.prepare("INSERT INTO words (rowid, text) VALUES (?, ?)");
    for (const [index, { text }] of passages.entries())
      insert.run(index, indexedText(text, stemmed ? language : null));
    const ranks = passages.flatMap(({ questions }, index) =>
      questions.map((question) => {
        const forms = new Set(
          questionWords(question).flatMap((word) => formsOf(word, stemmed ? [language] : [])),
        );
        const hits = connection.reader.all<{ key: number }>(
          "SELECT rowid AS key FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?",
          [...forms].map((form) => `"${form}"`).join(" OR "),
          depth,
        );
        return hits.findIndex(({ key }) => key === index) + 1;
      }),
    );
    const within = (most: number) => mean(ranks.map((rank) => (rank >= 1 && rank <= most ? 1 : 0)));
    const mrr = mean(ranks.map((rank) => (rank === 0 ? 0 : 1 / rank)));
    return { recall1: within(1), recall5: within(5), mrr, questions: ranks.length };
  } finally {
    connection.close();
  }
}

function add(report: Report, set: StemSet, without: Found, withStems: Found): void {
  const figures = ({ recall1, recall5, mrr }: Found) =>
    `R@1 ${recall1.toFixed(3)}, R@5 ${recall5.toFixed(3)}, MRR ${mrr.toFixed(3)}`;
  report.add({
    name: `${set.name}: R@1 gained by stems`,
    value: withStems.recall1 - without.recall1,
    unit: "",
    target: { atLeast: mayCost },
    note: `without ${figures(without)}; with ${figures(withStems)}; ${without.questions} questions, ${set.passages.length} passages`,
  });
}

await benchmark("stems", "what stems gain", { shared: true }, async (report) => {
  const natives = await prepareSqlite(".");
  const sets = [
    ...(await Promise.all((["de", "es", "ru"] as const).map(xquadSet))),
    own("fr", "French, our own"),
    own("hr", "Croatian, our own"),
  ];
  for (const set of sets) add(report, set, measure(natives, set, false), measure(natives, set, true));
});
