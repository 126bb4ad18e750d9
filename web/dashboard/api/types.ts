import type {
  ApiKeyBody,
  ChannelBody,
  ChunkBody,
  ConversationBody,
  DocumentBody,
  MessageBody,
  Problem,
  ProviderBody,
  SourceBody,
  UnansweredGroupBody,
  UnansweredQuestionBody,
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
  SourceBody,
  SourcePageBody,
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
export type QuestionAnswer = NonNullable<DocumentBody["qa"]>;

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

export type SourceRun = NonNullable<SourceBody["lastRun"]>;
export type SourceCounts = SourceRun["pages"];
export type UnansweredBody = UnansweredGroupBody;
export type UnansweredExample = UnansweredQuestionBody;
