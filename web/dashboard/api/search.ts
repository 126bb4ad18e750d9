import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { request } from "./client.ts";
import type { SearchHitBody, SearchRequest, SearchResponse } from "./types.ts";

export type SearchHit = SearchHitBody;

/** Searches as the assistant does, once for each question; `undefined`: nothing is asked yet. */
export function useSearch(body: SearchRequest | undefined) {
  return useQuery({
    queryKey: ["search", body],
    queryFn: ({ signal }) => request<SearchResponse>("/search", { method: "POST", body, signal }),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
