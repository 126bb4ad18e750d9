/** The visitors' sockets: who is connected, and what each may do. One `VisitorConnection` per socket. */

import { eq } from "drizzle-orm";
import { isOriginAllowed } from "../channels/origins.ts";
import type { Conversation } from "../conversations/conversation-table.ts";
import type { ChannelDelivery, Conversations } from "../conversations/conversations.ts";
import type { ConversationFeed } from "../conversations/feed.ts";
import type { StoredMessage } from "../conversations/messages.ts";
import { channelKeys } from "../db/control-schema.ts";
import { channels } from "../db/tenant-schema.ts";
import type { Logger } from "../log.ts";
import type { ControlStore } from "../tenants/control-store.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import type { Tenants } from "../tenants/tenants.ts";
import { MessageLimits } from "./message-limits.ts";
import { VisitorConnection } from "./visitor-connection.ts";

export interface VisitorSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface VisitorHubOptions {
  readonly control: ControlStore;
  readonly store: TenantStore;
  readonly tenants: Tenants;
  readonly feed: ConversationFeed;
  readonly conversations: Conversations;
  readonly log: Logger;
}

export interface Arrival {
  readonly publicKey: string | null;
  readonly origin: string | null;
  /** Scheme and host under which the page reached us: our own pages are always allowed. */
  readonly ownOrigin: string;
  readonly address: string;
}

const maxSocketsPerAddress = 100;
const patrolMs = 8_000;

export class VisitorHub implements ChannelDelivery {
  readonly limits = new MessageLimits();
  readonly #connections = new Set<VisitorConnection>();

  readonly #patrol: Timer;

  constructor(readonly options: () => VisitorHubOptions) {
    this.#patrol = setInterval(() => this.#closeSuspended(), patrolMs);
    this.#patrol.unref();
  }

  get sockets(): number {
    return this.#connections.size;
  }

  /** Takes a socket in, or closes it with 4403 (not allowed here) or 4429 (too many; the reason is milliseconds). */
  async accept(socket: VisitorSocket, arrival: Arrival): Promise<VisitorConnection | null> {
    const channel = arrival.publicKey === null ? null : await this.#channelOf(arrival.publicKey);
    if (channel === null || !isOriginAllowed(arrival.origin, channel.allowedOrigins, arrival.ownOrigin)) {
      socket.close(4403, "this page may not use this chat");
      return null;
    }
    const beside = [...this.#connections].filter(
      (connection) => connection.address === arrival.address,
    ).length;
    if (beside >= maxSocketsPerAddress) {
      socket.close(4429, "10000");
      return null;
    }
    const connection = new VisitorConnection(this, socket, { ...channel, address: arrival.address });
    this.#connections.add(connection);
    return connection;
  }

  leave(connection: VisitorConnection): void {
    this.#connections.delete(connection);
    connection.end();
  }

  /** Delivered when the visitor is connected now; else it waits for him: he asks since his last number. */
  async deliver(
    tenantId: string,
    conversation: Conversation,
    _message: StoredMessage,
  ): Promise<"sent" | "delivered"> {
    for (const connection of this.#connections)
      if (connection.tenantId === tenantId && connection.conversationId === conversation.id)
        return "delivered";
    return "sent";
  }

  /** A tenant may be suspended by another process while its visitors are quiet. */
  #closeSuspended(): void {
    const active = new Map<string, boolean>();
    for (const connection of [...this.#connections]) {
      const { tenantId } = connection;
      const isActive = active.get(tenantId) ?? this.#isActive(tenantId);
      active.set(tenantId, isActive);
      if (isActive) continue;
      connection.socket.close(4403, "this chat is switched off");
      this.leave(connection);
    }
  }

  #isActive(tenantId: string): boolean {
    try {
      return this.options().tenants.get(tenantId).status === "active";
    } catch {
      return false;
    }
  }

  /** Closes every socket, for the end of the server. */
  closeAll(): void {
    clearInterval(this.#patrol);
    for (const connection of [...this.#connections]) {
      connection.socket.close(1012, "the server is restarting");
      this.leave(connection);
    }
  }

  async #channelOf(
    publicKey: string,
  ): Promise<{ tenantId: string; channelId: string; allowedOrigins: readonly string[] } | null> {
    const { control, store, tenants } = this.options();
    const entry = control.read((reader) =>
      reader.db.select().from(channelKeys).where(eq(channelKeys.publicKey, publicKey)).get(),
    );
    if (entry === undefined || tenants.get(entry.tenantId).status !== "active") return null;
    const { tenantId, channelId } = entry;
    const row = await store.read(
      tenantId,
      (reader) => reader.db.select().from(channels).where(eq(channels.id, channelId)).get() ?? null,
    );
    return row === null || row.publicKey !== publicKey
      ? null
      : { tenantId, channelId, allowedOrigins: row.allowedOrigins };
  }
}
