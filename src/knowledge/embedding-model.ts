/** The model that makes a tenant's vectors: one on this server, or one that a model server runs. */
import type { ModelEntry } from "../inference/model-manifest.ts";
import type { Prefixes } from "../llm/embedding-families.ts";
import type { SettableProvider } from "../llm/provider-settings.ts";

export type EmbeddingModel = LocalModel | ServerModel;

export interface LocalModel extends ModelEntry {
  readonly remote?: undefined;
}

export interface ServerModel
  extends Pick<ModelEntry, "id" | "dims" | "maxTokens" | "prefixes" | "retrieval"> {
  readonly remote: RemoteModel;
}

/** What a setting `ollama:NAME` or `openai:NAME` names. */
export interface RemoteName {
  /** As the setting has it. */
  readonly model: string;
  readonly provider: SettableProvider;
  /** Its name at the server. */
  readonly name: string;
  readonly prefixes: Prefixes;
}

/** A model at the tenant's model server, as it was found when it was chosen. */
export interface RemoteModel extends RemoteName {
  readonly tenantId: string;
  /** Its row. */
  readonly embedder: number;
  readonly dims: number;
  /** Vector of `probeText`. */
  readonly probe: Float32Array;
}
