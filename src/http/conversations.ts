/** `/api/v1/conversations` */
import { z } from "zod";
import type { App } from "../app.ts";
import {
  type Conversation,
  getConversation,
  listConversations,
} from "../conversations/conversation-table.ts";
import { findTrace, listMessages, type StoredMessage } from "../conversations/messages.ts";
import { watchConversation } from "../conversations/watch.ts";
import { AppError, notFound } from "../errors.ts";
import { conversationBody, messageBody } from "./conversation-bodies.ts";
import { decodeCursor, defineRoute, json, pageOf, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";
import { type EventSink, eventStream } from "./sse.ts";

const byId = z.object({ id: schemas.id });
const tag = "Conversations";

function cursorOf(conversation: Conversation): string {
  return `${conversation.updatedAt} ${conversation.id}`;
}

function parseCursor(cursor: string | undefined): { updatedAt: number; id: string } | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [updatedAt, id] = text.split(" ");
  if (!Number.isInteger(Number(updatedAt)) || id === undefined)
    throw new AppError("invalid_request", "query.cursor: not a cursor of this list");
  return { updatedAt: Number(updatedAt), id };
}

export function conversationRoutes(app: App): Route[] {
  const { store, conversations } = app;
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/conversations",
      access: "tenant",
      tag,
      summary: "List conversations, latest change first",
      query: schemas.conversationQuery,
      responses: { 200: schemas.conversationList },
      handle: async ({ query, tenantId }) => {
        const { limit, status, channel, assignee, waiting, q: text, cursor } = query;
        const filter = {
          status,
          channel,
          assignee,
          waiting,
          from: query.from === undefined ? undefined : Date.parse(query.from),
          to: query.to === undefined ? undefined : Date.parse(query.to),
          text,
          before: parseCursor(cursor),
          limit: limit + 1,
        };
        const rows = await store.read(tenantId, (reader) => listConversations(reader, filter));
        return json(200, pageOf(rows, limit, cursorOf, conversationBody));
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/conversations/{id}",
      access: "tenant",
      tag,
      summary: "Get a conversation",
      params: byId,
      responses: { 200: schemas.conversation },
      handle: async ({ params, tenantId }) =>
        json(
          200,
          conversationBody(await store.read(tenantId, (reader) => getConversation(reader, params.id))),
        ),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/conversations/{id}/messages",
      access: "tenant",
      tag,
      summary: "List the messages after a sequence number, in order",
      params: byId,
      query: schemas.messageQuery,
      responses: { 200: schemas.messageList },
      handle: async ({ params, query, tenantId }) => {
        const rows = await store.read(tenantId, (reader) => {
          getConversation(reader, params.id);
          return listMessages(reader, params.id, query.after, query.limit + 1);
        });
        const items = rows.slice(0, query.limit).map(messageBody);
        return json(200, {
          items,
          nextCursor: rows.length > query.limit ? String(items.at(-1)?.seq ?? "") : null,
        });
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/conversations/{id}/messages",
      access: "tenant",
      tag,
      summary: "Reply as a person; the conversation is then yours and the assistant is silent",
      params: byId,
      body: schemas.reply,
      responses: { 201: schemas.message },
      handle: async ({ params, body, tenantId, actor }) =>
        json(201, messageBody(await conversations.reply(tenantId, params.id, actor, body.text))),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/conversations/{id}/handover",
      access: "tenant",
      tag,
      summary: "Give the conversation to a person",
      params: byId,
      body: schemas.handoverRequest,
      responses: { 200: schemas.conversation },
      handle: async ({ params, body, tenantId, actor }) => {
        const person = actor.id.startsWith("user:");
        const conversation = await conversations.handOver(tenantId, params.id, {
          by: person ? "agent" : "api",
          reason: body.reason ?? (person ? `${actor.name} took it over.` : "Asked for over the API."),
          ...(person ? { agent: actor } : {}),
          tellVisitor: true,
        });
        return json(200, conversationBody(conversation));
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/conversations/{id}/handover",
      access: "tenant",
      tag,
      summary: "Give the conversation back to the assistant",
      params: byId,
      responses: { 200: schemas.conversation },
      handle: async ({ params, tenantId, actor }) =>
        json(
          200,
          conversationBody(
            await conversations.giveBack(tenantId, params.id, actor.id.startsWith("user:") ? "agent" : "api"),
          ),
        ),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/conversations/{id}/resolution",
      access: "tenant",
      tag,
      summary: "Close the conversation",
      params: byId,
      responses: { 200: schemas.conversation },
      handle: async ({ params, tenantId }) =>
        json(200, conversationBody(await conversations.resolve(tenantId, params.id))),
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/conversations/{id}/resolution",
      access: "tenant",
      tag,
      summary: "Open the conversation again",
      params: byId,
      responses: { 200: schemas.conversation },
      handle: async ({ params, tenantId }) =>
        json(200, conversationBody(await conversations.reopen(tenantId, params.id))),
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/conversations/{id}/trace/{messageId}",
      access: "tenant",
      tag,
      summary: "How an answer came about, step by step",
      params: z.object({ id: schemas.id, messageId: schemas.id }),
      responses: { 200: schemas.trace },
      handle: async ({ params, tenantId }) => {
        const trace = await store.read(tenantId, (reader) => ({
          found: findTrace(reader, params.id, params.messageId),
        }));
        if (trace.found === undefined) throw notFound("trace");
        return json(200, trace.found);
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/conversations/{id}/stream",
      access: "tenant",
      tag,
      summary: "Follow a conversation: server-sent events message, delta, partial, turn, typing, state",
      params: byId,
      query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
      responses: { 200: "text/event-stream" },
      handle: async ({ params, query, tenantId, request, stillAllowed }) => {
        await store.read(tenantId, (reader) => getConversation(reader, params.id));
        return eventStream({ request, stillAllowed }, (sink) =>
          follow(app, tenantId, params.id, query.after, sink),
        );
      },
    }),
  ];
}

/** Sends each message once a status, what was missed first, and the state once that is done and whenever it changes. */
function follow(app: App, tenantId: string, conversationId: string, after: number, sink: EventSink): void {
  const seen = new Map<string, string>();
  const state = () =>
    void app.store
      .read(tenantId, (reader) => getConversation(reader, conversationId))
      .then((conversation) => sink.send("state", conversationBody(conversation)))
      .catch(() => sink.close());
  const show = (message: StoredMessage) => {
    if (seen.get(message.id) === message.status) return;
    seen.set(message.id, message.status);
    sink.send("message", messageBody(message));
  };
  const watch = watchConversation(app, tenantId, conversationId, after, {
    missed: show,
    turn: ({ turnId, text, index }) => sink.send("partial", { turnId, text, index }),
    event: (event) => {
      if (event.type === "message") show(event.message);
      else if (event.type === "state") state();
      else sink.send(event.type, event);
    },
  });
  sink.onClose(watch.stop);
  watch.caughtUp.then((isLive) => isLive && state()).catch(() => sink.close());
}
