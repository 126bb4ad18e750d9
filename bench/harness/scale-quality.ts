/** What speed costs: the vectors' 8 bits, and the words of a question that are not looked for. */
import { openDatabase } from "../../src/db/database.ts";
import { Connection } from "../../src/db/transaction.ts";
import type { ModelEntry } from "../../src/inference/model-manifest.ts";
import { anchorsOf, defaultEmbedder, findModel } from "../../src/inference/model-store.ts";
import { bm25Hits } from "../../src/knowledge/candidates.ts";
import { activeIndex, readVectors } from "../../src/knowledge/embedding-index.ts";
import { weightyWords } from "../../src/knowledge/keyword-search.ts";
import type { QueryWords } from "../../src/knowledge/query-words.ts";
import { balanceOf, baseLines, dot } from "../../src/knowledge/scoring.ts";
import type { FuseAnswer, KeywordHit } from "../../src/knowledge/search-protocol.ts";
import { SearchThread } from "../../src/knowledge/search-thread.ts";
import { VectorMatrices } from "../../src/knowledge/vector-matrices.ts";
import { prepareSqlite } from "../../src/native/sqlite.ts";
import { databasePath } from "./bulk.ts";
import { sentencesOf } from "./passages.ts";
import type { ScaleData } from "./scale-data.ts";
import { normalisedAnswer, type Question } from "./squad.ts";
import { mean, median, share } from "./stats.ts";

const depth = 10;
const loadingMs = 300_000;

export interface AskedVector {
  readonly question: Question;
  /** L2-normalised. */
  readonly vector: Float32Array;
}

/** The database of a knowledge base that no server uses, read only. */
export class ScaleDatabase implements AsyncDisposable {
  private constructor(
    readonly path: string,
    readonly connection: Connection,
    readonly thread: SearchThread,
    readonly model: ModelEntry,
    readonly dataDir: string,
  ) {}

  static async open({ dataDir, tenant }: ScaleData): Promise<ScaleDatabase> {
    const natives = await prepareSqlite(dataDir);
    const path = databasePath(dataDir, tenant.id);
    const handle = openDatabase(natives, path, { durability: "normal", readonly: true, vectors: true });
    const thread = new SearchThread({ natives });
    const model = await findModel(defaultEmbedder, dataDir);
    return new ScaleDatabase(path, new Connection(handle), thread, model, dataDir);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.thread.close();
    this.connection.close();
  }
}

/**
 * Of the ten nearest by a plain comparison with every stored vector, the share that the product's search in memory
 * brings among its ten.
 * @returns null when so many vectors do not go into this machine's memory
 */
export async function vectorRecall(
  { connection }: ScaleDatabase,
  asked: readonly AskedVector[],
  size: number,
): Promise<number | null> {
  const { reader } = connection;
  const index = activeIndex(reader);
  if (index === null) throw new Error("there are no vectors");
  const matrices = new VectorMatrices();
  const deadline = performance.now() + loadingMs;
  let matrix = matrices.of(connection, index, size);
  while (matrix === null && performance.now() < deadline) {
    await Bun.sleep(20);
    matrix = matrices.of(connection, index, size);
  }
  if (matrix === null) return null;
  const exact = asked.map(() => new Nearest(depth));
  for (const { key, vector } of readVectors(reader, index, null))
    for (const [position, item] of asked.entries()) exact[position]?.offer(key, dot(item.vector, vector));
  return mean(
    asked.map(({ vector }, position) => {
      const found = new Set(matrix.nearest(vector, depth).map(({ key }) => key));
      return share(exact[position]?.keys ?? [], (key) => found.has(key));
    }),
  );
}

/** The keys with the highest values that were offered. */
class Nearest {
  readonly #items: { readonly key: number; readonly value: number }[] = [];

  constructor(readonly limit: number) {}

  get keys(): number[] {
    return this.#items.map(({ key }) => key);
  }

  offer(key: number, value: number): void {
    const last = this.#items.at(-1);
    if (this.#items.length === this.limit && last !== undefined && value <= last.value) return;
    const at = this.#items.findIndex((item) => item.value < value);
    this.#items.splice(at === -1 ? this.#items.length : at, 0, { key, value });
    if (this.#items.length > this.limit) this.#items.pop();
  }
}

export interface WordsRecall {
  /** R@10 with the words that the product looks for. */
  readonly chosen: number;
  /** R@10 with all words of the question. */
  readonly all: number;
}

export interface FrequentWords {
  /** Right is a passage that holds an answer's words. */
  readonly hybrid: WordsRecall;
  /** Right is a passage that holds the whole sentence in which the answer stands: fewer do by chance. */
  readonly hybridBySentence: WordsRecall;
  /** Hits of the words alone, by BM25. */
  readonly keyword: WordsRecall;
  readonly keywordBySentence: WordsRecall;
  /** Questions of which some word was not looked for. */
  readonly affected: number;
  /** Medians of looking for the words. */
  readonly chosenMs: number;
  readonly allMs: number;
}

interface Ranked {
  readonly byAnswer: boolean;
  readonly bySentence: boolean;
}

/** Hybrid search with the product's choice of words, and the same with the hits of all words put in their place. */
export async function frequentWords(
  database: ScaleDatabase,
  asked: readonly AskedVector[],
  size: number,
): Promise<FrequentWords> {
  const { thread, path } = database;
  await startReading(database, asked, size);
  const found: {
    hybrid: [Ranked, Ranked];
    keyword: [Ranked, Ranked];
    left: boolean;
    ms: [number, number];
  }[] = [];
  for (const { question, vector } of asked) {
    const chosen = await thread.keyword({ path, question: question.text });
    const started = performance.now();
    const all = bm25Hits(database.connection, chosen.words.all, null);
    const allMs = performance.now() - started;
    const fuse = (keyword: readonly KeywordHit[]) =>
      fused(database, question.text, vector, keyword, chosen.words);
    const texts = ({ passages }: FuseAnswer) => passages.map(({ text }) => text);
    found.push({
      hybrid: [
        rankedBy(question, texts(await fuse(chosen.hits))),
        rankedBy(question, texts(await fuse(all))),
      ],
      keyword: [
        rankedBy(question, textsOf(database, chosen.hits)),
        rankedBy(question, textsOf(database, all)),
      ],
      left: leftOut(chosen.words),
      ms: [chosen.ms, allMs],
    });
  }
  const recall = (way: "hybrid" | "keyword", by: keyof Ranked) => ({
    chosen: share(found, (item) => item[way][0][by]),
    all: share(found, (item) => item[way][1][by]),
  });
  return {
    hybrid: recall("hybrid", "byAnswer"),
    hybridBySentence: recall("hybrid", "bySentence"),
    keyword: recall("keyword", "byAnswer"),
    keywordBySentence: recall("keyword", "bySentence"),
    affected: share(found, (item) => item.left),
    chosenMs: median(found.map((item) => item.ms[0])),
    allMs: median(found.map((item) => item.ms[1])),
  };
}

/**
 * As the thread is after a while: vectors in memory (until then vec0 finds the same ones more slowly), and postings of
 * common words too, which are read from the first question on that has them.
 */
async function startReading(
  database: ScaleDatabase,
  asked: readonly AskedVector[],
  size: number,
): Promise<void> {
  for (const [position, { question, vector }] of asked.entries()) {
    const { words } = await database.thread.keyword({ path: database.path, question: question.text });
    if (position === 0) await fused(database, question.text, vector, [], words);
  }
  const deadline = performance.now() + loadingMs;
  while (database.thread.isReading && performance.now() < deadline) await Bun.sleep(50);
  await Bun.sleep(size / 50);
}

async function fused(
  { thread, path, model, dataDir }: ScaleDatabase,
  question: string,
  vector: Float32Array,
  keyword: readonly KeywordHit[],
  words: Awaited<ReturnType<SearchThread["keyword"]>>["words"],
): Promise<FuseAnswer> {
  return thread.fuse({
    path,
    question,
    mode: "hybrid",
    limit: depth,
    minScore: 0,
    balance: balanceOf(null),
    vector,
    byCompanion: null,
    bases: baseLines(vector, await anchorsOf(model, dataDir)),
    model: model.id,
    figures: model.retrieval,
    keyword,
    words,
  });
}

/** Whether a word that weighs something was not looked for. */
function leftOut(words: QueryWords): boolean {
  return words.searched.length < weightyWords(words).length;
}

function textsOf({ connection }: ScaleDatabase, hits: readonly KeywordHit[]): string[] {
  return hits
    .slice(0, depth)
    .map(
      ({ key }) =>
        connection.reader.get<{ text: string }>("SELECT text FROM chunks WHERE key = ?", key)?.text ?? "",
    );
}

/** Whether one of the texts answers the question. */
function rankedBy(question: Question, texts: readonly string[]): Ranked {
  const words = texts.map((text) => ` ${normalisedAnswer(text)} `);
  const sentences = question.answers.flatMap(({ text }) =>
    sentencesOf(question.passage.text).filter((sentence) => sentence.includes(text)),
  );
  return {
    byAnswer: question.answers.some(({ text }) => {
      const wanted = ` ${normalisedAnswer(text)} `;
      return words.some((held) => held.includes(wanted));
    }),
    bySentence: texts.some((text) => sentences.some((sentence) => text.includes(sentence))),
  };
}
