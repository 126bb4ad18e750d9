import type { ConversationBody, ConversationStatus } from "../api/types.ts";

export function contactName(contact: ConversationBody["contact"]): string {
  return contact.name ?? contact.email ?? "Visitor";
}

const STATUS_WORDS: Readonly<Record<ConversationStatus, string>> = {
  ai: "Assistant",
  human: "Needs a person",
  snoozed: "Snoozed",
  resolved: "Closed",
};

type Situation = Pick<ConversationBody, "status" | "lastMessage" | "assignee">;

/** Whether a person has to write next: it is a person's, and no person wrote last. */
export function isWaiting({ status, lastMessage }: Situation): boolean {
  return status === "human" && lastMessage?.author !== "agent";
}

export function statusWords(conversation: Situation): string {
  const { status, assignee } = conversation;
  if (status === "human" && !isWaiting(conversation)) return `With ${assignee?.name ?? "a person"}`;
  return STATUS_WORDS[status];
}

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
