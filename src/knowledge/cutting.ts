/** How documents are cut for a model, as the tenant has set it. */
import { defaultEmbedder } from "../inference/model-store.ts";
import type { Settings } from "../tenants/settings.ts";
import type { EmbeddingModel } from "./embedding-model.ts";

export interface Cutting {
  /** Whose tokenizer counts. */
  readonly model: string;
  readonly maxTokens: number;
  readonly overlapTokens: number;
}

export function cuttingFor(model: EmbeddingModel, retrieval: Settings["retrieval"]): Cutting {
  const { passageTokens, overlapTokens } = retrieval;
  return {
    // What runs elsewhere has its tokenizer elsewhere too: ours counts about the same.
    model: model.remote === undefined ? model.id : defaultEmbedder,
    maxTokens: Math.min(passageTokens, model.maxTokens),
    overlapTokens: Math.min(overlapTokens, Math.floor(passageTokens / 2)),
  };
}
