import type {
  ApiKeyBody,
  ChannelBody,
  ChunkBody,
  ConversationBody,
  DocumentBody,
  MessageBody,
  Problem,
  ProviderBody,
} from "../../../src/http/schemas.ts";

export type {
  ApiKeyBody,
  ChannelBody,
  ChatResponse,
  ChunkBody,
  CitationBody,
  ConfidenceBody,
  ConversationBody,
  DocumentBody,
  DocumentQuestions,
  DocumentSummary,
  MessageBody,
  Problem,
  ProviderBody,
  ProviderCheck,
  SearchHitBody,
  SearchRequest,
  SearchResponse,
  SessionBody,
  SettingsBody,
  SettingsPatch,
  SettingsResponse,
  TextSlice,
  TraceBody,
} from "../../../src/http/schemas.ts";

export interface ListOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** `apiKeyCreated` has no exported type in `schemas.ts`; this follows the schema of that name. */
export type ApiKeyCreated = ApiKeyBody & { readonly key: string };

/** A question with the answer that is given to it word for word; its document says so when it is asked for alone. */
export interface QuestionAnswer {
  readonly question: string;
  readonly answer: string;
  readonly alternatives: readonly string[];
}
export type WholeDocument = DocumentBody & { readonly qa?: QuestionAnswer };

export type DocumentList = ListOf<DocumentBody>;
export type ConversationList = ListOf<ConversationBody>;
export type MessageList = ListOf<MessageBody>;
export type ChunkList = ListOf<ChunkBody>;
export type ProviderList = { readonly items: readonly ProviderBody[] };
export type ChannelList = { readonly items: readonly ChannelBody[] };
export type ApiKeyList = { readonly items: readonly ApiKeyBody[] };
export type ProviderId = ProviderBody["id"];
export type ConversationStatus = ConversationBody["status"];
export type FieldErrors = NonNullable<Problem["errors"]>;

/** A web site that is read by itself. */
export interface SourceBody {
  readonly id: string;
  readonly url: string;
  readonly kind: "site" | "sitemap";
  readonly maxPages: number;
  readonly maxDepth: number;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** `never`, `daily`, `weekly` or a cron expression, UTC. */
  readonly schedule: string;
  readonly nextRunAt: string | null;
  readonly status: "idle" | "running" | "failed";
  readonly error?: { readonly code: string; readonly message: string };
  /** Also while it is under way. */
  readonly lastRun: SourceRun | null;
}
export interface SourceRun {
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly pages: SourceCounts;
}
export interface SourceCounts {
  readonly found: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly skipped: number;
  readonly failed: number;
}
export interface SourcePageBody {
  readonly id: string;
  readonly url: string;
  readonly status: "waiting" | "indexed" | "skipped" | "gone" | "failed";
  readonly documentId?: string;
  readonly reason?: string;
  readonly lastChecked: string | null;
}

/** Questions that mean the same and that the assistant could not answer. */
export interface UnansweredBody {
  readonly id: string;
  /** The first of them. */
  readonly question: string;
  readonly count: number;
  readonly lastAskedAt: string;
  readonly status: "open" | "answered" | "dismissed";
  readonly examples: readonly UnansweredExample[];
  /** Of the answer that was given to it. */
  readonly documentId: string | null;
}
export interface UnansweredExample {
  readonly id: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly question: string;
  readonly askedAt: string;
}
