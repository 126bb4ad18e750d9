/**
 * The shapes of the HTTP API, a file a resource. These schemas validate what comes in, describe what goes out, and are
 * the source of `/openapi.json`; there is no second definition. The dashboard imports the types (and only the types) from
 * here.
 */

export * from "./schemas/accounts.ts";
export * from "./schemas/chat.ts";
export * from "./schemas/common.ts";
export * from "./schemas/conversations.ts";
export * from "./schemas/documents.ts";
export * from "./schemas/operation.ts";
export * from "./schemas/search.ts";
export * from "./schemas/settings.ts";
export * from "./schemas/sources.ts";
export * from "./schemas/unanswered.ts";
