/** Vectors from model servers: for documents, for questions, and the trial when a model is chosen. */
import { AppError } from "../errors.ts";
import { anchorSentences } from "../inference/model-store.ts";
import { backoffMs } from "../jobs/job.ts";
import type { ChatModels } from "../llm/chat-models.ts";
import { EmbeddingError, floatsPerRequest } from "../llm/embedding-answer.ts";
import { type EmbeddingServer, ProviderError } from "../llm/provider.ts";
import type { Thread } from "../worker-pool.ts";
import type { RemoteModel, RemoteName } from "./embedding-model.ts";
import { type MeasuredEmbedder, parseRemoteName, remoteModelId, sameVectors } from "./remote-embedders.ts";

export interface RemoteEmbeddingOptions {
  readonly models: ChatModels;
  readonly ingestThread: Thread;
}

/** The text whose vector is kept: see `remote_embedders.probe`. */
const probeText = "The museum opens at nine in the morning and closes at six.";
const mostTexts = 32;
/** More than any passage of 512 tokens has, and any question. */
const mostCharacters = 16_000;
/** A text that is refused as too long even so is not what is wrong. */
const fewestCharacters = 64;
const requestMs = 60_000;
const patienceMs = 2_000;
/** For this long after a question failed, further ones do not wait for the server. */
const restMs = 5_000;
const longestRestMs = 5 * 60_000;
/** All of a trial; the browser that asked for it waits. */
const trialMs = 50_000;

interface Trouble {
  readonly failures: number;
  /** Milliseconds UTC. */
  readonly until: number;
  readonly error: EmbeddingError;
}

export interface PassageTexts {
  readonly keys: readonly number[];
  readonly texts: readonly string[];
}

export class RemoteEmbedding {
  readonly #options: RemoteEmbeddingOptions;
  /** Servers that failed, by model: nothing is sent to them for a while. */
  readonly #troubles = new Map<string, Trouble>();
  /** Until when no question is sent, by model, in milliseconds UTC. */
  readonly #rests = new Map<string, number>();
  /** Texts a request, where a server was too slow for more. */
  readonly #batches = new Map<string, number>();
  /** Models that were recognised by their probe, with the address. */
  readonly #recognised = new Map<string, string>();

  constructor(options: RemoteEmbeddingOptions) {
    this.#options = options;
  }

  /**
   * Tries a model out: the length of its vectors, whether they stay the same, and its base lines.
   * @throws AppError invalid_request, provider_failed with what is wrong and what to do
   */
  async measure(tenantId: string, setting: string): Promise<MeasuredEmbedder> {
    const name = parseRemoteName(setting);
    if (name === null)
      throw new AppError(
        "invalid_request",
        `body.retrieval.embeddingModel: "${setting.slice(0, 50)}" names no model. Write ollama:NAME or openai:NAME.`,
      );
    const server = await this.#options.models.embeddingServer(tenantId, name.provider);
    if (server === null) throw new AppError("invalid_request", noAddress);
    try {
      return await measured(server, name);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw new AppError("provider_failed", `Nothing was changed. ${error.message}`, { cause: error });
    }
  }

  /**
   * Vectors that somebody waits for. The server gets a minute, since it may have to load the model first, but only the
   * first two seconds of it are waited for; nothing else is sent meanwhile.
   * @throws EmbeddingError
   */
  async now(
    remote: RemoteModel,
    texts: readonly string[],
    kind: "query" | "passage",
  ): Promise<Float32Array[]> {
    const key = keyOf(remote);
    if ((this.#rests.get(key) ?? 0) > Date.now())
      throw new EmbeddingError("The model's server did not answer a moment ago.", true);
    const prefixed = texts.map((text) => remote.prefixes[kind] + text);
    const work = this.#fitting(remote, prefixed, AbortSignal.timeout(requestMs));
    work.then(
      () => this.#rests.delete(key),
      () => this.#rests.set(key, Date.now() + restMs),
    );
    const vectors = await within(patienceMs, work);
    if (vectors !== null) return vectors;
    this.#rests.set(key, Number.POSITIVE_INFINITY);
    throw new EmbeddingError("The model's server does not answer in time.", true);
  }

  /**
   * Makes vectors of the next passages. The ingest thread gives their texts (`texts`: of a document; `buildTexts`: for
   * the index that is being built) and keeps the vectors until they are written with the ticket.
   * @throws EmbeddingError with `retryAfterMs`; the signal's reason when it is aborted
   */
  async passages(
    remote: RemoteModel,
    method: "texts" | "buildTexts",
    input: { readonly path: string; readonly documentId?: string },
    signal: AbortSignal,
  ): Promise<{ embedded: number; ticket: number }> {
    const { ingestThread } = this.#options;
    const model = remoteModelId(remote);
    const limit = this.#textsPerRequest(remote);
    const found = await ingestThread.call<PassageTexts>(method, { ...input, model, limit });
    const texts = found.texts.map((text) => remote.prefixes.passage + text);
    const vectors = texts.length === 0 ? [] : await this.#embed(remote, texts, signal);
    const kept = { path: input.path, model, keys: found.keys, vectors };
    const { ticket } = await ingestThread.call<{ ticket: number }>("keep", kept);
    return { embedded: vectors.length, ticket };
  }

  /** Forgets what went wrong with the tenant's servers: something about them was changed. */
  forget(tenantId: string): void {
    for (const known of [this.#troubles, this.#rests, this.#batches, this.#recognised])
      for (const key of known.keys()) if (key.startsWith(`${tenantId} `)) known.delete(key);
  }

  #textsPerRequest(remote: RemoteModel): number {
    const most = Math.max(1, Math.min(mostTexts, Math.floor(floatsPerRequest / remote.dims)));
    return Math.min(most, this.#batches.get(keyOf(remote)) ?? most);
  }

  /** Sends nothing while a server that failed is left in peace. */
  async #embed(remote: RemoteModel, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const key = keyOf(remote);
    const trouble = this.#troubles.get(key);
    if (trouble !== undefined && trouble.until > Date.now()) throw putOff(trouble);
    try {
      const vectors = await this.#fitting(
        remote,
        texts,
        AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
      );
      this.#troubles.delete(key);
      return vectors;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof EmbeddingError)) throw error;
      // The next one may be another server under the same address.
      this.#recognised.delete(key);
      if (error.details.timedOut === true && texts.length > 1)
        this.#batches.set(key, Math.floor(texts.length / 2));
      throw putOff(this.#note(key, error));
    }
  }

  #note(key: string, error: EmbeddingError): Trouble {
    const failures = (this.#troubles.get(key)?.failures ?? 0) + 1;
    const wait = error.details.retryAfterMs ?? Math.min(backoffMs(failures), longestRestMs);
    const trouble = { failures, until: Date.now() + wait, error };
    this.#troubles.set(key, trouble);
    return trouble;
  }

  /** What the server finds too long is sent in smaller parts, and a single text cut. */
  async #fitting(
    remote: RemoteModel,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    try {
      return await this.#recognise(remote, texts, signal);
    } catch (error) {
      if (!(error instanceof EmbeddingError) || error.details.tooLong !== true) throw error;
      const half = Math.ceil(texts.length / 2);
      if (texts.length > 1)
        return [
          ...(await this.#fitting(remote, texts.slice(0, half), signal)),
          ...(await this.#fitting(remote, texts.slice(half), signal)),
        ];
      const text = texts[0] ?? "";
      if (text.length <= fewestCharacters) throw error;
      return this.#fitting(remote, [text.slice(0, Math.ceil(text.length / 2))], signal);
    }
  }

  /** The first request to an address asks for the probe's vector as well: what the index holds must be comparable. */
  async #recognise(
    remote: RemoteModel,
    texts: readonly string[],
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    const server = await this.#options.models.embeddingServer(remote.tenantId, remote.provider);
    if (server === null) throw new EmbeddingError(noAddress, false);
    const key = keyOf(remote);
    const isKnown = this.#recognised.get(key) === server.url;
    const all = isKnown ? texts : [...texts, remote.prefixes.passage + probeText];
    const vectors = await send(server, remote.name, all, remote.dims, signal);
    if (isKnown) return vectors;
    const probe = vectors.pop();
    if (probe === undefined || !sameVectors(probe, remote.probe))
      throw new EmbeddingError(
        `The model "${remote.name}" at ${server.url} gives other vectors than when it was chosen. Choose it again in the settings, and the documents are learnt anew.`,
        false,
      );
    this.#recognised.set(key, server.url);
    return vectors;
  }
}

const noAddress =
  "No address is set for the service with OpenAI's interface. Set it under Language models first.";

/** A name beginning with the tenant's id: what one tenant's server says is no other tenant's business. */
function keyOf(remote: RemoteModel): string {
  return `${remote.tenantId} ${remoteModelId(remote)}`;
}

/** The failure that was, with how long it is to be waited from now. */
function putOff({ error, until }: Trouble): EmbeddingError {
  const retryAfterMs = Math.max(0, until - Date.now());
  return new EmbeddingError(error.message, error.retryable, { ...error.details, cause: error, retryAfterMs });
}

function send(
  server: EmbeddingServer,
  model: string,
  texts: readonly string[],
  dims: number | null,
  signal: AbortSignal,
): Promise<Float32Array[]> {
  const cut = texts.map((text) => text.slice(0, mostCharacters).toWellFormed());
  return server.embed({ model, texts: cut, dims, signal });
}

async function measured(
  server: EmbeddingServer,
  { model, name, prefixes }: RemoteName,
): Promise<MeasuredEmbedder> {
  const signal = AbortSignal.timeout(trialMs);
  const passage = (text: string) => prefixes.passage + text;
  const [probe] = await send(server, name, [passage(probeText)], null, signal);
  if (probe === undefined) throw new EmbeddingError(`The server at ${server.url} gave no vector.`, false);
  const dims = probe.length;
  const size = Math.max(1, Math.min(mostTexts, Math.floor(floatsPerRequest / dims)));
  const languages = await anchorSentences();
  const texts = [...languages.flatMap(({ sentences }) => sentences), probeText].map(passage);
  const vectors: Float32Array[] = [];
  for (let from = 0; from < texts.length; from += size)
    vectors.push(...(await send(server, name, texts.slice(from, from + size), dims, signal)));
  const again = vectors.pop();
  if (again === undefined || !sameVectors(probe, again))
    throw new EmbeddingError(
      `The model "${name}" at ${server.url} gives another vector each time for the same text, so it cannot be searched with.`,
      false,
    );
  const anchors = languages.map(({ language, sentences }) => ({
    language,
    mean: meanOf(vectors.splice(0, sentences.length), dims),
  }));
  return { model, dims, probe, anchors };
}

/** Not normalised: its product with a question's vector is the mean of their cosines. */
function meanOf(vectors: readonly Float32Array[], dims: number): Float32Array {
  const mean = new Float32Array(dims);
  for (const vector of vectors)
    for (let at = 0; at < dims; at += 1) mean[at] = (mean[at] ?? 0) + (vector[at] ?? 0) / vectors.length;
  return mean;
}

/** @returns null when it takes longer, in which case it goes on */
async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
