import type {
  ApiKeyBody,
  ChannelBody,
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
  CitationBody,
  ConfidenceBody,
  ConversationBody,
  DocumentBody,
  MessageBody,
  Problem,
  ProviderBody,
  ProviderCheck,
  SessionBody,
  SettingsBody,
  SettingsPatch,
  SettingsResponse,
  TraceBody,
} from "../../../src/http/schemas.ts";

export interface ListOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** `chunk` and `apiKeyCreated` have no exported type in `schemas.ts`; these follow the schemas of those names. */
export interface ChunkBody {
  readonly id: string;
  readonly position: number;
  readonly text: string;
  readonly heading?: string;
  readonly page?: number;
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly embedded: boolean;
}
export type ApiKeyCreated = ApiKeyBody & { readonly key: string };

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
