import type { ConversationBody, ConversationStatus } from "../api/types.ts";

export function contactName(contact: ConversationBody["contact"]): string {
  return contact.name ?? contact.email ?? "Visitor";
}

export const STATUS_WORDS: Readonly<Record<ConversationStatus, string>> = {
  ai: "Assistant",
  human: "Needs a person",
  snoozed: "Snoozed",
  resolved: "Closed",
};

const ASKED: Readonly<Record<NonNullable<ConversationBody["handover"]>["requestedBy"], string>> = {
  visitor: "asked for by the visitor",
  assistant: "the assistant was not sure",
  agent: "taken over by a person",
  api: "asked for by another program",
};

/** Why a person answers. */
export function handoverWords(by: NonNullable<ConversationBody["handover"]>["requestedBy"]): string {
  return ASKED[by];
}
