/** Stored conversations and messages as the API shows them. */
import type { Conversation } from "../conversations/conversation-table.ts";
import type { StoredMessage } from "../conversations/messages.ts";
import { iso } from "./route.ts";
import type { ChatResponse, ConversationBody, MessageBody } from "./schemas.ts";

export function messageBody(message: StoredMessage): MessageBody {
  const { id, seq, text, status, authorKind, authorId, authorName, citations, confidence, action } = message;
  return {
    id,
    seq,
    author: {
      kind: authorKind,
      ...(authorId === null ? {} : { id: authorId }),
      ...(authorName === null ? {} : { name: authorName }),
    },
    text,
    createdAt: iso(message.createdAt),
    status,
    ...(citations === null ? {} : { citations: citations.map(withoutUndefined) }),
    ...(confidence === null ? {} : { confidence: { ...confidence, signals: { ...confidence.signals } } }),
    ...(action === null ? {} : { action }),
  };
}

function withoutUndefined(citation: NonNullable<StoredMessage["citations"]>[number]) {
  const { page, ...rest } = citation;
  return page === undefined ? rest : { ...rest, page };
}

export function conversationBody(conversation: Conversation): ConversationBody {
  const {
    id,
    channelId,
    channelKind,
    channelName,
    contact,
    status,
    handover,
    assignee,
    lastSeq,
    lastMessage,
  } = conversation;
  return {
    id,
    channel: { id: channelId, kind: channelKind, name: channelName },
    contact: {
      id: contact.id,
      ...(contact.name === null ? {} : { name: contact.name }),
      ...(contact.email === null ? {} : { email: contact.email }),
    },
    status,
    ...(handover === null
      ? {}
      : { handover: { reason: handover.reason, requestedBy: handover.by, at: iso(handover.at) } }),
    ...(assignee === null ? {} : { assignee: { ...assignee } }),
    ...(lastMessage === null
      ? {}
      : { lastMessage: { text: lastMessage.text, author: lastMessage.author, at: iso(lastMessage.at) } }),
    messageCount: lastSeq,
    createdAt: iso(conversation.createdAt),
    updatedAt: iso(conversation.updatedAt),
  };
}

/** The answer to a chat request. A message without an answer (a person has the conversation) has the action "none". */
export function chatBody(message: StoredMessage, answered: boolean): ChatResponse {
  const { id, seq, conversationId } = message;
  const none = { score: 0, level: "low" as const, signals: {} };
  const body = messageBody(message);
  return {
    conversationId,
    message: {
      id,
      seq,
      text: answered ? message.text : "",
      citations: answered ? (body.citations ?? []) : [],
      confidence: answered ? (body.confidence ?? none) : none,
      action: answered ? (message.action ?? "sent") : "none",
      provider: answered ? (message.provider ?? "builtin") : "none",
      model: answered ? (message.model ?? "extractive") : "none",
      usage: { promptTokens: message.promptTokens ?? 0, completionTokens: message.completionTokens ?? 0 },
    },
  };
}
