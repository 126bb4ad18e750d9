/** Text to vector with an ONNX model, in the thread that calls it. */

import type { CompanionEntry, ModelEntry } from "./model-manifest.ts";
import { filesOf, findCompanion, type ModelFiles, modelFiles } from "./model-store.ts";
import { type InferenceSession, maskOf, openSession, paddedTensor } from "./onnx.ts";
import { loadTokenizer, type TextTokenizer } from "./tokenizer.ts";

export interface ModelOptions {
  readonly modelId: string;
  readonly dataDir: string;
  readonly threads: number;
}

export type TextKind = "query" | "passage";

export class Embedder {
  private constructor(
    readonly model: ModelEntry | CompanionEntry,
    readonly tokenizer: TextTokenizer,
    readonly session: InferenceSession,
    private readonly dataDir: string,
  ) {}

  /** Loads tokenizer and graph: about 0.3 s. @throws when a file is missing or damaged. */
  static async load(options: ModelOptions): Promise<Embedder> {
    return Embedder.#open(await modelFiles(options.modelId, options.dataDir), options);
  }

  /** The same of a model that goes beside another one. */
  static async loadCompanion(options: ModelOptions): Promise<Embedder> {
    const entry = await findCompanion(options.modelId, options.dataDir);
    return Embedder.#open(await filesOf(entry, options.dataDir), options);
  }

  static async #open(
    files: ModelFiles<ModelEntry | CompanionEntry>,
    options: ModelOptions,
  ): Promise<Embedder> {
    const tokenizer = await loadTokenizer(files.tokenizer);
    const session = await openSession(files.graph, options);
    return new Embedder(files.entry, tokenizer, session, options.dataDir);
  }

  /** Token ids of a text as the model takes it: prefix and special tokens included, cut to the model's length. */
  encode(text: string, kind: TextKind): number[] {
    const ids = this.tokenizer.encode(this.model.prefixes[kind] + text);
    if (ids.length <= this.model.maxTokens) return ids;
    const last = ids.at(-1) ?? 0;
    return [...ids.slice(0, this.model.maxTokens - 1), last];
  }

  /** One vector a text, Float32Array(dims), L2-normalised. All texts go through the model in one run. */
  async embed(texts: readonly string[], kind: TextKind): Promise<Float32Array[]> {
    return this.embedIds(texts.map((text) => this.encode(text, kind)));
  }

  /** The same for token ids. Shorter rows are padded to the longest: give rows of similar length. */
  async embedIds(rows: readonly (readonly number[])[]): Promise<Float32Array[]> {
    if (rows.length === 0) return [];
    const output = await this.session.run({
      input_ids: await paddedTensor(rows, this.dataDir),
      attention_mask: await paddedTensor(maskOf(rows), this.dataDir),
    });
    const data = output.embedding?.data;
    if (!(data instanceof Float32Array)) throw new Error(`${this.model.id} gave no float vectors`);
    const { dims } = this.model;
    return rows.map((_, index) => data.slice(index * dims, (index + 1) * dims));
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
