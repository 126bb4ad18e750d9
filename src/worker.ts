/**
 * Entry of every worker thread. The first message says which part it plays; each later one is a call of a method of
 * that part. One call runs at a time unless the part is told otherwise.
 */
import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { Embedder } from "./inference/embedder.ts";
import { LoadedModel } from "./inference/loaded-model.ts";
import { Reranker } from "./inference/reranker.ts";
import { IngestThread } from "./knowledge/ingest-thread.ts";
import type { QuestionMatch } from "./knowledge/question-match.ts";
import { SearchThread } from "./knowledge/search-thread.ts";
import type { WorkerCall, WorkerReply, WorkerStart } from "./worker-pool.ts";

declare const self: Worker;

type Part = Readonly<Record<string, (input: never) => Promise<unknown>>>;

let part: Part = {};
let queue: Promise<void> = Promise.resolve();

/** A tenth of what others get while they want it. Lower (19) it would starve on a machine that is busy with other things. */
const lowPriority = 10;

/** Threads that the embedder starts from here inherit the priority, so set it before anything is loaded. */
function lowerPriority(): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").pop());
    if (Number.isInteger(thread) && thread > 0) setPriority(thread, lowPriority);
  } catch {
    // Not Linux, or not allowed: the thread works all the same, only less politely.
  }
}

function embedPart({ dataDir, threads }: WorkerStart): Part {
  const embedder = new LoadedModel((modelId) => Embedder.load({ modelId, dataDir, threads }));
  const companion = new LoadedModel((modelId) => Embedder.loadCompanion({ modelId, dataDir, threads }));
  const reranker = new LoadedModel((modelId) => Reranker.load({ modelId, dataDir, threads }));
  return {
    // One text a run: a text's vector then does not depend on what it happens to be embedded with.
    embed: async (input: { model: string; texts: readonly string[]; kind: "query" | "passage" }) => {
      const loaded = await embedder.get(input.model);
      const vectors: Float32Array[] = [];
      for (const text of input.texts) vectors.push(...(await loaded.embed([text], input.kind)));
      return vectors;
    },
    /** A question by the companion of its embedding model. */
    companion: async (input: { model: string; question: string }) =>
      (await (await companion.get(input.model)).embed([input.question], "query"))[0],
    rerank: async (input: { model: string; question: string; texts: readonly string[] }) =>
      (await reranker.get(input.model)).score(input.question, input.texts),
    close: async () => {
      await embedder.release();
      await companion.release();
      await reranker.release();
    },
  };
}

function begin(start: WorkerStart): Part {
  const natives = { addonPath: start.addonPath, vec0Path: start.vec0Path };
  if (start.part === "embed") return embedPart(start);
  if (start.part === "search") {
    const thread = new SearchThread({ natives });
    return {
      keyword: (input: Parameters<SearchThread["keyword"]>[0]) => thread.keyword(input),
      prepare: (input: Parameters<SearchThread["prepare"]>[0]) => thread.prepare(input),
      fuse: (input: Parameters<SearchThread["fuse"]>[0]) => thread.fuse(input),
      sentenceTexts: (input: Parameters<SearchThread["sentenceTexts"]>[0]) => thread.sentenceTexts(input),
      keepSentences: (input: Parameters<SearchThread["keepSentences"]>[0]) => thread.keepSentences(input),
      nearestStored: (input: Parameters<QuestionMatch["stored"]>[0]) => thread.questions.stored(input),
      nearestGroup: (input: Parameters<QuestionMatch["group"]>[0]) => thread.questions.group(input),
      close: () => thread.close(),
    };
  }
  lowerPriority();
  const thread = new IngestThread({ dataDir: start.dataDir, natives, threads: start.threads });
  return {
    cut: (input: Parameters<IngestThread["cut"]>[0]) => thread.cut(input),
    write: (input: Parameters<IngestThread["write"]>[0]) => thread.write(input),
    embed: (input: Parameters<IngestThread["embed"]>[0]) => thread.embed(input),
    texts: (input: Parameters<IngestThread["texts"]>[0]) => thread.texts(input),
    buildTexts: (input: Parameters<IngestThread["buildTexts"]>[0]) => thread.buildTexts(input),
    keep: (input: Parameters<IngestThread["keep"]>[0]) => thread.keep(input),
    writeVectors: (input: Parameters<IngestThread["writeVectors"]>[0]) => thread.writeVectors(input),
    build: (input: Parameters<IngestThread["build"]>[0]) => thread.build(input),
    writeBuilt: (input: Parameters<IngestThread["writeBuilt"]>[0]) => thread.writeBuilt(input),
    sentences: (input: Parameters<IngestThread["sentences"]>[0]) => thread.sentences(input),
    writeSentences: (input: Parameters<IngestThread["writeSentences"]>[0]) => thread.writeSentences(input),
    companions: (input: Parameters<IngestThread["companions"]>[0]) => thread.companions(input),
    writeCompanions: (input: Parameters<IngestThread["writeCompanions"]>[0]) => thread.writeCompanions(input),
    makePairs: (input: Parameters<IngestThread["pairs"]["make"]>[0]) => thread.pairs.make(input),
    writePairs: (input: Parameters<IngestThread["pairs"]["write"]>[0]) => thread.pairs.write(input),
    retitle: (input: Parameters<IngestThread["retitle"]>[0]) => thread.retitle(input),
    remove: (input: Parameters<IngestThread["remove"]>[0]) => thread.remove(input),
    checkpoint: (input: Parameters<IngestThread["checkpoint"]>[0]) => thread.checkpoint(input),
    close: () => thread.close(),
  };
}

async function answer(call: WorkerCall): Promise<void> {
  let reply: WorkerReply;
  try {
    const method = part[call.method];
    if (method === undefined)
      throw new Error(`a worker was asked for ${call.method}, which it does not know`);
    reply = { id: call.id, ok: true, value: await method(call.input as never) };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const code = "code" in known && typeof known.code === "string" ? known.code : undefined;
    reply = { id: call.id, ok: false, message: known.message, ...(code === undefined ? {} : { code }) };
  }
  self.postMessage(reply);
}

self.onmessage = ({ data }: MessageEvent<WorkerStart | WorkerCall>) => {
  if ("part" in data) part = begin(data);
  else queue = queue.then(() => answer(data));
};
