/** `/api/v1/chat` */
import type { App } from "../app.ts";
import { findConversation } from "../conversations/conversation-table.ts";
import type { Accepted } from "../conversations/conversations.ts";
import type { FeedEvent } from "../conversations/feed.ts";
import { findReply, type StoredMessage } from "../conversations/messages.ts";
import { AppError } from "../errors.ts";
import { chatBody } from "./conversation-bodies.ts";
import { problemResponse } from "./problem.ts";
import { defineRoute, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";
import { eventStream } from "./sse.ts";

const waitMs = 300_000;

/** Resolves with the answer to an accepted message; null when a person has the conversation. */
function waitForReply(
  app: App,
  tenantId: string,
  accepted: Accepted,
  signal: AbortSignal,
  onEvent: (event: FeedEvent) => void,
): Promise<StoredMessage | null> {
  const { conversationId, message } = accepted;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        finish(() =>
          reject(
            new AppError(
              "unavailable",
              "The answer takes too long. It will be in the conversation when it is ready.",
            ),
          ),
        ),
      waitMs,
    );
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener("abort", aborted);
      settle();
    };
    const aborted = () => finish(() => reject(signal.reason));
    const look = () =>
      void app.store
        .read(tenantId, (reader) => ({
          reply: findReply(reader, message.id),
          status: findConversation(reader, conversationId)?.status,
        }))
        .then(({ reply, status }) => {
          if (reply !== undefined) finish(() => resolve(reply));
          else if (status !== "ai") finish(() => resolve(null));
        })
        .catch((error: unknown) => finish(() => reject(error)));
    const unsubscribe = app.feed.subscribe(tenantId, conversationId, (event) => {
      onEvent(event);
      if (event.type === "message" && event.message.replyTo === message.id)
        finish(() => resolve(event.message));
      else if (event.type === "state") look();
    });
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
    else look();
  });
}

export function chatRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/chat",
      access: "tenant",
      tag: "Chat",
      summary:
        "Ask the assistant; with `stream: true` the answer comes as server-sent events (message-start, text-delta, message-end, error)",
      body: schemas.chatRequest,
      responses: { 200: schemas.chatResponse },
      handle: async ({ body, tenantId, request, requestId, log, stillAllowed }) => {
        const idempotencyKey = request.headers.get("idempotency-key") ?? undefined;
        if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,200}$/.test(idempotencyKey))
          throw new AppError("invalid_request", "Idempotency-Key: 1 to 200 visible ASCII characters");
        const { message: text, conversationId, contact } = body;
        const accepted = await app.conversations.acceptFromApi(tenantId, {
          text,
          conversationId,
          contact,
          idempotencyKey,
        });
        if (!body.stream) {
          const reply = await waitForReply(app, tenantId, accepted, request.signal, () => undefined);
          return json(200, chatBody(reply ?? accepted.message, reply !== null));
        }
        return eventStream({ request, stillAllowed }, (sink) => {
          const turnId = accepted.message.id;
          sink.send("message-start", { conversationId: accepted.conversationId, turnId });
          const turn = app.feed.turn(tenantId, accepted.conversationId);
          if (turn?.turnId === turnId && turn.text !== "") sink.send("text-delta", { text: turn.text });
          const onEvent = (event: FeedEvent) => {
            if (event.type === "delta" && event.turnId === turnId)
              sink.send("text-delta", { text: event.text });
          };
          waitForReply(app, tenantId, accepted, sink.signal, onEvent)
            .then((reply) => sink.send("message-end", chatBody(reply ?? accepted.message, reply !== null)))
            .catch(async (error: unknown) => {
              if (!sink.signal.aborted)
                sink.send("error", await problemResponse(error, requestId, log).json());
            })
            .finally(() => sink.close());
        });
      },
    }),
  ];
}
