/** Questions that the assistant could not answer, those that mean the same together. */
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { query, request } from "./client.ts";
import { refreshDocuments } from "./documents.ts";
import type { ListOf, UnansweredBody, UnansweredExample } from "./types.ts";

const ALL = ["unanswered"] as const;

export type UnansweredStatus = UnansweredBody["status"];
export type UnansweredSort = "count" | "recent";

export function useUnanswered(status: UnansweredStatus, sort: UnansweredSort) {
  return useInfiniteQuery({
    queryKey: [...ALL, status, sort],
    queryFn: ({ pageParam, signal }) =>
      request<ListOf<UnansweredBody>>(`/unanswered${query({ status, sort, limit: 50, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: 20_000,
  });
}

/** All questions of a group, the last one first. */
export function useUnansweredQuestions(id: string, wanted: boolean) {
  return useInfiniteQuery({
    queryKey: [...ALL, "questions", id],
    queryFn: ({ pageParam, signal }) =>
      request<ListOf<UnansweredExample>>(`/unanswered/${id}${query({ limit: 50, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    enabled: wanted,
  });
}

export interface NewAnswer {
  readonly answer: string;
  readonly question: string;
}

/** Makes a question and answer of the knowledge out of it. */
export function useAnswerQuestion(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewAnswer) => request<unknown>(`/unanswered/${id}/answer`, { method: "POST", body }),
    onSettled: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ALL }), refreshDocuments()]);
    },
  });
}

/** `dismiss`: nobody needs to answer it; `open`: somebody does after all. */
export function useSetAside(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: "dismiss" | "open") =>
      request<unknown>(`/unanswered/${id}/dismissal`, { method: act === "dismiss" ? "POST" : "DELETE" }),
    onSettled: () => client.invalidateQueries({ queryKey: ALL }),
  });
}
