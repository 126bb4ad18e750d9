/**
 * The shapes of the HTTP API. These schemas validate what comes in, describe what goes out, and are the source of
 * `/openapi.json`; there is no second definition. The dashboard imports the types (and only the types) from here.
 */
import { z } from "zod";
import { maxSchedule, scheduleMistake } from "../knowledge/web/schedule.ts";
import { settingsPatchSchema, settingsSchema } from "../tenants/settings.ts";

export const id = z.uuid().describe("UUIDv7");
export const timestamp = z.iso.datetime().describe("ISO 8601, UTC");
const text = (max: number) => z.string().trim().min(1).max(max);

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("stable, for programs"),
  detail: z.string().describe("what happened and what to do, for people"),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe("`nextCursor` of the page before"),
});

function list<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/* Documents */

export const documentSource = z.enum(["upload", "text", "qa", "page"]);
/** Text that can be stored and shown as it is: no control characters, no halves of a character. */
const isText = (value: string) => value.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(value);
const noText = "has characters that are no text (control characters, for example)";
const question = z
  .string()
  .overwrite((value) => value.replace(/\s+/g, " "))
  .trim()
  .min(1)
  .max(500)
  .regex(/[\p{L}\p{N}]/u, "has no word in it")
  .refine(isText, noText);
const answer = z.string().trim().min(1).max(10_000).refine(isText, noText);
const alternatives = z.array(question).max(20).describe("other ways to ask");
const title = text(300)
  .refine(isText, noText)
  .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, "has nothing in it that can be seen");
const tags = z.array(text(50).refine(isText, noText)).max(20);

export const document = z.object({
  id,
  title: z.string(),
  source: documentSource.describe("`qa`: a question with its answer; `page`: a web page"),
  mediaType: z.string(),
  bytes: z.int(),
  checksum: z.string().describe("SHA-256 of the original, hex; empty until a web page has been fetched"),
  version: z.int(),
  status: z.enum(["pending", "processing", "ready", "failed"]),
  searchable: z.enum(["no", "words", "full"]).describe("`words`: found by its words; `full`: by meaning too"),
  progress: z.number().min(0).max(1),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  chunks: z.int(),
  url: z.string().optional().describe("of a web page"),
  language: z.string().optional().describe("ISO 639-1, as far as it could be told"),
  tags: z.array(z.string()),
  note: z
    .string()
    .optional()
    .describe("what could not be read of it, though the rest was; or why its meaning is not learnt yet"),
  qa: z
    .object({ question: z.string(), answer: z.string(), alternatives: z.array(z.string()) })
    .optional()
    .describe("of a question with its answer; left out in lists"),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const documentList = list(document);
export const documentCreated = z.object({
  items: z.array(document),
  refused: z
    .array(z.object({ index: z.int(), code: z.string(), detail: z.string() }))
    .optional()
    .describe("of several pairs: those that were not added, and why"),
});
export const questionAnswer = z
  .strictObject({
    question,
    answer: answer.describe("given word for word"),
    alternatives: alternatives.optional(),
    tags: tags.optional(),
  })
  .describe("a question and the answer that is given to it");
export const questionAnswers = z.strictObject({ pairs: z.array(questionAnswer).min(1).max(1000) });
export const textDocument = z.strictObject({ title, text: z.string().min(1).max(20_000_000) });
const webAddress = z
  .url({ protocol: /^https?$/, error: "an address that begins with http:// or https://" })
  .max(2000);
export const pageDocument = z.strictObject({
  url: webAddress.describe(
    "a web page, or a file on the web: fetched in the background, also where robots.txt keeps crawlers away, since its owner names it himself; sent again, it is fetched again",
  ),
  title: title.optional().describe("the page's own when left out"),
});
const tag = text(50).regex(/^[^\p{Cc}]*$/u, "no line breaks or other control characters");
export const documentChange = z.strictObject({
  title: title.optional(),
  tags: z.array(tag).max(20).optional().describe("all tags that the document shall have"),
});
export const documentQuery = page.extend({
  q: z.string().trim().max(200).optional().describe("text in the title or in the address of a web page"),
  status: document.shape.status.optional(),
  source: document.shape.source.optional(),
  tag: z.string().max(50).optional(),
  language: z.string().max(10).optional().describe("ISO 639-1"),
});
const counted = z.object({ name: z.string(), documents: z.int() });
export const documentSummary = z.object({
  documents: z.int(),
  passages: z.int(),
  byStatus: z.record(document.shape.status, z.int()),
  bySource: z.array(counted),
  byLanguage: z.array(counted),
  byTag: z.array(counted).describe("the 200 most used"),
});
export const chunk = z.object({
  id,
  position: z.int(),
  text: z.string(),
  heading: z.string().optional(),
  page: z.int().optional(),
  start: z.int().describe("offset in the document's plain text, UTF-16 code units"),
  end: z.int(),
  tokens: z.int(),
  embedded: z.boolean(),
});
export const chunkList = list(chunk);
export const textQuery = z.object({
  from: z.coerce.number().int().min(0).default(0).describe("offset, UTF-16 code units"),
  length: z.coerce.number().int().min(1).max(100_000).default(20_000),
});
export const textSlice = z.object({
  from: z.int().describe("one less than asked for where a letter would have been cut in half"),
  text: z.string(),
  next: z.int().nullable().describe("where the next part begins; null at the end"),
});

/* Web sources */

const pathPattern = z
  .string()
  .trim()
  .max(300)
  .regex(/^[/*][^\p{Cc}]*$/u, "a path that begins with /, and may hold * for anything")
  .describe(
    "`/help/`: every path that begins so; with `*` for anything, the whole path and query must match",
  );
const patterns = z.array(pathPattern).max(50);
const schedule = z
  .string()
  .trim()
  .min(1)
  .max(maxSchedule)
  .superRefine((value, context) => {
    const mistake = scheduleMistake(value);
    if (mistake !== null) context.addIssue({ code: "custom", message: `"${value}" ${mistake}` });
  })
  .describe(
    "`never`, `daily`, `weekly` (at night, UTC), or a cron expression of five parts in UTC that is due at most hourly",
  );
const sourceSettings = z.strictObject({
  maxPages: z.int().min(1).max(5000),
  maxDepth: z
    .int()
    .min(0)
    .max(20)
    .describe("links from the start page; without meaning where a sitemap is read"),
  include: patterns.describe("pages of other paths are not read, the start page for its links only"),
  exclude: patterns,
  schedule,
});
const sourceKind = z
  .enum(["site", "sitemap"])
  .describe(
    "`site`: its sitemap if there is one, else links are followed; `sitemap`: the pages that it names",
  );
export const sourceRequest = sourceSettings.extend({
  url: webAddress.describe("of the start page or the sitemap; only pages of its own site are read"),
  kind: sourceKind.default("site"),
  maxPages: sourceSettings.shape.maxPages.default(200),
  maxDepth: sourceSettings.shape.maxDepth.default(3),
  include: sourceSettings.shape.include.default([]),
  exclude: sourceSettings.shape.exclude.default([]),
  schedule: sourceSettings.shape.schedule.default("never"),
});
export const sourcePatch = sourceSettings.partial();
export const source = z.object({
  id,
  url: z.string(),
  kind: sourceKind,
  maxPages: z.int(),
  maxDepth: z.int(),
  include: z.array(z.string()),
  exclude: z.array(z.string()),
  schedule: z.string(),
  status: z.enum(["idle", "running", "failed"]),
  error: z.object({ code: z.string(), message: z.string() }).optional().describe("why the last run failed"),
  lastRun: z
    .object({
      startedAt: timestamp,
      finishedAt: timestamp.nullable().describe("null while it is under way"),
      pages: z.object({
        found: z.int(),
        added: z.int(),
        changed: z.int(),
        unchanged: z.int(),
        removed: z.int().describe("documents of pages that are not there any more"),
        skipped: z.int(),
        failed: z.int(),
      }),
    })
    .nullable(),
  nextRunAt: timestamp.nullable(),
  createdAt: timestamp,
});
export const sourceList = list(source);
export const sourceDeletion = z.object({
  documents: z
    .enum(["delete", "keep"])
    .default("delete")
    .describe("`keep`: the pages that were read stay, each a document of its own"),
});
export const sourcePage = z.object({
  id,
  url: z.string(),
  status: z
    .enum(["waiting", "indexed", "skipped", "gone", "failed"])
    .describe("`gone`: it is not there any more; `failed`: what was read of it before is still used"),
  documentId: id.optional(),
  lastChecked: timestamp.nullable(),
  reason: z.string().optional().describe("why it failed or was skipped"),
});
export const sourcePageList = list(sourcePage);

/* Search */

export const searchRequest = z.strictObject({
  query: text(2000),
  limit: z.int().min(1).max(50).default(5),
  minScore: z.number().min(0).max(1).default(0),
  mode: z.enum(["hybrid", "vector", "keyword"]).default("hybrid"),
  filter: z
    .strictObject({
      documentIds: z.array(id).min(1).max(200).optional(),
      sources: z.array(documentSource).min(1).optional(),
      tags: z.array(text(50)).min(1).max(50).optional().describe("one of these is enough"),
      languages: z
        .array(z.string().regex(/^[a-z]{2,3}$/))
        .min(1)
        .max(20)
        .optional()
        .describe("ISO 639-1"),
      since: z.iso.datetime({ offset: true }).optional().describe("changed at this time or later"),
      until: z.iso.datetime({ offset: true }).optional().describe("changed before this time"),
    })
    .optional()
    .describe("only documents of which all of this is true"),
});
export const searchHit = z.object({
  chunkId: id,
  documentId: id,
  title: z.string(),
  text: z.string(),
  heading: z.string().optional(),
  page: z.int().optional(),
  score: z.number().min(0).max(1).describe("higher is better; comparable between questions"),
  vectorScore: z.number().optional().describe("cosine similarity"),
  keywordScore: z.number().optional().describe("BM25, 0 or more"),
  url: z.string().optional().describe("of a web page"),
  match: z.enum(["vector", "keyword", "hybrid"]),
  reasons: z
    .object({
      meaning: z
        .number()
        .describe(
          "cosine of the passage above what text of no relevance reaches, as a share of what is left to 1",
        ),
      words: z.number().min(0).describe("BM25 divided by the sum of the words' weights"),
      coverage: z
        .number()
        .min(0)
        .max(1)
        .describe("share of the question's words that one sentence holds, weighted by rarity"),
      nearestSentence: z.number().optional().describe("cosine of the sentence nearest to the question"),
    })
    .describe("what the order rests on"),
  bestSentence: z
    .object({ start: z.int(), end: z.int() })
    .optional()
    .describe("the sentence that answers best, offsets in `text`"),
});
export const searchResponse = z.object({
  items: z.array(searchHit),
  timings: z.object({
    embedMs: z.number(),
    keywordMs: z.number(),
    vectorMs: z.number(),
    totalMs: z.number(),
  }),
  notes: z.array(z.string()).describe("what the search could not do, e.g. no vectors yet"),
  words: z
    .array(z.object({ word: z.string(), passages: z.int(), searched: z.boolean() }))
    .describe(
      "of the question, with how many passages hold each; those in too many are not searched for where rarer ones are there",
    ),
});

/* Conversations */

export const citation = z.object({
  n: z.int(),
  documentId: id,
  chunkId: id,
  title: z.string(),
  page: z.int().optional(),
  quote: z.string().describe("stands word for word in the chunk and in the original's text"),
  url: z.string().optional(),
});
export const confidence = z.object({
  score: z.number().min(0).max(1),
  level: z.enum(["high", "medium", "low"]),
  signals: z.record(z.string(), z.number()),
});
export const action = z.enum(["sent", "sent_with_disclaimer", "sent_for_review", "handed_over", "none"]);
export const usage = z.object({ promptTokens: z.int(), completionTokens: z.int() });

export const message = z.object({
  id,
  seq: z.int().describe("1, 2, 3… within the conversation"),
  author: z.object({
    kind: z.enum(["contact", "assistant", "agent", "system"]),
    id: z.string().optional(),
    name: z.string().optional(),
  }),
  text: z.string(),
  createdAt: timestamp,
  status: z.enum(["sent", "delivered", "read", "failed"]),
  citations: z.array(citation).optional(),
  confidence: confidence.optional(),
  action: action.optional(),
});
export const messageList = list(message);

export const conversationStatus = z.enum(["ai", "human", "snoozed", "resolved"]);
export const conversation = z.object({
  id,
  channel: z.object({ id, kind: z.enum(["webchat", "api"]), name: z.string() }),
  contact: z.object({ id, name: z.string().optional(), email: z.string().optional() }),
  status: conversationStatus,
  handover: z
    .object({
      reason: z.string(),
      requestedBy: z.enum(["visitor", "assistant", "agent", "api"]),
      at: timestamp,
    })
    .optional()
    .describe("why it waits for a person"),
  assignee: z.object({ id: z.string(), name: z.string() }).optional(),
  lastMessage: z.object({ text: z.string(), author: z.string(), at: timestamp }).optional(),
  messageCount: z.int(),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const conversationList = list(conversation);
export const conversationQuery = page.extend({
  status: conversationStatus.optional(),
  channel: z.string().max(100).optional().describe("channel id or kind"),
  assignee: z.string().max(100).optional().describe("id of the person, or `none`"),
  from: z.iso.datetime({ offset: true }).optional().describe("changed at this time or later"),
  to: z.iso.datetime({ offset: true }).optional().describe("changed before this time"),
  waiting: z
    .enum(["true", "false"])
    .transform((value) => value === "true")
    .optional()
    .describe("whether a person has to write next"),
  q: z.string().max(200).optional().describe("text in the messages"),
});
export const messageQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe("messages with a higher `seq`"),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export const reply = z.strictObject({ text: text(20_000) });
export const handoverRequest = z.strictObject({ reason: z.string().trim().max(500).optional() });

export const trace = z.object({
  messageId: id,
  answerer: z.string(),
  provider: z.string(),
  model: z.string(),
  totalMs: z.number(),
  steps: z.array(
    z.object({
      name: z.enum(["guard", "match", "search", "prompt", "model", "score", "decide"]),
      startMs: z.number(),
      durationMs: z.number(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
});

/* Unanswered questions */

export const unansweredStatus = z.enum(["open", "answered", "dismissed"]);
export const unansweredQuestion = z.object({
  id,
  question: z.string(),
  conversationId: id,
  messageId: id,
  language: z.string().nullable().describe("ISO 639-1, as far as it could be told"),
  confidence: z.number().min(0).max(1),
  askedAt: timestamp,
});
export const unansweredGroup = z.object({
  id,
  question: z.string().describe("the first of them"),
  language: z.string().nullable(),
  status: unansweredStatus,
  count: z.int().describe("how often it was asked"),
  firstAskedAt: timestamp,
  lastAskedAt: timestamp,
  documentId: id.nullable().describe("the answer that was written for it, while that is there"),
  examples: z.array(unansweredQuestion).describe("the last five"),
});
export const unansweredList = list(unansweredGroup);
export const unansweredQuery = page.extend({
  status: unansweredStatus.default("open"),
  sort: z.enum(["count", "recent"]).default("count").describe("most asked, or last asked, first"),
});
export const unansweredDetail = unansweredGroup
  .omit({ examples: true })
  .extend({ items: z.array(unansweredQuestion), nextCursor: z.string().nullable() });
export const unansweredAnswer = z.strictObject({
  answer: answer.describe("given word for word from now on"),
  question: question.optional().describe("left out: the group's own question"),
  alternatives: alternatives.optional().describe("left out: the other wordings of the group"),
});

/* Chat */

export const chatRequest = z.strictObject({
  message: text(20_000),
  conversationId: id.optional(),
  contact: z
    .strictObject({
      id: text(200).optional().describe("your own id of this person"),
      name: text(200).optional(),
      email: z.email().max(320).optional(),
    })
    .optional(),
  stream: z.boolean().default(false),
});
export const chatMessage = z.object({
  id,
  seq: z.int(),
  text: z.string(),
  citations: z.array(citation),
  confidence,
  action,
  provider: z.string(),
  model: z.string(),
  usage,
});
export const chatResponse = z.object({ conversationId: id, message: chatMessage });

/* Which questions used a document */

export const questionQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });
export const documentQuestions = z.object({
  items: z.array(
    z.object({
      messageId: id.describe("of the answer"),
      conversationId: id,
      question: z.string().describe("its first 500 letters"),
      askedAt: timestamp,
      quote: z.string().describe("what the answer quoted of the document first"),
      confidence: confidence.optional(),
      action: action.optional(),
    }),
  ),
  messages: z.int().describe("how many of the latest messages were looked through"),
  older: z.boolean().describe("there are older messages, which were not looked through"),
});

/* Settings and providers */

export const settings = settingsSchema;
export const settingsPatch = settingsPatchSchema;
export const settingsResponse = settings.extend({
  version: z.int(),
  updatedAt: timestamp,
  defaults: z.object({ answerThreshold: z.number() }),
  learning: z
    .object({
      state: z
        .enum(["ready", "learning", "waiting", "failed"])
        .describe("`waiting`: its server gives nothing at present; `failed`: the model before stays in use"),
      progress: z.number().min(0).max(1),
      problem: z.string().nullable().describe("why it waits or failed, and what to do"),
    })
    .describe("how far the documents are learnt with `retrieval.embeddingModel`"),
});

export const providerId = z.enum(["builtin", "ollama", "openai-compatible"]);
export const provider = z.object({
  id: providerId,
  url: z.string().nullable(),
  model: z.string().nullable(),
  hasKey: z.boolean().describe("the key itself is never given out"),
  source: z.enum(["builtin", "operator", "tenant"]).describe("whose setting `url` is"),
  active: z.boolean().describe("answers the next question"),
});
export const providerList = z.object({ items: z.array(provider) });
export const providerPatch = z.strictObject({
  url: z
    .union([
      z
        .url({ protocol: /^https?$/ })
        .max(500)
        .regex(/^[^?#]*$/, "an address without ? and #"),
      z.null(),
    ])
    .optional(),
  model: z.union([text(200), z.null()]).optional(),
  key: z
    .union([text(1000), z.null()])
    .optional()
    .describe("write-only; null removes it"),
});
export const providerCheck = z.object({
  ok: z.boolean(),
  detail: z.string().describe("what is right or wrong and what to do"),
  models: z.array(z.string()),
  latencyMs: z.number(),
});

/* Channels, keys, session */

export const channel = z.object({
  id,
  kind: z.enum(["webchat", "api"]),
  name: z.string(),
  publicKey: z.string().nullable(),
  allowedOrigins: z.array(z.string()),
  snippet: z.string().nullable(),
  createdAt: timestamp,
});
export const channelList = z.object({ items: z.array(channel) });
export const channelPatch = z.strictObject({
  name: text(100).optional(),
  allowedOrigins: z
    .array(z.string().trim().max(300))
    .max(50)
    .optional()
    .describe(
      "`https://shop.example` or `https://*.shop.example`; the appliance's own pages are always allowed",
    ),
});

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
});
export const apiKeyList = z.object({ items: z.array(apiKey) });
export const apiKeyRequest = z.strictObject({ name: text(100) });
export const apiKeyCreated = apiKey.extend({ key: z.string().describe("shown this once") });

export const password = z.string().min(10).max(200).describe("at least 10 characters");
export const setupRequest = z.strictObject({
  token: z.string().min(1).max(200),
  email: z.email().max(320),
  password,
  tenant: text(100).describe("name of the business"),
});
export const signInRequest = z.strictObject({
  email: z.email().max(320),
  password: z.string().min(1).max(200),
});
export const session = z.object({
  user: z.object({ id, email: z.string(), operator: z.boolean() }),
  tenants: z.array(z.object({ id, slug: z.string(), name: z.string(), role: z.string() })),
});
export const setupState = z.object({ valid: z.boolean() });

export const jobState = z.enum(["ready", "running", "dead"]);
export const jobQuery = page.extend({ state: jobState.default("dead") });
export const jobList = list(
  z.object({
    id,
    type: z.string(),
    state: jobState,
    attempts: z.int(),
    maxAttempts: z.int(),
    runAt: timestamp,
    lastError: z.string().nullable(),
    createdAt: timestamp,
  }),
);

/* Operation */

export const live = z.object({ status: z.literal("ok"), version: z.string() });
export const ready = z.object({
  status: z.enum(["ok", "failed"]),
  checks: z.array(
    z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), durationMs: z.number() }),
  ),
});

export type Problem = z.infer<typeof problem>;
export type DocumentBody = z.infer<typeof document>;
export type UnansweredGroupBody = z.infer<typeof unansweredGroup>;
export type UnansweredQuestionBody = z.infer<typeof unansweredQuestion>;
export type DocumentSummary = z.infer<typeof documentSummary>;
export type DocumentQuestions = z.infer<typeof documentQuestions>;
export type ChunkBody = z.infer<typeof chunk>;
export type TextSlice = z.infer<typeof textSlice>;
export type SourceBody = z.infer<typeof source>;
export type SourcePageBody = z.infer<typeof sourcePage>;
export type SearchRequest = z.infer<typeof searchRequest>;
export type SearchResponse = z.infer<typeof searchResponse>;
export type SearchHitBody = z.infer<typeof searchHit>;
export type CitationBody = z.infer<typeof citation>;
export type ConfidenceBody = z.infer<typeof confidence>;
export type MessageBody = z.infer<typeof message>;
export type ConversationBody = z.infer<typeof conversation>;
export type TraceBody = z.infer<typeof trace>;
export type ChatResponse = z.infer<typeof chatResponse>;
export type SettingsBody = z.infer<typeof settings>;
export type SettingsResponse = z.infer<typeof settingsResponse>;
export type SettingsPatch = z.infer<typeof settingsPatch>;
export type ProviderBody = z.infer<typeof provider>;
export type ProviderCheck = z.infer<typeof providerCheck>;
export type ChannelBody = z.infer<typeof channel>;
export type ApiKeyBody = z.infer<typeof apiKey>;
export type SessionBody = z.infer<typeof session>;
