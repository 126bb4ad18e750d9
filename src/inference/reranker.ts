/** How well passages fit a question, by an ONNX cross-encoder, in the thread that calls it. */

import type { ModelOptions } from "./embedder.ts";
import type { RerankerEntry } from "./model-manifest.ts";
import { filesOf, findReranker } from "./model-store.ts";
import { type InferenceSession, maskOf, openSession, paddedTensor } from "./onnx.ts";
import { loadPairTokenizer, type PairTokenizer, type TokenPair } from "./tokenizer.ts";

export class Reranker {
  private constructor(
    readonly model: RerankerEntry,
    readonly tokenizer: PairTokenizer,
    readonly session: InferenceSession,
    private readonly dataDir: string,
  ) {}

  /** @throws when there is no such model, or one of its files is missing or damaged. */
  static async load(options: ModelOptions): Promise<Reranker> {
    const { modelId, dataDir } = options;
    const files = await filesOf(findReranker(modelId, dataDir), dataDir);
    const tokenizer = await loadPairTokenizer(files.tokenizer);
    return new Reranker(files.entry, tokenizer, await openSession(files.graph, options), dataDir);
  }

  /**
   * One value (a logit) a text: the higher, the better it fits; comparable within one question. Texts that are too
   * long for the model are read from their beginning. @throws when the model gives something else than one or two values
   */
  async score(question: string, texts: readonly string[]): Promise<number[]> {
    if (texts.length === 0) return [];
    const pairs = texts.map((text) => this.#cut(this.tokenizer(question, text)));
    const rows = pairs.map(({ ids }) => ids);
    const types = pairs.map((pair) => pair.types);
    const output = await this.session.run({
      input_ids: await paddedTensor(rows, this.dataDir),
      attention_mask: await paddedTensor(maskOf(rows), this.dataDir),
      ...(this.session.inputNames.includes("token_type_ids")
        ? { token_type_ids: await paddedTensor(types, this.dataDir) }
        : {}),
    });
    const data = output[this.session.outputNames[0] ?? ""]?.data;
    if (!(data instanceof Float32Array) || ![1, 2].includes(data.length / pairs.length))
      throw new Error(`${this.model.id} gives neither one value nor two for a question and a passage`);
    if (data.length === pairs.length) return [...data];
    return pairs.map((_, row) => (data[row * 2 + 1] ?? 0) - (data[row * 2] ?? 0));
  }

  /** The last token ends the row, so it stays. */
  #cut({ ids, types }: TokenPair): TokenPair {
    const most = this.model.maxTokens;
    if (ids.length <= most) return { ids, types };
    const end = <T>(row: readonly T[]): T[] => [...row.slice(0, most - 1), ...row.slice(-1)];
    return { ids: end(ids), types: end(types) };
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
