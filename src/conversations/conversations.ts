/** Everything that happens to a conversation: accepted, answered, handed over, returned, closed. */
import type { Reader, Writer } from "../db/transaction.ts";
import { AppError, notFound } from "../errors.ts";
import { appendEvent } from "../events/event-log.ts";
import type { JobHandler, JobWriter } from "../jobs/job.ts";
import type { JobQueue } from "../jobs/job-queue.ts";
import { detectLanguage, type Language } from "../language.ts";
import {
  type Conversation,
  findExternalContact,
  firstChannelOf,
  getConversation,
  type HandoverBy,
  insertContact,
  insertConversation,
  latestConversationOf,
  setConversationStatus,
  updateContact,
} from "./conversation-table.ts";
import type { ConversationFeed } from "./feed.ts";
import {
  advanceStatus,
  findByProviderId,
  findMessage,
  insertMessage,
  type NewMessage,
  recordFeedback,
  type StoredMessage,
} from "./messages.ts";
import { phrase } from "./phrases.ts";

export interface Accepted {
  readonly conversationId: string;
  readonly message: StoredMessage;
  /** It had been accepted before. */
  readonly repeated: boolean;
  /** The assistant will answer it; else a person has the conversation. */
  readonly toBeAnswered: boolean;
}

export interface ApiInbound {
  readonly text: string;
  readonly conversationId?: string | undefined;
  readonly contact?:
    | {
        readonly id?: string | undefined;
        readonly name?: string | undefined;
        readonly email?: string | undefined;
      }
    | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface Agent {
  readonly id: string;
  readonly name: string;
}

/** Hands a message to the outside; the channels' folder has one for each kind. */
export interface ChannelDelivery {
  /** @returns the status it has reached. */
  deliver(
    tenantId: string,
    conversation: Conversation,
    message: StoredMessage,
  ): Promise<"sent" | "delivered">;
}

export interface ConversationsOptions {
  readonly queue: JobQueue;
  readonly feed: ConversationFeed;
  readonly deliveryOf: (kind: "webchat" | "api") => ChannelDelivery | null;
  readonly languageOf: (reader: Reader) => Language | "auto";
}

export class Conversations {
  readonly #options: ConversationsOptions;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    options.queue.register(this.#deliverHandler());
  }

  /** A message over the API. @throws AppError not_found for an unknown conversation, idempotency_mismatch */
  async acceptFromApi(tenantId: string, input: ApiInbound): Promise<Accepted> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const channel = firstChannelOf(writer, "api");
      if (channel === undefined) throw notFound("API channel");
      const providerMessageId =
        input.idempotencyKey === undefined ? undefined : `key:${input.idempotencyKey}`;
      const known =
        providerMessageId === undefined ? undefined : findByProviderId(writer, channel.id, providerMessageId);
      if (known !== undefined) return repeated(writer, known, input.text, input.conversationId);
      const conversationId = input.conversationId ?? this.#startForApi(writer, channel.id, input.contact);
      return this.#accept(
        writer,
        tenantId,
        getConversation(writer, conversationId),
        input.text,
        channel.id,
        providerMessageId,
      );
    });
  }

  /** A message of a web chat visitor, whose contact is known by its token. A repeated `clientId` is one message. */
  async acceptFromVisitor(
    tenantId: string,
    input: { channelId: string; contactId: string; clientId: string; text: string },
  ): Promise<Accepted> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const providerMessageId = `${input.contactId}:${input.clientId}`;
      const known = findByProviderId(writer, input.channelId, providerMessageId);
      if (known !== undefined)
        return { conversationId: known.conversationId, message: known, repeated: true, toBeAnswered: false };
      const latest = latestConversationOf(writer, input.contactId);
      const conversationId = latest?.id ?? this.#start(writer, input.channelId, input.contactId);
      return this.#accept(
        writer,
        tenantId,
        getConversation(writer, conversationId),
        input.text,
        input.channelId,
        providerMessageId,
      );
    });
  }

  /** A person writes. The conversation is then his: the assistant is silent until it is returned. */
  async reply(tenantId: string, conversationId: string, agent: Agent, text: string): Promise<StoredMessage> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const conversation = getConversation(writer, conversationId);
      const handover = conversation.handover ?? { reason: "A person answered.", by: "agent" as const };
      const taken = conversation.status !== "human";
      setConversationStatus(writer, conversationId, { status: "human", handover, assignee: agent });
      if (taken)
        appendEvent(writer, "conversation.handed_over", {
          conversationId,
          reason: handover.reason,
          by: handover.by,
        });
      const message = this.send(writer, tenantId, conversation, {
        conversationId,
        channelId: conversation.channelId,
        authorKind: "agent",
        authorId: agent.id,
        authorName: agent.name,
        text,
      });
      this.#announceState(writer, tenantId, conversationId);
      return message;
    });
  }

  /** Gives the conversation to a person. Once is enough: asked again it changes nothing. */
  async handOver(
    tenantId: string,
    conversationId: string,
    input: { by: HandoverBy; reason: string; agent?: Agent; tellVisitor: boolean },
  ): Promise<Conversation> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const conversation = getConversation(writer, conversationId);
      if (
        conversation.status === "human" &&
        (input.agent === undefined || conversation.assignee?.id === input.agent.id)
      )
        return conversation;
      this.markHandedOver(writer, tenantId, conversation, input);
      if (input.tellVisitor && conversation.status !== "human")
        this.#tell(writer, tenantId, conversation, "handoverAsked");
      return getConversation(writer, conversationId);
    });
  }

  /** Gives it back to the assistant. @throws AppError conflict when a visitor asks after a person has answered */
  async giveBack(
    tenantId: string,
    conversationId: string,
    by: "visitor" | "agent" | "api",
  ): Promise<Conversation> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const conversation = getConversation(writer, conversationId);
      if (conversation.status === "ai") return conversation;
      if (by === "visitor" && conversation.assignee !== null)
        throw new AppError("conflict", "A person has this conversation and will give it back.");
      setConversationStatus(writer, conversationId, { status: "ai", handover: null, assignee: null });
      appendEvent(writer, "conversation.returned", { conversationId, by });
      // What the visitor asked while nobody was there is answered now instead of forgotten. Not when a person gives
      // it back: he has read it, and the assistant could hand it over to him again.
      const open = by === "visitor" ? unansweredMessage(writer, conversationId) : undefined;
      if (open === undefined) this.#tell(writer, tenantId, conversation, "returned");
      else enqueueAnswer(writer, conversationId, open);
      this.#announceState(writer, tenantId, conversationId);
      return getConversation(writer, conversationId);
    });
  }

  async resolve(tenantId: string, conversationId: string): Promise<Conversation> {
    return this.#setClosed(tenantId, conversationId, true);
  }

  async reopen(tenantId: string, conversationId: string): Promise<Conversation> {
    return this.#setClosed(tenantId, conversationId, false);
  }

  async setEmail(
    tenantId: string,
    contactId: string,
    conversationId: string | null,
    email: string,
  ): Promise<void> {
    await this.#options.queue.transact(tenantId, (writer) => {
      updateContact(writer, contactId, { email });
      if (conversationId !== null) this.#announceState(writer, tenantId, conversationId);
    });
  }

  /** Thumbs on an assistant's message of this conversation. @throws AppError not_found */
  async feedback(
    tenantId: string,
    conversationId: string,
    input: { messageId: string; value: "up" | "down"; reason: string | null },
  ): Promise<void> {
    await this.#options.queue.transact(tenantId, (writer) => {
      const message = findMessage(writer, conversationId, input.messageId);
      if (message === undefined || message.authorKind !== "assistant") throw notFound("message");
      recordFeedback(writer, message.id, input.value, input.reason);
      appendEvent(writer, "message.feedback", { messageId: message.id, value: input.value });
    });
  }

  /** Writes a message, its event and, where the channel pushes, its delivery job; in the caller's transaction. */
  send(
    writer: JobWriter,
    tenantId: string,
    conversation: Pick<Conversation, "id" | "channelKind">,
    input: NewMessage,
  ): StoredMessage {
    const message = insertMessage(writer, input);
    const { id: messageId, conversationId } = message;
    appendEvent(writer, "message.sent", {
      conversationId,
      messageId,
      author: input.authorKind,
      action: input.action ?? null,
    });
    if (this.#options.deliveryOf(conversation.channelKind) !== null)
      writer.enqueue({
        type: "deliver",
        orderingKey: `deliver:${conversationId}`,
        payload: { conversationId, messageId },
      });
    writer.onCommit(() => this.#options.feed.publish(tenantId, conversationId, { type: "message", message }));
    return message;
  }

  /** Marks as a person's; in the caller's transaction. */
  markHandedOver(
    writer: Writer,
    tenantId: string,
    conversation: Conversation,
    input: { by: HandoverBy; reason: string; agent?: Agent },
  ): void {
    const { by, reason, agent } = input;
    setConversationStatus(writer, conversation.id, {
      status: "human",
      handover: { by, reason },
      assignee: agent ?? null,
    });
    appendEvent(writer, "conversation.handed_over", { conversationId: conversation.id, reason, by });
    this.#announceState(writer, tenantId, conversation.id);
  }

  #accept(
    writer: JobWriter,
    tenantId: string,
    conversation: Conversation,
    text: string,
    channelId: string,
    providerMessageId: string | undefined,
  ): Accepted {
    const conversationId = conversation.id;
    if (conversation.status === "resolved") {
      setConversationStatus(writer, conversationId, { status: "ai", handover: null, assignee: null });
      appendEvent(writer, "conversation.reopened", { conversationId });
      this.#announceState(writer, tenantId, conversationId);
    }
    const message = insertMessage(writer, {
      conversationId,
      channelId,
      authorKind: "contact",
      authorId: conversation.contact.id,
      text,
      ...(conversation.contact.name === null ? {} : { authorName: conversation.contact.name }),
      ...(providerMessageId === undefined ? {} : { providerMessageId }),
    });
    appendEvent(writer, "message.received", { conversationId, messageId: message.id });
    const toBeAnswered = conversation.status === "ai" || conversation.status === "resolved";
    if (toBeAnswered) enqueueAnswer(writer, conversationId, message.id);
    writer.onCommit(() => this.#options.feed.publish(tenantId, conversationId, { type: "message", message }));
    return { conversationId, message, repeated: false, toBeAnswered };
  }

  #startForApi(writer: Writer, channelId: string, contact: ApiInbound["contact"]): string {
    const known = contact?.id === undefined ? undefined : findExternalContact(writer, channelId, contact.id);
    if (known !== undefined) {
      updateContact(writer, known.id, { name: contact?.name, email: contact?.email });
      return this.#start(writer, channelId, known.id);
    }
    const created = insertContact(writer, {
      channelId,
      externalId: contact?.id,
      name: contact?.name,
      email: contact?.email,
    });
    return this.#start(writer, channelId, created.id);
  }

  #start(writer: Writer, channelId: string, contactId: string): string {
    const conversationId = insertConversation(writer, channelId, contactId);
    appendEvent(writer, "conversation.created", { conversationId, channelId });
    return conversationId;
  }

  async #setClosed(tenantId: string, conversationId: string, closed: boolean): Promise<Conversation> {
    return this.#options.queue.transact(tenantId, (writer) => {
      const conversation = getConversation(writer, conversationId);
      if ((conversation.status === "resolved") === closed) return conversation;
      setConversationStatus(writer, conversationId, {
        status: closed ? "resolved" : "ai",
        handover: null,
        assignee: null,
      });
      appendEvent(writer, closed ? "conversation.resolved" : "conversation.reopened", { conversationId });
      this.#announceState(writer, tenantId, conversationId);
      return getConversation(writer, conversationId);
    });
  }

  #tell(
    writer: JobWriter,
    tenantId: string,
    conversation: Conversation,
    what: "handoverAsked" | "returned",
  ): void {
    const setting = this.#options.languageOf(writer);
    const language =
      setting === "auto" ? (detectLanguage(lastContactText(writer, conversation.id)) ?? "en") : setting;
    const { id: conversationId, channelId } = conversation;
    this.send(writer, tenantId, conversation, {
      conversationId,
      channelId,
      authorKind: "system",
      text: phrase(language, what),
    });
  }

  #announceState(writer: Writer, tenantId: string, conversationId: string): void {
    writer.onCommit(() => this.#options.feed.publish(tenantId, conversationId, { type: "state" }));
  }

  #deliverHandler(): JobHandler {
    return {
      type: "deliver",
      concurrency: 64,
      perTenant: 16,
      maxAttempts: 8,
      timeoutMs: 60_000,
      run: async ({ job, finish }) => {
        const conversationId = String(job.payload.conversationId);
        const { queue, feed } = this.#options;
        const found = await queue.transact(job.tenantId, (writer) => {
          const conversation = getConversation(writer, conversationId);
          return {
            conversation,
            message: findMessage(writer, conversationId, String(job.payload.messageId)),
          };
        });
        const delivery = this.#options.deliveryOf(found.conversation.channelKind);
        const status =
          found.message === undefined || delivery === null
            ? "sent"
            : await delivery.deliver(job.tenantId, found.conversation, found.message);
        await queue.transact(job.tenantId, (writer) => {
          finish(writer);
          if (
            found.message === undefined ||
            status === "sent" ||
            !advanceStatus(writer, found.message.id, status)
          )
            return;
          const { id: messageId } = found.message;
          appendEvent(writer, "message.delivered", { conversationId, messageId });
          const message = findMessage(writer, conversationId, messageId);
          if (message !== undefined)
            writer.onCommit(() => feed.publish(job.tenantId, conversationId, { type: "message", message }));
        });
      },
    };
  }
}

function enqueueAnswer(writer: JobWriter, conversationId: string, messageId: string): void {
  writer.enqueue({
    type: "answer",
    orderingKey: `conversation:${conversationId}`,
    payload: { conversationId, messageId },
  });
}

/** Id of the last message, when it is the contact's: then nobody has answered it. */
function unansweredMessage(reader: Reader, conversationId: string): string | undefined {
  const last = reader.get<{ id: string; author: string }>(
    `SELECT id, author_kind AS author FROM messages
     WHERE conversation_id = ? AND author_kind <> 'system' ORDER BY seq DESC LIMIT 1`,
    conversationId,
  );
  return last?.author === "contact" ? last.id : undefined;
}

function lastContactText(reader: Reader, conversationId: string): string {
  const row = reader.get<{ text: string }>(
    "SELECT text FROM messages WHERE conversation_id = ? AND author_kind = 'contact' ORDER BY seq DESC LIMIT 1",
    conversationId,
  );
  return row?.text ?? "";
}

function repeated(
  reader: Reader,
  known: StoredMessage,
  text: string,
  conversationId: string | undefined,
): Accepted {
  if (known.text !== text || (conversationId !== undefined && conversationId !== known.conversationId))
    throw new AppError(
      "idempotency_mismatch",
      "This Idempotency-Key was used with another message. Use a new key for a new message.",
    );
  const { status } = getConversation(reader, known.conversationId);
  return {
    conversationId: known.conversationId,
    message: known,
    repeated: true,
    toBeAnswered: status === "ai",
  };
}
