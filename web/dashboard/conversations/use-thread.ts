import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useState } from "react";
import { conversationKey, fetchMessages, messagesKey, sendReply } from "../api/conversations.ts";
import { followConversation } from "../api/live.ts";
import type { MessageBody } from "../api/types.ts";
import {
  applyDelta,
  applyTurn,
  changeOutgoing,
  mergeMessages,
  stillOutgoing,
  type Writing,
} from "./thread-state.ts";

type Messages = readonly MessageBody[];

/** The messages of one conversation, live; while the live connection is down they are asked for every 4 s. */
export function useThread(id: string) {
  const client = useQueryClient();
  const [connected, setConnected] = useState(false);
  const [writing, setWriting] = useState<Writing>();
  const key = messagesKey(id);
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const last = client.getQueryData<Messages>(key)?.at(-1)?.seq ?? 0;
      const fresh = await fetchMessages(id, last, signal);
      return mergeMessages(client.getQueryData<Messages>(key) ?? [], fresh);
    },
    refetchInterval: connected ? 60_000 : 4_000,
  });

  const loaded = query.data !== undefined;
  useEffect(() => {
    if (!loaded) return;
    const list = messagesKey(id);
    const newest = () => client.getQueryData<Messages>(list)?.at(-1)?.seq ?? 0;
    const stop = followConversation(id, {
      after: newest,
      onConnected: setConnected,
      onMessage: (message) => {
        const gap = message.seq > newest() + 1;
        if (gap) void client.invalidateQueries({ queryKey: list });
        else client.setQueryData<Messages>(list, (have) => mergeMessages(have ?? [], [message]));
        if (message.author.kind === "assistant") setWriting(undefined);
      },
      onState: (conversation) => client.setQueryData(conversationKey(id), conversation),
      onPartial: ({ turnId, text, index }) => setWriting({ turnId, text, next: index }),
      onDelta: (delta) => setWriting((current) => applyDelta(current, delta)),
      onTurn: (turn) => setWriting((current) => applyTurn(current, turn)),
    });
    return () => {
      stop();
      setConnected(false);
      setWriting(undefined);
    };
  }, [client, id, loaded]);

  return { query, writing };
}

/** Replies of a person: shown at once, kept with their reason when they could not be sent. */
export function useReplies(id: string, messages: Messages) {
  const client = useQueryClient();
  const [outgoing, change] = useReducer(changeOutgoing, []);
  const send = async (text: string, key: string = crypto.randomUUID()) => {
    change({ type: "send", key, text, afterSeq: messages.at(-1)?.seq ?? 0 });
    try {
      const message = await sendReply(id, text.trim());
      client.setQueryData<Messages>(messagesKey(id), (have) => mergeMessages(have ?? [], [message]));
      change({ type: "remove", key });
      void client.invalidateQueries({ queryKey: conversationKey(id) });
      void client.invalidateQueries({ queryKey: ["conversations", "list"] });
      void client.invalidateQueries({ queryKey: ["conversations", "waiting-count"] });
    } catch (error) {
      change({ type: "fail", key, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  return {
    outgoing: stillOutgoing(outgoing, messages),
    send,
    discard: (key: string) => change({ type: "remove", key }),
  };
}
