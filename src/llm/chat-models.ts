/** Which model answers for a tenant: the operator's Ollama, the tenant's own server, or none (quotes only); and where vectors come from. */
import type { Reader } from "../db/transaction.ts";
import type { EgressFetch } from "../egress/fetch.ts";
import { describeError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Settings } from "../tenants/settings.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { checkOllama, listOllamaModels, OllamaProvider } from "./ollama.ts";
import { OllamaEmbeddings } from "./ollama-embeddings.ts";
import { checkOpenAiCompatible, OpenAiCompatibleProvider } from "./openai-compatible.ts";
import { OpenAiEmbeddings } from "./openai-embeddings.ts";
import type { ChatProvider, EmbeddingServer, Fetch, ProviderCheck } from "./provider.ts";
import { type ProviderSettings, readProvider, type SettableProvider } from "./provider-settings.ts";

export interface ChatModelsOptions {
  readonly store: TenantStore;
  readonly egress: EgressFetch;
  readonly log: Logger;
  readonly operatorOllama: string;
  readonly operatorModel: string | null;
  /** Opens a tenant's sealed provider key, at the moment of use. */
  readonly openKey: (tenantId: string, provider: SettableProvider, sealed: Uint8Array) => string;
}

const recheckMs = 30_000;

export class ChatModels implements Disposable {
  readonly #options: ChatModelsOptions;
  readonly #fetch: Fetch;
  readonly #fetchForOperator: Fetch;
  readonly #listed = new Map<
    string,
    { at: number; models: readonly string[] | null; pending?: Promise<readonly string[] | null> }
  >();
  #timer: Timer | undefined;

  constructor(options: ChatModelsOptions) {
    this.#options = options;
    this.#fetch = (input, init) => options.egress.fetch(input, init);
    this.#fetchForOperator = (input, init) => options.egress.fetchForOperator(input, init);
  }

  /** Looks for the operator's Ollama now, and again every half minute. @returns the model that answers, or null. */
  async start(): Promise<string | null> {
    this.#timer = setInterval(() => void this.#models(this.#options.operatorOllama, true), recheckMs);
    this.#timer.unref();
    await this.#models(this.#options.operatorOllama, true);
    return this.operatorModel();
  }

  /** The model of the operator's Ollama that would answer, by what is known now; null when none. */
  operatorModel(): string | null {
    const models = this.#listed.get(this.#options.operatorOllama)?.models ?? null;
    return models === null ? null : (this.#options.operatorModel ?? models[0] ?? null);
  }

  /** The provider for the tenant's next answer; null: quote from the documents. */
  async providerFor(tenantId: string, settings: Settings): Promise<ChatProvider | null> {
    const { answerer } = settings.models;
    if (answerer === "builtin") return null;
    const own = await this.#options.store.read(tenantId, readBoth);
    if (answerer !== "ollama") {
      const provider = this.#openAiCompatible(tenantId, own.openai);
      if (provider !== null || answerer === "openai-compatible") return provider;
    }
    return this.#ollama(own.ollama, answerer === "ollama");
  }

  /** A live test of what is set. */
  async check(tenantId: string, id: SettableProvider): Promise<ProviderCheck> {
    const own = await this.#options.store.read(tenantId, readBoth);
    if (id === "ollama") {
      const url = own.ollama.url ?? this.#options.operatorOllama;
      const result = await checkOllama(this.#ollamaAt(url), own.ollama.model ?? this.#operatorModelFor(url));
      this.#listed.set(url, { at: Date.now(), models: result.models.length > 0 ? result.models : null });
      return result;
    }
    if (own.openai.url === null)
      return { ok: false, detail: "No address is set yet.", models: [], latencyMs: 0 };
    return checkOpenAiCompatible(this.#openAiOptions(tenantId, own.openai, own.openai.url), own.openai.model);
  }

  /** Where the tenant's vectors come from: the servers of the chat models. null: no address is set. */
  async embeddingServer(tenantId: string, id: SettableProvider): Promise<EmbeddingServer | null> {
    const own = await this.#options.store.read(tenantId, readBoth);
    if (id === "ollama")
      return new OllamaEmbeddings(this.#ollamaAt(own.ollama.url ?? this.#options.operatorOllama));
    if (own.openai.url === null) return null;
    return new OpenAiEmbeddings(this.#openAiOptions(tenantId, own.openai, own.openai.url));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** The operator's own server may be anywhere; every other address is a tenant's word and is checked. */
  #ollamaAt(url: string): { url: string; fetch: Fetch } {
    const isOperators = url === this.#options.operatorOllama;
    return { url, fetch: isOperators ? this.#fetchForOperator : this.#fetch };
  }

  #operatorModelFor(url: string): string | null {
    return url === this.#options.operatorOllama ? this.#options.operatorModel : null;
  }

  async #ollama(own: ProviderSettings, demanded: boolean): Promise<ChatProvider | null> {
    const url = own.url ?? this.#options.operatorOllama;
    const models = await this.#models(url, false);
    const model = own.model ?? this.#operatorModelFor(url) ?? models?.[0] ?? null;
    if (model === null || (models === null && !demanded)) return null;
    return new OllamaProvider(this.#ollamaAt(url), model);
  }

  #openAiCompatible(tenantId: string, own: ProviderSettings): ChatProvider | null {
    if (own.url === null || own.model === null) return null;
    return new OpenAiCompatibleProvider(this.#openAiOptions(tenantId, own, own.url), own.model);
  }

  #openAiOptions(
    tenantId: string,
    own: ProviderSettings,
    url: string,
  ): { url: string; key: string | null; fetch: Fetch } {
    const key =
      own.sealedKey === null ? null : this.#options.openKey(tenantId, "openai-compatible", own.sealedKey);
    return { url, key, fetch: this.#fetch };
  }

  /** Models of an Ollama server as last seen; asked again when that is too long ago. null: it does not answer. */
  async #models(url: string, now: boolean): Promise<readonly string[] | null> {
    const known = this.#listed.get(url);
    if (known?.pending !== undefined) return known.pending;
    if (known !== undefined && !now && Date.now() - known.at < recheckMs) return known.models;
    const pending = this.#list(url);
    this.#listed.set(url, { at: Date.now(), models: known?.models ?? null, pending });
    const models = await pending;
    this.#listed.set(url, { at: Date.now(), models });
    return models;
  }

  async #list(url: string): Promise<readonly string[] | null> {
    try {
      const models = await listOllamaModels(this.#ollamaAt(url), AbortSignal.timeout(2_000));
      return models.length > 0 ? models : null;
    } catch (error) {
      this.#options.log.debug("no Ollama found", { url, error: describeError(error) });
      return null;
    }
  }
}

function readBoth(reader: Reader): { ollama: ProviderSettings; openai: ProviderSettings } {
  return { ollama: readProvider(reader, "ollama"), openai: readProvider(reader, "openai-compatible") };
}
