/**
 * The worker thread that fills the index: cuts, writes, embeds and removes. It runs at low priority, so that a
 * question asked meanwhile gets the processor first. Its writes happen only while the main thread holds the tenant's
 * write turn for it (`TenantStore.exclusive`).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Embedder } from "../inference/embedder.ts";
import { LoadedModel } from "../inference/loaded-model.ts";
import { modelFiles } from "../inference/model-store.ts";
import { loadTokenizer, type TextTokenizer } from "../inference/tokenizer.ts";
import type { SqliteNatives } from "../native/sqlite.ts";
import { chunkDocument } from "./chunker.ts";
import { withoutCompanionVectors, writeCompanionVectors } from "./companion-vectors.ts";
import type { Cutting } from "./cutting.ts";
import { DatabaseHandles } from "./database-handles.ts";
import { documentLanguage } from "./document-language.ts";
import {
  activeIndex,
  buildingIndex,
  createIndex,
  dropIndex,
  type EmbeddingIndex,
  insertVector,
  removeVectors,
  swapIndexes,
} from "./embedding-index.ts";
import { Kept } from "./kept.ts";
import { PairIndex } from "./pair-index.ts";
import { readParsedDocument } from "./parser/parse-protocol.ts";
import { passageSentences, sentenceTexts } from "./passage-sentences.ts";
import { type PassageDraft, replacePassages, retitlePassages } from "./passage-table.ts";
import { passageText } from "./passage-text.ts";
import type { PassageTexts } from "./remote-embedding.ts";
import { packSentenceVectors, withoutSentenceVectors, writeSentenceVectors } from "./sentence-vectors.ts";

export interface IngestThreadOptions {
  readonly dataDir: string;
  readonly natives: SqliteNatives;
  readonly threads: number;
}

export interface CutInput extends Cutting {
  readonly documentId: string;
  readonly parsedPath: string;
  readonly textPath: string;
  readonly title: string;
  /** Its owner chose the title: else one that the file has goes before it. */
  readonly renamed: boolean;
}

export interface CutResult {
  readonly chunks: number;
  readonly mediaType: string;
  /** ISO 639-1; null: it could not be told. */
  readonly language: string | null;
  /** What was left out, for the owner. */
  readonly note: string | null;
}

/** Vectors that were made and wait to be written: several jobs may have some at the same time. */
interface PendingVectors {
  readonly path: string;
  readonly model: string;
  readonly keys: readonly number[];
  readonly vectors: readonly Float32Array[];
}

interface TextRow extends Record<string, unknown> {
  readonly key: number;
  readonly heading: string | null;
  readonly text: string;
}

function passageTexts(rows: readonly TextRow[]): PassageTexts {
  return {
    keys: rows.map(({ key }) => key),
    texts: rows.map(({ heading, text }) => passageText(heading, text)),
  };
}

interface SentencesOfPassage {
  readonly key: number;
  readonly vectors: readonly (Float32Array | null)[];
}

interface PendingSentences {
  readonly path: string;
  readonly index: EmbeddingIndex;
  readonly passages: readonly SentencesOfPassage[];
}

interface PendingCompanions {
  readonly path: string;
  readonly model: string;
  readonly dims: number;
  readonly passages: readonly (SentencesOfPassage & { readonly context: string })[];
}

/** Tokens, padding included, that go through the model in one run. Twice as many are a tenth faster, and take 50 MB more. */
const batchTokens = 1536;
/** Passages in one run, at most. */
export const maxBatchRows = 16;
/** Passages a step while an index is built for another model. */
const buildRows = 8;
/** Passages whose sentences are embedded in one step, and tokens in one run of the model: about 0.1 s a step. */
const sentencePassages = 2;
const sentenceBatchTokens = 768;

export class IngestThread {
  readonly #handles: DatabaseHandles;
  readonly #drafts = new Map<string, PassageDraft>();
  readonly #encoded = new Map<number, number[]>();
  #tokenizer: { model: string; tokenizer: TextTokenizer } | undefined;
  #embedder: { model: string; embedder: Embedder } | undefined;
  /** Stays beside the embedding model: loading takes 0.3 s, and a document may come at any time. */
  readonly #companion: LoadedModel<Embedder>;
  readonly #pending = new Kept<PendingVectors>();
  readonly #pendingSentences = new Kept<PendingSentences>();
  readonly #pendingCompanions = new Kept<PendingCompanions>();
  /** Questions with their answers, and vectors of questions. */
  readonly pairs: PairIndex;

  constructor(readonly options: IngestThreadOptions) {
    this.#handles = new DatabaseHandles(options.natives, "readwrite");
    const { dataDir, threads } = options;
    this.#companion = new LoadedModel((modelId) => Embedder.loadCompanion({ modelId, dataDir, threads }));
    this.pairs = new PairIndex(this.#handles, (model) => this.#embedderOf(model));
  }

  /** Cuts the parsed document at `parsedPath`; the passages wait for `write`, the plain text goes to `textPath`. */
  async cut(input: CutInput): Promise<CutResult> {
    const tokenizer = await this.#tokenizerOf(input.model);
    const parsed = readParsedDocument(readFileSync(input.parsedPath, "utf8"));
    const title = (input.renamed ? null : parsed.title) ?? input.title;
    const chunks = chunkDocument(parsed.text, parsed.blocks, title, {
      maxTokens: input.maxTokens,
      overlapTokens: input.overlapTokens,
      countTokens: (text) => tokenizer.count(text),
    });
    writeFileSync(input.textPath, parsed.text, { mode: 0o600 });
    const language = await documentLanguage(parsed.text);
    this.#drafts.set(input.documentId, { chunks, title, language });
    return {
      chunks: chunks.length,
      mediaType: parsed.mediaType,
      language,
      note: parsed.note ?? null,
    };
  }

  /**
   * Writes the passages that were cut, with their words, in one transaction; replaces those of an earlier try or
   * version. A passage that reads as one that has its vector gets that one: what did not change is not embedded again.
   */
  async write(input: { path: string; documentId: string }): Promise<void> {
    const draft = this.#drafts.get(input.documentId);
    if (draft === undefined) throw new Error("the passages to write are gone: the thread was started anew");
    this.#handles.get(input.path).transact((writer) => void replacePassages(writer, input.documentId, draft));
    this.#drafts.delete(input.documentId);
  }

  /**
   * Embeds the next batch of a document's passages; the vectors wait for `writeVectors`, which takes the ticket.
   * @returns how many; 0: all done.
   */
  async embed(input: {
    path: string;
    documentId: string;
    model: string;
  }): Promise<{ embedded: number; ticket: number }> {
    const embedder = await this.#embedderOf(input.model);
    const rows = this.#handles.get(input.path).reader.all<TextRow>(
      // By length, so that little is padded.
      `SELECT key, heading, text FROM chunks WHERE document_id = ? AND embedded_at IS NULL
       ORDER BY tokens DESC, key LIMIT ${maxBatchRows}`,
      input.documentId,
    );
    const batch: { key: number; ids: number[] }[] = [];
    let longest = 0;
    for (const row of rows) {
      const ids =
        this.#encoded.get(row.key) ?? embedder.encode(passageText(row.heading, row.text), "passage");
      longest = Math.max(longest, ids.length);
      if (batch.length > 0 && longest * (batch.length + 1) > batchTokens) {
        this.#encoded.set(row.key, ids);
        break;
      }
      batch.push({ key: row.key, ids });
    }
    for (const item of batch) this.#encoded.delete(item.key);
    if (this.#encoded.size > 1000) this.#encoded.clear();
    const vectors = await embedder.embedIds(batch.map((item) => item.ids));
    const keys = batch.map((item) => item.key);
    const ticket = this.#pending.keep({ path: input.path, model: input.model, keys, vectors });
    return { embedded: batch.length, ticket };
  }

  /** What the embedder reads of a document's next passages, for a model that does not run here. */
  async texts(input: { path: string; documentId: string; limit: number }): Promise<PassageTexts> {
    return passageTexts(
      this.#handles.get(input.path).reader.all<TextRow>(
        `SELECT key, heading, text FROM chunks WHERE document_id = ? AND embedded_at IS NULL
         ORDER BY key LIMIT ?`,
        input.documentId,
        input.limit,
      ),
    );
  }

  /** The same of the next passages for the index that is built for another model. */
  async buildTexts(input: { path: string; model: string; limit: number }): Promise<PassageTexts> {
    return passageTexts(this.#nextToBuild(input.path, input.model, input.limit));
  }

  /** Keeps vectors that were made elsewhere for `writeVectors` or `writeBuilt`, which takes the ticket. */
  async keep(input: PendingVectors): Promise<{ ticket: number }> {
    return { ticket: this.#pending.keep(input) };
  }

  /** Writes the vectors that `embed` made. */
  async writeVectors(input: { ticket: number; documentId: string; dims: number }): Promise<void> {
    const pending = this.#pending.take(input.ticket);
    const now = Date.now();
    this.#handles.get(pending.path).transact((writer) => {
      const index = activeIndex(writer) ?? createIndex(writer, pending.model, input.dims, "active");
      // The model was changed meanwhile: these vectors belong to no index any more.
      if (index.model !== pending.model) return;
      let written = 0;
      for (const [position, key] of pending.keys.entries()) {
        const vector = pending.vectors[position];
        // Only passages that are still there: the document may have been removed or cut anew meanwhile.
        const { changes } = writer.run(
          "UPDATE chunks SET embedded_at = ? WHERE key = ? AND embedded_at IS NULL",
          now,
          key,
        );
        if (changes === 0 || vector === undefined) continue;
        insertVector(writer, index, key, vector);
        written += 1;
      }
      writer.run(
        "UPDATE documents SET embedded = embedded + ?, updated_at = ? WHERE id = ?",
        written,
        now,
        input.documentId,
      );
    });
  }

  /**
   * Embeds the next passages for the index of another model, beside the active one. The vectors wait for `writeBuilt`,
   * which takes the ticket.
   */
  async build(input: { path: string; model: string }): Promise<{ ticket: number }> {
    const embedder = await this.#embedderOf(input.model);
    const rows = this.#nextToBuild(input.path, input.model, buildRows);
    const vectors: Float32Array[] = [];
    for (const row of rows)
      vectors.push(...(await embedder.embed([passageText(row.heading, row.text)], "passage")));
    const keys = rows.map((row) => row.key);
    const ticket = this.#pending.keep({ path: input.path, model: input.model, keys, vectors });
    return { ticket };
  }

  #nextToBuild(path: string, model: string, limit: number): TextRow[] {
    const { reader } = this.#handles.get(path);
    const building = buildingIndex(reader);
    return reader.all<TextRow>(
      "SELECT key, heading, text FROM chunks WHERE key > ? ORDER BY key LIMIT ?",
      building?.model === model ? building.builtTo : 0,
      limit,
    );
  }

  /** Writes the vectors that `build` made; when there were none left to make, the new index takes over. */
  async writeBuilt(input: { ticket: number; dims: number }): Promise<{ done: boolean }> {
    const pending = this.#pending.take(input.ticket);
    return this.#handles.get(pending.path).transact((writer) => {
      const other = buildingIndex(writer);
      if (other !== null && other.model !== pending.model) dropIndex(writer, other);
      const index = buildingIndex(writer) ?? createIndex(writer, pending.model, input.dims, "building");
      for (const [position, key] of pending.keys.entries()) {
        const vector = pending.vectors[position];
        const there = writer.get("SELECT 1 FROM chunks WHERE key = ?", key) !== undefined;
        if (vector === undefined || !there) continue;
        insertVector(writer, index, key, vector);
      }
      const last = pending.keys.at(-1);
      if (last !== undefined) {
        writer.run("UPDATE embedding_indexes SET built_to = ? WHERE id = ?", last, index.id);
        return { done: false };
      }
      swapIndexes(writer);
      return { done: true };
    });
  }

  /**
   * Embeds the sentences of the next passages after `from` that have none embedded yet; the vectors wait for
   * `writeSentences`, which takes the ticket. @returns the key of the last passage; null: none is left
   */
  async sentences(input: {
    path: string;
    model: string;
    from: number;
  }): Promise<{ last: number; ticket: number } | null> {
    const { reader } = this.#handles.get(input.path);
    const index = activeIndex(reader);
    if (index === null || index.model !== input.model) return null;
    const rows = withoutSentenceVectors(reader, index, input.from, sentencePassages);
    const last = rows.at(-1)?.key;
    if (last === undefined) return null;
    const passages = rows.map(({ key, heading, text }) => ({
      key,
      texts: sentenceTexts(text, heading, passageSentences(text, heading)),
    }));
    const made = await this.#embedSentences(await this.#embedderOf(input.model), passages);
    return { last, ticket: this.#pendingSentences.keep({ path: input.path, index, passages: made }) };
  }

  /** Writes the vectors that `sentences` made. */
  async writeSentences(input: { ticket: number }): Promise<void> {
    const pending = this.#pendingSentences.take(input.ticket);
    this.#handles.get(pending.path).transact((writer) => {
      if (activeIndex(writer)?.id !== pending.index.id) return;
      for (const { key, vectors } of pending.passages)
        writeSentenceVectors(writer, pending.index, key, packSentenceVectors(vectors, pending.index.dims));
    });
  }

  /** The same by the embedding model's companion, of passages in its language; for `writeCompanions`. */
  async companions(input: {
    path: string;
    model: string;
    language: string;
    from: number;
  }): Promise<{ last: number; ticket: number } | null> {
    const { reader } = this.#handles.get(input.path);
    const rows = withoutCompanionVectors(reader, input, sentencePassages);
    const last = rows.at(-1)?.key;
    if (last === undefined) return null;
    const embedder = await this.#companion.get(input.model);
    const made = await this.#embedSentences(
      embedder,
      rows.map(({ key, title, heading, text }) => ({
        key,
        texts: sentenceTexts(text, heading, passageSentences(text, heading), title),
      })),
    );
    const passages = made.map((passage, index) => ({ ...passage, context: rows[index]?.context ?? "" }));
    const { dims } = embedder.model;
    const ticket = this.#pendingCompanions.keep({ path: input.path, model: input.model, dims, passages });
    return { last, ticket };
  }

  /** Writes the vectors that `companions` made. */
  async writeCompanions(input: { ticket: number }): Promise<void> {
    const { path, model, dims, passages } = this.#pendingCompanions.take(input.ticket);
    this.#handles.get(path).transact((writer) => {
      for (const passage of passages)
        writeCompanionVectors(writer, model, passage, packSentenceVectors(passage.vectors, dims));
    });
  }

  async #embedSentences(
    embedder: Embedder,
    passages: readonly { readonly key: number; readonly texts: readonly (string | null)[] }[],
  ): Promise<SentencesOfPassage[]> {
    const vectors = await this.#embedTogether(
      embedder,
      passages.flatMap(({ texts }) => texts),
    );
    return passages.map(({ key, texts }) => ({ key, vectors: vectors.splice(0, texts.length) }));
  }

  /** One vector a text, in their order (null for null); run together by length, so that little is padded. */
  async #embedTogether(
    embedder: Embedder,
    texts: readonly (string | null)[],
  ): Promise<(Float32Array | null)[]> {
    const rows = texts
      .flatMap((text, place) => (text === null ? [] : [{ place, ids: embedder.encode(text, "passage") }]))
      .sort((a, b) => b.ids.length - a.ids.length);
    const vectors: (Float32Array | null)[] = texts.map(() => null);
    while (rows.length > 0) {
      const longest = rows[0]?.ids.length ?? 1;
      const batch = rows.splice(0, Math.max(1, Math.floor(sentenceBatchTokens / longest)));
      const made = await embedder.embedIds(batch.map((row) => row.ids));
      for (const [index, { place }] of batch.entries()) vectors[place] = made[index] ?? null;
    }
    return vectors;
  }

  /** Has up to `limit` passages of a document searched by its new title. @returns the last one's key; null: there are none */
  async retitle(input: {
    path: string;
    documentId: string;
    from: number;
    limit: number;
  }): Promise<{ last: number | null }> {
    const { path, documentId, from, limit } = input;
    return this.#handles
      .get(path)
      .transact((writer) => ({ last: retitlePassages(writer, documentId, from, limit) }));
  }

  /** Removes up to `limit` passages of a document from words, vectors and table. @returns how many are left. */
  async remove(input: { path: string; documentId: string; limit: number }): Promise<{ left: number }> {
    return this.#handles.get(input.path).transact((writer) => {
      const keys = writer
        .all<{ key: number }>(
          "SELECT key FROM chunks WHERE document_id = ? LIMIT ?",
          input.documentId,
          input.limit,
        )
        .map((row) => row.key);
      removeVectors(writer, keys);
      for (const key of keys) writer.run("DELETE FROM chunks WHERE key = ?", key);
      const row = writer.get<{ n: number }>(
        "SELECT count(*) AS n FROM chunks WHERE document_id = ?",
        input.documentId,
      );
      return { left: row?.n ?? 0 };
    });
  }

  /** Writes the WAL back into the database and empties it, so that nothing removed stays in it. */
  async checkpoint(input: { path: string }): Promise<void> {
    this.#handles.get(input.path).handle.pragma("wal_checkpoint(TRUNCATE)");
  }

  async close(): Promise<void> {
    this.#handles[Symbol.dispose]();
    await this.#embedder?.embedder.release();
    await this.#companion.release();
  }

  async #tokenizerOf(model: string): Promise<TextTokenizer> {
    if (this.#embedder?.model === model) return this.#embedder.embedder.tokenizer;
    if (this.#tokenizer?.model !== model) {
      const files = await modelFiles(model, this.options.dataDir);
      this.#tokenizer = { model, tokenizer: await loadTokenizer(files.tokenizer) };
    }
    return this.#tokenizer.tokenizer;
  }

  async #embedderOf(model: string): Promise<Embedder> {
    if (this.#embedder?.model !== model) {
      await this.#embedder?.embedder.release();
      this.#encoded.clear();
      const { dataDir, threads } = this.options;
      this.#embedder = { model, embedder: await Embedder.load({ modelId: model, dataDir, threads }) };
      // One tokenizer is enough.
      this.#tokenizer = undefined;
    }
    return this.#embedder.embedder;
  }
}
