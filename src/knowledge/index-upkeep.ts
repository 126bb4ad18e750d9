/** What keeps the index as it should be, beside documents coming and going: the model that is set, and vectors of sentences. */
import { appendEvent } from "../events/event-log.ts";
import type { JobContext, JobHandler, JobWriter } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Thread } from "../worker-pool.ts";
import { countPassages } from "./documents.ts";
import { enqueueQuestionIndexing } from "./question-jobs.ts";
import { usesSentences } from "./scoring.ts";
import type { KnowledgeSearch } from "./search.ts";

export interface IndexUpkeepOptions {
  readonly store: TenantStore;
  readonly queue: JobQueue;
  readonly search: KnowledgeSearch;
  readonly ingestThread: Thread;
}

/** How long a job embeds before it lets another one, of another tenant perhaps, go on. */
const reindexSliceMs = 1_500;
const sentenceSliceMs = 1_500;
/** They take three times the room of a passage: beyond so many passages they are made only for the ones that are found. */
const mostForSentences = 20_000;
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
    options.queue.register(this.#reindexHandler());
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
      writer.enqueue({ type: "reindex", orderingKey: "reindex", payload: {}, onlyOne: true }),
    );
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

  #reindexHandler(): JobHandler {
    return {
      type: "reindex",
      concurrency: 1,
      perTenant: 1,
      maxAttempts: 8,
      timeoutMs: 60_000,
      run: (context) => this.first(() => this.#reindex(context)),
      // Search goes on with the old model; what was built is gone on with at the next change.
      onDead: (writer, _job, reason) =>
        appendEvent(writer, "embedding_model.failed", { reason: reason.slice(0, 500) }),
    };
  }

  /** A slice of the new index, then a place at the end of the queue, as for a document. */
  async #reindex(context: JobContext): Promise<void> {
    const { tenantId } = context.job;
    const { store, ingestThread, search } = this.#options;
    const model = await search.wantedModel(tenantId);
    if ((await search.modelOf(tenantId)).id === model.id) return;
    const input = { path: store.databasePath(tenantId), model: model.id };
    const until = performance.now() + reindexSliceMs;
    let done = false;
    while (!done && performance.now() < until) {
      context.signal.throwIfAborted();
      const { ticket } = await ingestThread.call<{ ticket: number }>("build", input);
      ({ done } = await store.exclusive(tenantId, () =>
        ingestThread.call<{ done: boolean }>("writeBuilt", { ticket, dims: model.dims }),
      ));
    }
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (!done) writer.enqueue({ type: "reindex", orderingKey: "reindex", payload: {} });
      else {
        appendEvent(writer, "embedding_model.changed", { model: model.id });
        this.enqueueSentences(writer);
        enqueueQuestionIndexing(writer);
      }
    });
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
    let from = payload.model === model.id && typeof payload.from === "number" ? payload.from : 0;
    let done =
      !usesSentences(model.retrieval) || (await store.read(tenantId, countPassages)) > mostForSentences;
    while (!done && this.#isQuiet() && performance.now() < until) {
      context.signal.throwIfAborted();
      const input = { path, model: model.id, from };
      const made = await ingestThread.call<{ last: number; ticket: number } | null>("sentences", input);
      if (made === null) {
        done = true;
        break;
      }
      from = made.last;
      const { ticket } = made;
      await store.exclusive(tenantId, () => ingestThread.call("writeSentences", { ticket }));
    }
    await this.#options.queue.transact(tenantId, (writer) => {
      context.finish(writer);
      if (done) return;
      const runAt = this.#isQuiet() ? Date.now() : Date.now() + quietMs;
      const next = { from, model: model.id };
      writer.enqueue({ type: "sentences", orderingKey: "sentences", payload: next, runAt });
    });
  }

  /** Nothing is being taken in anywhere, nor was a moment ago. */
  #isQuiet(): boolean {
    return this.#busy === 0 && performance.now() - this.#busyAt > quietMs;
  }
}
