/** How well passages fit a question, by an ONNX cross-encoder, in the thread that calls it. */

import type { RerankerEntry } from "./model-manifest.ts";
import { filesOf, findReranker } from "./model-store.ts";
import { type InferenceSession, onnx } from "./onnx.ts";
import { loadPairTokenizer, type PairTokenizer, type TokenPair } from "./tokenizer.ts";

export interface RerankerOptions {
  readonly modelId: string;
  readonly dataDir: string;
  readonly threads: number;
}

export class Reranker {
  private constructor(
    readonly model: RerankerEntry,
    readonly tokenizer: PairTokenizer,
    readonly session: InferenceSession,
    private readonly dataDir: string,
  ) {}

  /** @throws when there is no such model, or one of its files is missing or damaged. */
  static async load({ modelId, dataDir, threads }: RerankerOptions): Promise<Reranker> {
    const files = await filesOf(findReranker(modelId, dataDir), dataDir);
    const [runtime, tokenizer] = await Promise.all([onnx(dataDir), loadPairTokenizer(files.tokenizer)]);
    const session = await runtime.InferenceSession.create(files.graph, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
    return new Reranker(files.entry, tokenizer, session, dataDir);
  }

  /**
   * One value (a logit) a text: the higher, the better it fits; comparable within one question. Texts that are too
   * long for the model are read from their beginning. @throws when the model gives something else than one or two values
   */
  async score(question: string, texts: readonly string[]): Promise<number[]> {
    if (texts.length === 0) return [];
    const pairs = texts.map((text) => this.#cut(this.tokenizer(question, text)));
    const length = Math.max(...pairs.map(({ ids }) => ids.length));
    const ids = new BigInt64Array(pairs.length * length);
    const mask = new BigInt64Array(pairs.length * length);
    const types = new BigInt64Array(pairs.length * length);
    for (const [row, pair] of pairs.entries())
      for (const [position, id] of pair.ids.entries()) {
        ids[row * length + position] = BigInt(id);
        mask[row * length + position] = 1n;
        types[row * length + position] = BigInt(pair.types[position] ?? 0);
      }
    const { Tensor } = await onnx(this.dataDir);
    const tensor = (values: BigInt64Array) => new Tensor("int64", values, [pairs.length, length]);
    const output = await this.session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(mask),
      ...(this.session.inputNames.includes("token_type_ids") ? { token_type_ids: tensor(types) } : {}),
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
