import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { query, request } from "./client.ts";
import type {
  ConversationBody,
  ConversationList,
  ConversationStatus,
  MessageBody,
  MessageList,
  TraceBody,
} from "./types.ts";

const PAGE = 40;
const COUNTED = 100;

export function conversationKey(id: string) {
  return ["conversations", "one", id] as const;
}

export function messagesKey(id: string) {
  return ["conversations", "messages", id] as const;
}

export interface ConversationFilter {
  readonly status?: ConversationStatus;
  /** Only those in which a person has to write next. */
  readonly waiting?: true;
  readonly q?: string;
}

export function useConversations(filter: ConversationFilter) {
  return useInfiniteQuery({
    queryKey: ["conversations", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      request<ConversationList>(
        `/conversations${query({ status: filter.status, waiting: filter.waiting && "true", q: filter.q, limit: PAGE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: 5_000,
  });
}

/** How many conversations wait for a person; `more`: there are at least this many. */
export function useWaitingCount() {
  return useQuery({
    queryKey: ["conversations", "waiting-count"],
    queryFn: async ({ signal }) => {
      const path = `/conversations${query({ waiting: "true", limit: COUNTED })}`;
      const list = await request<ConversationList>(path, { signal });
      return { count: list.items.length, more: list.nextCursor !== null };
    },
    refetchInterval: 10_000,
  });
}

export function useConversation(id: string) {
  return useQuery({
    queryKey: conversationKey(id),
    queryFn: ({ signal }) => request<ConversationBody>(`/conversations/${id}`, { signal }),
    refetchInterval: 15_000,
  });
}

/** Every message with a higher `seq`, oldest first. */
export async function fetchMessages(
  id: string,
  after: number,
  signal: AbortSignal | undefined,
): Promise<readonly MessageBody[]> {
  const all: MessageBody[] = [];
  let last = after;
  for (;;) {
    const path = `/conversations/${id}/messages${query({ after: last, limit: 200 })}`;
    const list = await request<MessageList>(path, { signal });
    all.push(...list.items);
    const end = list.items.at(-1);
    if (list.nextCursor === null || end === undefined) return all;
    last = end.seq;
  }
}

export function useTrace(conversationId: string, messageId: string | undefined) {
  return useQuery({
    queryKey: ["conversations", "trace", conversationId, messageId],
    queryFn: ({ signal }) =>
      request<TraceBody>(`/conversations/${conversationId}/trace/${messageId}`, { signal }),
    enabled: messageId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export type ConversationAct = "take-over" | "give-back" | "close" | "reopen";

const ACTS = {
  "take-over": { method: "POST", path: "handover", status: "human" },
  "give-back": { method: "DELETE", path: "handover", status: "ai" },
  close: { method: "POST", path: "resolution", status: "resolved" },
  reopen: { method: "DELETE", path: "resolution", status: "ai" },
} as const;

/** Changes who answers, or closes the conversation; shown at once, taken back when the server refuses. */
export function useConversationAct(id: string) {
  const client = useQueryClient();
  const key = conversationKey(id);
  return useMutation({
    mutationFn: (act: ConversationAct) => {
      const { method, path } = ACTS[act];
      return request<unknown>(`/conversations/${id}/${path}`, {
        method,
        ...(method === "POST" && { body: {} }),
      });
    },
    onMutate: async (act) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<ConversationBody>(key);
      if (before !== undefined)
        client.setQueryData<ConversationBody>(key, { ...before, status: ACTS[act].status });
      return before;
    },
    onError: (_error, _act, before) => client.setQueryData(key, before),
    onSettled: () =>
      client.invalidateQueries({ queryKey: ["conversations"], exact: false, predicate: notTrace }),
  });
}

function notTrace(entry: { readonly queryKey: readonly unknown[] }): boolean {
  return entry.queryKey[1] !== "trace" && entry.queryKey[1] !== "messages";
}

export function closeConversation(id: string): Promise<unknown> {
  return request<unknown>(`/conversations/${id}/resolution`, { method: "POST", body: {} });
}

export function sendReply(id: string, text: string): Promise<MessageBody> {
  return request<MessageBody>(`/conversations/${id}/messages`, { method: "POST", body: { text } });
}
