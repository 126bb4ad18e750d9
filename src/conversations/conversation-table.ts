/** The `contacts` and `conversations` tables of a tenant. */
import { eq } from "drizzle-orm";
import { channels, contacts, conversations } from "../db/tenant-schema.ts";
import type { Reader, SqlValue, Writer } from "../db/transaction.ts";
import { notFound } from "../errors.ts";

export type ConversationStatus = "ai" | "human" | "snoozed" | "resolved";
export type HandoverBy = "visitor" | "assistant" | "agent" | "api";

export interface Contact {
  readonly id: string;
  readonly channelId: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface Conversation {
  readonly id: string;
  readonly channelId: string;
  readonly channelKind: "webchat" | "api";
  readonly channelName: string;
  readonly contact: Contact;
  readonly status: ConversationStatus;
  readonly handover: { readonly reason: string; readonly by: HandoverBy; readonly at: number } | null;
  readonly assignee: { readonly id: string; readonly name: string } | null;
  readonly lastSeq: number;
  readonly lastMessage: { readonly text: string; readonly author: string; readonly at: number } | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly channel_id: string;
  readonly channel_kind: "webchat" | "api";
  readonly channel_name: string;
  readonly contact_id: string;
  readonly contact_name: string | null;
  readonly contact_email: string | null;
  readonly status: ConversationStatus;
  readonly handover_reason: string | null;
  readonly handover_by: HandoverBy | null;
  readonly handover_at: number | null;
  readonly assignee_id: string | null;
  readonly assignee_name: string | null;
  readonly last_seq: number;
  readonly last_text: string | null;
  readonly last_author: string | null;
  readonly last_at: number | null;
  readonly created_at: number;
  readonly updated_at: number;
}

const selection = `
  SELECT conversations.*, channels.kind AS channel_kind, channels.name AS channel_name,
    contacts.name AS contact_name, contacts.email AS contact_email,
    substr(last.text, 1, 200) AS last_text, last.author_kind AS last_author, last.created_at AS last_at
  FROM conversations
  JOIN channels ON channels.id = conversations.channel_id
  JOIN contacts ON contacts.id = conversations.contact_id
  LEFT JOIN messages AS last ON last.conversation_id = conversations.id AND last.seq = conversations.last_seq`;

function fromRow(row: Row): Conversation {
  const { handover_by: by, handover_at: at, assignee_id: assigneeId, last_text: text } = row;
  return {
    id: row.id,
    channelId: row.channel_id,
    channelKind: row.channel_kind,
    channelName: row.channel_name,
    contact: {
      id: row.contact_id,
      channelId: row.channel_id,
      name: row.contact_name,
      email: row.contact_email,
    },
    status: row.status,
    handover: by === null || at === null ? null : { reason: row.handover_reason ?? "", by, at },
    assignee: assigneeId === null ? null : { id: assigneeId, name: row.assignee_name ?? "" },
    lastSeq: row.last_seq,
    lastMessage: text === null ? null : { text, author: row.last_author ?? "", at: row.last_at ?? 0 },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function findConversation(reader: Reader, id: string): Conversation | undefined {
  const row = reader.get<Row>(`${selection} WHERE conversations.id = ?`, id);
  return row === undefined ? undefined : fromRow(row);
}

/** @throws AppError not_found */
export function getConversation(reader: Reader, id: string): Conversation {
  const found = findConversation(reader, id);
  if (found === undefined) throw notFound("conversation");
  return found;
}

export interface ConversationFilter {
  readonly status?: ConversationStatus | undefined;
  /** Id or kind of a channel. */
  readonly channel?: string | undefined;
  /** Id of a person; `none`: nobody's. */
  readonly assignee?: string | undefined;
  /** A person has to write next. */
  readonly waiting?: boolean | undefined;
  /** Changed at or after `from` and before `to`, milliseconds. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Text that stands in a message. */
  readonly text?: string | undefined;
  /** Continue after this one: latest change and id. */
  readonly before?: { readonly updatedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Latest change first. */
export function listConversations(reader: Reader, filter: ConversationFilter): Conversation[] {
  const where: string[] = [];
  const values: SqlValue[] = [];
  const add = (condition: string, ...own: SqlValue[]) => {
    where.push(condition);
    values.push(...own);
  };
  if (filter.status !== undefined) add("conversations.status = ?", filter.status);
  if (filter.channel !== undefined)
    add("(channels.id = ? OR channels.kind = ?)", filter.channel, filter.channel);
  if (filter.assignee === "none") add("conversations.assignee_id IS NULL");
  else if (filter.assignee !== undefined) add("conversations.assignee_id = ?", filter.assignee);
  if (filter.waiting !== undefined)
    add(
      `${filter.waiting ? "" : "NOT "}(conversations.status = 'human' AND last.author_kind IS NOT 'agent')`,
    );
  if (filter.from !== undefined) add("conversations.updated_at >= ?", filter.from);
  if (filter.to !== undefined) add("conversations.updated_at < ?", filter.to);
  if (filter.text !== undefined)
    add(
      "EXISTS (SELECT 1 FROM messages WHERE messages.conversation_id = conversations.id AND instr(lower(messages.text), lower(?)) > 0)",
      filter.text,
    );
  if (filter.before !== undefined)
    add("(conversations.updated_at, conversations.id) < (?, ?)", filter.before.updatedAt, filter.before.id);
  const condition = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
  return reader
    .all<Row>(
      `${selection} ${condition} ORDER BY conversations.updated_at DESC, conversations.id DESC LIMIT ?`,
      ...values,
      filter.limit,
    )
    .map(fromRow);
}

export function insertContact(
  writer: Writer,
  input: {
    channelId: string;
    externalId?: string | undefined;
    visitorHash?: Buffer;
    name?: string | undefined;
    email?: string | undefined;
  },
): Contact {
  const now = Date.now();
  const row = {
    id: Bun.randomUUIDv7(),
    channelId: input.channelId,
    externalId: input.externalId ?? null,
    visitorHash: input.visitorHash ?? null,
    name: input.name ?? null,
    email: input.email ?? null,
    createdAt: now,
    updatedAt: now,
  };
  writer.db.insert(contacts).values(row).run();
  return { id: row.id, channelId: row.channelId, name: row.name, email: row.email };
}

const contactColumns = {
  id: contacts.id,
  channelId: contacts.channelId,
  name: contacts.name,
  email: contacts.email,
} as const;

/** The contact of a visitor's token on this channel. */
export function findVisitor(reader: Reader, channelId: string, visitorHash: Buffer): Contact | undefined {
  const row = reader.db
    .select(contactColumns)
    .from(contacts)
    .where(eq(contacts.visitorHash, visitorHash))
    .get();
  return row?.channelId === channelId ? row : undefined;
}

export function findExternalContact(
  reader: Reader,
  channelId: string,
  externalId: string,
): Contact | undefined {
  const row = reader.get<{ id: string; name: string | null; email: string | null }>(
    "SELECT id, name, email FROM contacts WHERE channel_id = ? AND external_id = ?",
    channelId,
    externalId,
  );
  return row === undefined ? undefined : { ...row, channelId };
}

export function updateContact(
  writer: Writer,
  id: string,
  change: { name?: string | undefined; email?: string | undefined },
): void {
  const set = {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.email === undefined ? {} : { email: change.email }),
  };
  writer.db
    .update(contacts)
    .set({ ...set, updatedAt: Date.now() })
    .where(eq(contacts.id, id))
    .run();
}

/** A contact's latest conversation, if any. */
export function latestConversationOf(reader: Reader, contactId: string): Conversation | undefined {
  const row = reader.get<Row>(
    `${selection} WHERE conversations.contact_id = ? ORDER BY conversations.id DESC LIMIT 1`,
    contactId,
  );
  return row === undefined ? undefined : fromRow(row);
}

export function insertConversation(writer: Writer, channelId: string, contactId: string): string {
  const now = Date.now();
  const id = Bun.randomUUIDv7();
  writer.db
    .insert(conversations)
    .values({ id, channelId, contactId, status: "ai", lastSeq: 0, createdAt: now, updatedAt: now })
    .run();
  return id;
}

export function setConversationStatus(
  writer: Writer,
  id: string,
  change: {
    status: ConversationStatus;
    handover: { reason: string; by: HandoverBy; at?: number } | null;
    assignee: { id: string; name: string } | null;
  },
): void {
  const now = Date.now();
  writer.db
    .update(conversations)
    .set({
      status: change.status,
      handoverReason: change.handover?.reason ?? null,
      handoverBy: change.handover?.by ?? null,
      handoverAt: change.handover === null ? null : (change.handover.at ?? now),
      assigneeId: change.assignee?.id ?? null,
      assigneeName: change.assignee?.name ?? null,
      updatedAt: now,
    })
    .where(eq(conversations.id, id))
    .run();
}

export function firstChannelOf(
  reader: Reader,
  kind: "webchat" | "api",
): typeof channels.$inferSelect | undefined {
  return reader.db.select().from(channels).where(eq(channels.kind, kind)).orderBy(channels.id).get();
}
