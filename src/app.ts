/** The composition root: from a Config to an App, every dependency built once, taken down in reverse order. */

import { Answering } from "./answering/turn.ts";
import { Accounts } from "./auth/accounts.ts";
import { ApiKeys } from "./auth/api-keys.ts";
import { Setup } from "./auth/setup.ts";
import { SignInLimit } from "./auth/sign-in-limit.ts";
import type { Config, ConfigSecrets } from "./config.ts";
import { Conversations } from "./conversations/conversations.ts";
import { ConversationFeed } from "./conversations/feed.ts";
import { EgressFetch } from "./egress/fetch.ts";
import { defaultEmbedder, shippedModels } from "./inference/model-store.ts";
import { DueHints } from "./jobs/due-hints.ts";
import { JobQueue } from "./jobs/job-queue.ts";
import { IndexUpkeep } from "./knowledge/index-upkeep.ts";
import { Knowledge } from "./knowledge/knowledge.ts";
import { ocrModel } from "./knowledge/ocr/ocr-model.ts";
import { ParserPool } from "./knowledge/parser/parser-pool.ts";
import { QuestionAnswers } from "./knowledge/question-answers.ts";
import { QuestionSearch } from "./knowledge/question-search.ts";
import { RemoteEmbedding } from "./knowledge/remote-embedding.ts";
import { KnowledgeSearch } from "./knowledge/search.ts";
import { UnansweredQuestions } from "./knowledge/unanswered-questions.ts";
import { PageFetcher } from "./knowledge/web/page-fetch.ts";
import { SinglePages } from "./knowledge/web/single-pages.ts";
import { WebSources } from "./knowledge/web/web-sources.ts";
import { VisitorHub } from "./live/visitor-hub.ts";
import { ChatModels } from "./llm/chat-models.ts";
import { createLogger, type Logger } from "./log.ts";
import { removeOldNatives } from "./native/install.ts";
import { prepareSqlite } from "./native/sqlite.ts";
import { Metrics } from "./ops/metrics.ts";
import { loadMasterKey } from "./secrets/master-key.ts";
import { ControlStore } from "./tenants/control-store.ts";
import { DataFolderLock, prepareDataFolder, removeLeftovers, tempFolder } from "./tenants/data-folder.ts";
import { readSettings, withDefaults } from "./tenants/settings.ts";
import { TenantStore } from "./tenants/tenant-store.ts";
import { Tenants } from "./tenants/tenants.ts";
import { WorkerThread } from "./worker-pool.ts";

export interface AppOptions {
  readonly config: Config;
  readonly secrets: ConfigSecrets;
  /** argv that starts the parsing child process. */
  readonly parseCommand: readonly string[];
  readonly log?: Logger;
  /** Replaced in tests that play the internet's names; the system's own when left out. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Take the data folder's lock: always for a server, never for a command that may run beside one. */
  readonly exclusive: boolean;
}

const embedIdleMs = 15 * 60_000;
const searchIdleMs = 15 * 60_000;
/** Short: it takes as much memory as the rest, and is back within a second. */
const ingestIdleMs = 15_000;

export type App = Awaited<ReturnType<typeof createApp>>;

/** Builds everything; nothing runs yet. @throws ConfigError, DataFolderBusy, MasterKeyError and what databases throw */
export async function createApp(options: AppOptions) {
  const { config, secrets } = options;
  const stack = new AsyncDisposableStack();
  try {
    const log = options.log ?? createLogger({ level: config.logLevel });
    prepareDataFolder(config.data);
    const natives = await prepareSqlite(config.data);
    if (options.exclusive) {
      stack.use(new DataFolderLock(natives, config.data));
      // Before anything of this process lies there.
      removeLeftovers(config.data);
    }
    const masterKey = loadMasterKey(config.data, secrets.masterKey);
    const control = stack.use(new ControlStore(natives, config.data, config.durability));

    const thread = (part: "embed" | "search" | "ingest", threads: number, idleMs: number) =>
      stack.use(new WorkerThread({ part, threads, idleMs, dataDir: config.data, natives }));
    const embedThread = thread("embed", 1, embedIdleMs);
    // Beside the other one: a question's two vectors are made at the same time.
    const companionThread = thread("embed", 1, embedIdleMs);
    const searchThread = thread("search", 1, searchIdleMs);
    const ingestThread = thread(
      "ingest",
      Math.max(1, Math.min(4, navigator.hardwareConcurrency)),
      ingestIdleMs,
    );
    const cutThread = thread("ingest", 1, ingestIdleMs);

    const { durability, data: dataDir } = config;
    const checkpoint = (path: string) => cutThread.call<void>("checkpoint", { path });
    const store = stack.use(new TenantStore({ natives, dataDir, durability, log, checkpoint }));
    const tenants = new Tenants(control, store, masterKey);
    const accounts = new Accounts(control);
    const queue = stack.use(new JobQueue({ store, hints: new DueHints(control), log }));

    const resolve = options.resolve === undefined ? {} : { resolve: options.resolve };
    const egress = new EgressFetch({ allow: config.egressAllow, ...resolve });
    const models = stack.use(
      new ChatModels({
        store,
        egress,
        log,
        operatorOllama: config.ollamaHost,
        operatorModel: config.ollamaModel,
        openKey: (tenantId, provider, sealed) => tenants.openSecret(tenantId, `provider:${provider}`, sealed),
      }),
    );
    const remote = new RemoteEmbedding({ models, ingestThread });
    const search = new KnowledgeSearch({
      store,
      dataDir,
      embedThread,
      companionThread,
      searchThread,
      defaultModel: defaultEmbedder,
      remote,
      log,
    });
    const parsers = stack.use(
      new ParserPool({
        command: options.parseCommand,
        tempDir: tempFolder(dataDir),
        ocrModel: ocrModel(config.ocr, dataDir),
      }),
    );
    const upkeep = new IndexUpkeep({ store, queue, search, remote, ingestThread });
    const knowledge = new Knowledge({
      store,
      queue,
      search,
      upkeep,
      cutThread,
      remote,
      ingestThread,
      parsers,
      maxBytes: config.maxUploadBytes,
      quota: config.quota,
    });

    const maxPageBytes = config.maxUploadBytes;
    const web = {
      ...{ store, queue, knowledge, parsers, quota: config.quota },
      fetcher: new PageFetcher({
        egress: new EgressFetch({ allow: config.egressAllow, maxBytes: maxPageBytes, ...resolve }),
        maxBytes: maxPageBytes,
      }),
    };
    const singlePages = new SinglePages(web);
    const webSources = new WebSources(web);

    const questionAnswers = new QuestionAnswers({
      store,
      queue,
      search,
      upkeep,
      ingestThread,
      quota: config.quota,
    });
    const questions = new QuestionSearch({ store, search, searchThread });
    const unanswered = new UnansweredQuestions({ store, queue, answers: questionAnswers });

    const feed = new ConversationFeed();
    const hub: VisitorHub = new VisitorHub(() => ({ control, store, tenants, feed, conversations, log }));
    const conversations = new Conversations({
      queue,
      feed,
      deliveryOf: (kind) => (kind === "webchat" ? hub : null),
      languageOf: (reader) => readSettings(reader).settings.assistant.language,
    });

    const answering = new Answering({
      store,
      queue,
      feed,
      conversations,
      search,
      questions,
      unanswered,
      models,
      log,
    });
    const metrics = new Metrics();
    metrics.watch({
      openTenants: () => store.openHandles,
      runningJobs: () => queue.runningJobs,
      finishedJobs: () => queue.finished,
      failedJobs: () => queue.failed,
      liveSockets: () => hub.sockets,
      workerStarts: () =>
        [embedThread, companionThread, searchThread, cutThread, ingestThread].reduce(
          (sum, { starts }) => sum + starts,
          0,
        ),
    });
    if (options.exclusive) {
      removeOldNatives(dataDir);
      await prepareFirstUse();
    }

    const owned = stack.move();
    return {
      config,
      log,
      control,
      store,
      tenants,
      accounts,
      apiKeys: new ApiKeys(control),
      setup: new Setup(accounts, tenants),
      signInLimit: new SignInLimit(),
      queue,
      search,
      knowledge,
      questionAnswers,
      unanswered,
      singlePages,
      webSources,
      upkeep,
      remoteEmbedding: remote,
      feed,
      hub,
      conversations,
      answering,
      models,
      metrics,
      embedThread,
      searchThread,
      cutThread,
      ingestThread,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Schemas are compiled where they are first used, which takes 15 ms for these: here nobody waits for it yet. */
async function prepareFirstUse(): Promise<void> {
  await shippedModels();
  withDefaults({});
}
