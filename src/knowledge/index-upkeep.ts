/** What keeps the index as it should be, beside documents coming and going: the model that is set, and vectors of sentences. */
import { appendEvent } from "../events/event-log.ts";
import { type JobContext, type JobHandler, type JobWriter, PermanentFailure } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { jobsOfTypes } from "../jobs/job-table.ts";
import { EmbeddingError } from "../llm/embedding-answer.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { countPassages, hasPassagesToLearn } from "./documents.ts";
import { builtShare } from "./embedding-index.ts";
import type { EmbeddingModel, RemoteModel } from "./embedding-model.ts";
import { enqueueQuestionIndexing } from "./question-jobs.ts";
import { noteFailure, remoteFailure } from "./remote-embedders.ts";
import type { RemoteEmbedding } from "./remote-embedding.ts";
import { noteWorking, putOff, remoteJobs } from "./remote-jobs.ts";
import { usesSentences } from "./scoring.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface IndexUpkeepOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly search: KnowledgeSearch;
  readonly remote: RemoteEmbedding;
  readonly ingestThread: Thread;
}

/** How far the documents are learnt with the model that is set. */
export interface Learning {
  /**
   * `learning`: they are learnt anew with it, and searched with the one before meanwhile; `waiting`: its server gives
   * nothing at present; `failed`: that was given up, and the one before stays.
   */
  readonly state: "ready" | "learning" | "waiting" | "failed";
  /** 0..1 */
  readonly progress: number;
  /** Why it waits or failed, for people. */
  readonly problem: string | null;
}

/** What a job failed with, without the name of the error before it. */
function plain(reason: string): string {
  return reason.replace(/^\w+: /, "");
}

type ReindexJob = "reindex" | "reindex-remote";

function reindexJob(model: EmbeddingModel) {
  const type: ReindexJob = model.remote === undefined ? "reindex" : "reindex-remote";
  return { type, orderingKey: "reindex", payload: {} };
}

/** They take three times the room of a passage: beyond so many passages they are made only for the ones that are found. */
const mostForSentences = 20_000;

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

interface SentenceStep {
  /** Methods of the ingest thread. */
  readonly make: "sentences" | "companions";
  readonly write: "writeSentences" | "writeCompanions";
  readonly input: { readonly model: string; readonly language?: string };
}

/**
 * What vectors of sentences there are to be, in the order in which they are made: the companion's first, which only this
 * job makes. The others are made for a question where they are missing and matter.
 */
function sentenceSteps({ id, retrieval }: EmbeddingModel, passages: number): SentenceStep[] {
  if (!usesSentences(retrieval) || passages > mostForSentences) return [];
  const own: SentenceStep = { make: "sentences", write: "writeSentences", input: { model: id } };
  const companion = retrieval.companion;
  if (companion === undefined || passages > companion.mostPassages) return [own];
  const { model, language } = companion;
  return [{ make: "companions", write: "writeCompanions", input: { model, language } }, own];
}

/** How long a job embeds before it lets another one, of another tenant perhaps, go on. */
const reindexSliceMs = 1_500;
const sentenceSliceMs = 1_500;
/** Vectors of sentences are made when nothing was taken in for this long. */
const quietMs = 1_000;

/** Its jobs give way: a change of model goes on in slices, and vectors of sentences wait while anything is taken in. */
export class IndexUpkeep {
  readonly #options: IndexUpkeepOptions;
  /** Jobs under way that take documents in, and when the last of them ended. */
  #busy = 0;
  #busyAt = Number.NEGATIVE_INFINITY;

  constructor(options: IndexUpkeepOptions) {
    this.#options = options;
    options.queue.register(this.#reindexHandler("reindex"));
    options.queue.register(this.#reindexHandler("reindex-remote"));
    options.queue.register(this.#sentencesHandler());
  }

  /** Makes the vectors anew when the model that is set is not the one that made them; search goes on meanwhile. */
  async applyModel(tenantId: string): Promise<void> {
    const [wanted, used] = await Promise.all([
      this.#options.search.wantedModel(tenantId),
      this.#options.search.modelOf(tenantId),
    ]);
    if (wanted.id === used.id) return;
    await this.#options.queue.transact(tenantId, (writer) =>
      writer.enqueue({ ...reindexJob(wanted), onlyOne: true }),
    );
  }

  /** What waits for the tenant's model servers goes on at once: something about them was changed. */
  async resume(tenantId: string): Promise<void> {
    this.#options.remote.forget(tenantId);
    await this.#options.queue.transact(tenantId, (writer) => writer.hasten(remoteJobs));
    await this.applyModel(tenantId);
  }

  /** How the documents stand with the model that is set. */
  async learning(tenantId: string): Promise<Learning> {
    const { store, search } = this.#options;
    const used = await search.modelOf(tenantId);
    let wanted: EmbeddingModel;
    try {
      wanted = await search.wantedModel(tenantId);
    } catch (error) {
      return {
        state: "failed",
        progress: 0,
        problem: error instanceof Error ? error.message : String(error),
      };
    }
    return store.read(tenantId, (reader) => {
      const failure = wanted.remote === undefined ? null : remoteFailure(reader, wanted.remote);
      if (wanted.id === used.id) {
        const waits = failure !== null && hasPassagesToLearn(reader);
        return { state: waits ? "waiting" : "ready", progress: 1, problem: waits ? failure : null };
      }
      const { alive, lastError } = jobsOfTypes(reader, ["reindex", "reindex-remote"]);
      const progress = builtShare(reader, wanted.id);
      if (alive) return { state: failure === null ? "learning" : "waiting", progress, problem: failure };
      return {
        state: "failed",
        progress,
        problem: failure ?? (lastError === null ? null : plain(lastError)),
      };
    });
  }

  /** Vectors of sentences, once nothing is being taken in any more. */
  enqueueSentences(writer: JobWriter): void {
    writer.enqueue({
      type: "sentences",
      orderingKey: "sentences",
      payload: {},
      runAt: Date.now() + quietMs,
      onlyOne: true,
    });
  }

  /** Runs `work` as something that vectors of sentences wait for. */
  async first(work: () => Promise<void>): Promise<void> {
    this.#busy += 1;
    try {
      await work();
    } finally {
      this.#busy -= 1;
      this.#busyAt = performance.now();
    }
  }

  /** @param waits its vectors come from a model server: others of its kind may wait for other servers meanwhile */
  #reindexHandler(type: ReindexJob): JobHandler {
    const waits = type === "reindex-remote";
    return {
      type,
      concurrency: waits ? 8 : 1,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: waits ? 300_000 : 60_000,
      run: (context) => (waits ? this.#reindex(context) : this.first(() => this.#reindex(context))),
      // Search goes on with the old model; what was built is gone on with at the next change.
      onDead: (writer, _job, reason) =>
        appendEvent(writer, "embedding_model.failed", { reason: plain(reason).slice(0, 500) }),
    };
  }

  /** A slice of the new index, then a place at the end of the queue, as for a document. */
  async #reindex(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const { search } = this.#options;
    const model = await search.wantedModel(tenantId);
    if ((await search.modelOf(tenantId)).id === model.id) return;
    const next = reindexJob(model);
    let done = false;
    try {
      if (context.job.type === next.type) done = await this.#buildSlice(context, model);
    } catch (error) {
      if (model.remote === undefined || !(error instanceof EmbeddingError)) throw error;
      await this.#serverFailed(context, model.remote, error);
      return;
    }
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (!done) writer.enqueue(next);
      else {
        appendEvent(writer, "embedding_model.changed", { model: model.remote?.model ?? model.id });
        this.enqueueSentences(writer);
        enqueueQuestionIndexing(writer);
        // Documents that waited for the server of the model before are in the new index.
        writer.hasten(remoteJobs);
      }
    });
  }

  /** @returns whether the new index is complete and has taken over */
  async #buildSlice({ job, signal }: JobContext, model: EmbeddingModel): Promise<boolean> {
    const { tenantId } = job;
    const { store, ingestThread, remote } = this.#options;
    const input = { path: store.databasePath(tenantId) };
    const until = performance.now() + reindexSliceMs;
    let done = false;
    while (!done && performance.now() < until) {
      signal.throwIfAborted();
      const { ticket } =
        model.remote === undefined
          ? await ingestThread.call<{ ticket: number }>("build", { ...input, model: model.id })
          : await remote.passages(model.remote, "buildTexts", input, signal);
      ({ done } = await store.exclusive(tenantId, () =>
        ingestThread.call<{ done: boolean }>("writeBuilt", { ticket, dims: model.dims }),
      ));
      if (model.remote !== undefined) await noteWorking(store, model.remote);
    }
    return done;
  }

  /** A server that is down is waited for. What does not pass by itself ends the change, and the old model stays. */
  async #serverFailed(context: JobContext, remote: RemoteModel, error: EmbeddingError): Promise<void> {
    const { store, queue } = this.#options;
    if (error.retryable) {
      await putOff(queue, context, remote, error);
      return;
    }
    await store.transact(context.job.tenantId, (writer) => noteFailure(writer, remote, error.message));
    throw new PermanentFailure(error.message);
  }

  #sentencesHandler(): JobHandler {
    return {
      type: "sentences",
      concurrency: 1,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: 60_000,
      run: (context) => this.#sentences(context),
    };
  }

  /** Makes vectors of sentences for as long as no document is being taken in, then comes back later. */
  async #sentences(context: JobContext): Promise<void> {
    const { tenantId, payload } = context.job;
    const { store, ingestThread, search } = this.#options;
    const model = await search.modelOf(tenantId);
    const path = store.databasePath(tenantId);
    const until = performance.now() + sentenceSliceMs;
    const steps = sentenceSteps(model, await store.read(tenantId, countPassages));
    // Each slice begins with the first step again: passages may have come since.
    const reached = new Map(
      steps.map(({ input }) => [input.model, Number(asObject(payload.reached)[input.model] ?? 0)]),
    );
    let place = 0;
    let failure: unknown = null;
    for (let step = steps[0]; step !== undefined && this.#isQuiet() && performance.now() < until; ) {
      context.signal.throwIfAborted();
      const { make, write, input } = step;
      const from = reached.get(input.model) ?? 0;
      const asked = { path, from, ...input };
      const made = await ingestThread
        .call<{ last: number; ticket: number } | null>(make, asked)
        .catch((error: unknown) => {
          // A companion that cannot be used holds nothing else up.
          if (make !== "companions") throw error;
          failure = error;
          return null;
        });
      if (made === null) {
        place += 1;
        step = steps[place];
        continue;
      }
      reached.set(input.model, made.last);
      const { ticket } = made;
      await store.exclusive(tenantId, () => ingestThread.call(write, { ticket }));
    }
    if (place >= steps.length && failure !== null) throw failure;
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (place >= steps.length) return;
      const runAt = this.#isQuiet() ? Date.now() : Date.now() + quietMs;
      const next = { reached: Object.fromEntries(reached) };
      writer.enqueue({ type: "sentences", orderingKey: "sentences", payload: next, runAt });
    });
  }

  /** Nothing is being taken in anywhere, nor was a moment ago. */
  #isQuiet(): boolean {
    return this.#busy === 0 && performance.now() - this.#busyAt > quietMs;
  }
}
