/** One visitor's socket: its frames in, its frames out. It knows one tenant, one channel and one contact. */
import { hashToken, isToken, newToken } from "../auth/tokens.ts";
import {
  type Contact,
  findConversation,
  findVisitor,
  insertContact,
  latestConversationOf,
} from "../conversations/conversation-table.ts";
import type { FeedEvent } from "../conversations/feed.ts";
import { advanceStatus, type StoredMessage } from "../conversations/messages.ts";
import { type Watch, watchConversation } from "../conversations/watch.ts";
import { networkOf } from "../egress/addresses.ts";
import { AppError, describeError } from "../errors.ts";
import { readSettings } from "../tenants/settings.ts";
import { type ClientFrame, clientFrame, type ServerFrame } from "./frames.ts";
import type { VisitorHub, VisitorSocket } from "./visitor-hub.ts";
import { visitorMessage } from "./visitor-view.ts";

export interface Place {
  readonly tenantId: string;
  readonly channelId: string;
  readonly address: string;
}

const minute = 60_000;
const day = 24 * 60 * minute;
/** One address may be an office: several visitors' worth. */
const visitorsPerAddress = 10;
const visitorsPerChannel = 200;
const maxFramesPerSecond = 30;

export class VisitorConnection {
  readonly #hub: VisitorHub;
  readonly #place: Place;
  #token: string | undefined;
  #contact: Contact | undefined;
  #conversationId: string | undefined;
  #lastSeq = 0;
  #watching: Watch | undefined;
  /** Frames of one socket are handled one after the other. */
  #queue: Promise<void> = Promise.resolve();
  #ended = false;
  #second = 0;
  #frames = 0;

  constructor(
    hub: VisitorHub,
    readonly socket: VisitorSocket,
    place: Place,
  ) {
    this.#hub = hub;
    this.#place = place;
  }

  get tenantId(): string {
    return this.#place.tenantId;
  }

  get address(): string {
    return this.#place.address;
  }

  get conversationId(): string | undefined {
    return this.#conversationId;
  }

  end(): void {
    this.#ended = true;
    this.#watching?.stop();
  }

  /** Takes a raw frame. Never throws. */
  receive(raw: unknown): void {
    const second = Math.floor(Date.now() / 1000);
    this.#frames = second === this.#second ? this.#frames + 1 : 1;
    this.#second = second;
    if (this.#frames > maxFramesPerSecond) {
      this.socket.close(4429, "5000");
      return;
    }
    this.#queue = this.#queue.then(() => this.#handle(raw));
  }

  async #handle(raw: unknown): Promise<void> {
    if (this.#ended) return;
    let clientId: string | undefined;
    try {
      const frame = parseFrame(raw);
      if (frame.type === "send") clientId = frame.clientId;
      await this.#act(frame);
    } catch (error) {
      this.#report(error, clientId);
    }
  }

  #report(error: unknown, clientId: string | undefined): void {
    const known =
      error instanceof AppError
        ? error
        : new AppError(
            "internal",
            "Something went wrong on our side. Your message is kept; try again in a moment.",
            { cause: error },
          );
    if (known.status >= 500)
      this.#hub
        .options()
        .log.error("a visitor's frame failed", { tenantId: this.tenantId, error: describeError(error) });
    this.#send({
      type: "error",
      code: known.code,
      message: known.message,
      ...(clientId === undefined ? {} : { clientId }),
      ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    });
  }

  async #act(frame: ClientFrame): Promise<void> {
    if (frame.type === "hello") return this.#hello(frame.visitorToken, frame.after ?? 0);
    if (this.#token === undefined) throw new AppError("invalid_request", "Say hello first.");
    this.#checkActive();
    switch (frame.type) {
      case "send":
        return this.#message(frame.clientId, frame.text);
      case "typing":
        if (this.#conversationId !== undefined)
          this.#hub
            .options()
            .feed.publish(this.tenantId, this.#conversationId, { type: "typing", who: "contact" });
        return;
      case "handover":
        return this.#handover(frame.email, frame.cancel === true);
      case "feedback":
        return this.#feedback(frame);
    }
  }

  #checkActive(): void {
    if (this.#hub.options().tenants.get(this.tenantId).status === "active") return;
    this.socket.close(4403, "this chat is switched off");
    throw new AppError("tenant_suspended", "This chat is switched off.");
  }

  async #hello(token: string | undefined, after: number): Promise<void> {
    const { store } = this.#hub.options();
    const found = await store.read(this.tenantId, (reader) => {
      const contact = isToken(token, "visitor")
        ? findVisitor(reader, this.#place.channelId, hashToken(token))
        : undefined;
      const conversation = contact === undefined ? undefined : latestConversationOf(reader, contact.id);
      return { contact, conversation, assistant: readSettings(reader).settings.assistant };
    });
    this.#contact = found.contact;
    // An unknown token is replaced, never taken over: what it may once have opened stays shut.
    this.#token = found.contact === undefined ? newToken("visitor") : token;
    if (this.#token === undefined) throw new Error("a visitor without a token");
    const { assistant, conversation } = found;
    this.#send({
      type: "welcome",
      visitorToken: this.#token,
      ...(conversation === undefined ? {} : { conversationId: conversation.id }),
      settings: { assistantName: assistant.name, greeting: assistant.greeting, language: assistant.language },
      status: conversation?.status ?? "ai",
      emailKnown: conversation?.contact.email != null,
    });
    this.#lastSeq = after;
    if (conversation !== undefined) await this.#watch(conversation.id);
  }

  async #watch(conversationId: string): Promise<void> {
    const { feed, store } = this.#hub.options();
    this.#watching?.stop();
    this.#conversationId = conversationId;
    const undelivered: string[] = [];
    this.#watching = watchConversation({ store, feed }, this.tenantId, conversationId, this.#lastSeq, {
      missed: (message) => {
        this.#show(message);
        if (message.status === "sent" && message.authorKind !== "contact") undelivered.push(message.id);
      },
      turn: ({ turnId, state, text, index }) => {
        this.#send({ type: "turn", turnId, state });
        this.#send({ type: "partial", turnId, text, index });
      },
      event: (event) => this.#follow(event),
    });
    // False: another conversation, or another hello, took over.
    if ((await this.#watching.caughtUp) && undelivered.length > 0)
      await store.transact(this.tenantId, (writer) => {
        for (const id of undelivered) advanceStatus(writer, id, "delivered");
      });
  }

  #follow(event: FeedEvent): void {
    switch (event.type) {
      case "message":
        this.#show(event.message);
        return;
      case "delta":
      case "turn":
        this.#send(event);
        return;
      case "typing":
        if (event.who !== "contact") this.#send({ type: "typing", who: event.who });
        return;
      case "state":
        void this.#sendState().catch((error: unknown) => this.#report(error, undefined));
    }
  }

  async #sendState(): Promise<void> {
    const id = this.#conversationId;
    if (id === undefined) return;
    const conversation = await this.#hub
      .options()
      .store.read(this.tenantId, (reader) => ({ found: findConversation(reader, id) }));
    if (conversation.found === undefined) return;
    const { status, assignee, contact } = conversation.found;
    this.#send({
      type: "state",
      status,
      emailKnown: contact.email !== null,
      ...(assignee === null ? {} : { agent: { name: assignee.name } }),
    });
  }

  async #message(clientId: string, text: string): Promise<void> {
    await this.#checkLimits();
    const { conversations } = this.#hub.options();
    const contact = await this.#knownContact();
    const accepted = await conversations.acceptFromVisitor(this.tenantId, {
      channelId: this.#place.channelId,
      contactId: contact.id,
      clientId,
      text,
    });
    this.#send({ type: "ack", clientId, seq: accepted.message.seq });
    if (this.#conversationId !== accepted.conversationId) await this.#watch(accepted.conversationId);
    else if (accepted.repeated) this.#show(accepted.message);
  }

  async #checkLimits(): Promise<void> {
    const { store } = this.#hub.options();
    const { messagesPerMinute, messagesPerDay } = (await store.read(this.tenantId, readSettings)).settings
      .channels;
    const { channelId } = this.#place;
    const address = networkOf(this.#place.address);
    const visitor = `visitor ${this.#token}`;
    const wait = this.#hub.limits.take([
      { name: `${visitor} minute`, max: messagesPerMinute, windowMs: minute },
      { name: `${visitor} day`, max: messagesPerDay, windowMs: day },
      {
        name: `address ${channelId} ${address} minute`,
        max: messagesPerMinute * visitorsPerAddress,
        windowMs: minute,
      },
      {
        name: `address ${channelId} ${address} day`,
        max: messagesPerDay * visitorsPerAddress,
        windowMs: day,
      },
      { name: `channel ${channelId} minute`, max: messagesPerMinute * visitorsPerChannel, windowMs: minute },
      { name: `channel ${channelId} day`, max: messagesPerDay * visitorsPerChannel, windowMs: day },
    ]);
    if (wait > 0)
      throw new AppError(
        "rate_limited",
        `You are writing faster than we can read. Try again in ${Math.max(1, Math.ceil(wait / 1000))} seconds.`,
        { retryAfterMs: wait },
      );
  }

  /** Somebody who only looks leaves nothing behind: the contact is made with the first message. */
  async #knownContact(): Promise<Contact> {
    if (this.#contact !== undefined) return this.#contact;
    const token = this.#token;
    if (token === undefined) throw new Error("a visitor without a token");
    const { channelId } = this.#place;
    this.#contact = await this.#hub
      .options()
      .store.transact(this.tenantId, (writer) =>
        insertContact(writer, { channelId, visitorHash: hashToken(token) }),
      );
    return this.#contact;
  }

  async #handover(email: string | undefined, cancel: boolean): Promise<void> {
    const { conversations } = this.#hub.options();
    const contact = this.#contact;
    const id = this.#conversationId;
    if (contact === undefined || id === undefined)
      throw new AppError("conflict", "Write your question first, then a person can answer it.");
    if (cancel) {
      await conversations.giveBack(this.tenantId, id, "visitor");
      return;
    }
    if (email !== undefined) await conversations.setEmail(this.tenantId, contact.id, id, email);
    await conversations.handOver(this.tenantId, id, {
      by: "visitor",
      reason: "The visitor asked for a person.",
      tellVisitor: true,
    });
  }

  async #feedback(frame: Extract<ClientFrame, { type: "feedback" }>): Promise<void> {
    if (this.#conversationId === undefined) throw new AppError("not_found", "There is no such message here.");
    const { messageId, value, reason } = frame;
    await this.#hub.options().conversations.feedback(this.tenantId, this.#conversationId, {
      messageId,
      value,
      reason: reason ?? null,
    });
  }

  #show(message: StoredMessage): void {
    const contactId = this.#contact?.id;
    if (contactId === undefined) return;
    this.#lastSeq = Math.max(this.#lastSeq, message.seq);
    this.#send({ type: "message", message: visitorMessage(message, contactId) });
  }

  #send(frame: ServerFrame): void {
    if (!this.#ended) this.socket.send(JSON.stringify(frame));
  }
}

function parseFrame(raw: unknown): ClientFrame {
  let value: unknown = raw;
  if (typeof raw === "string") {
    try {
      value = JSON.parse(raw);
    } catch (error) {
      throw new AppError("invalid_json", "A frame is one JSON object.", { cause: error });
    }
  }
  const result = clientFrame.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError("invalid_request", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a frame"}`);
}
