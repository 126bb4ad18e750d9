/** Web sites that are read by themselves. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { query, request } from "./client.ts";
import { refreshDocuments } from "./documents.ts";
import type { ListOf, SourceBody, SourcePageBody } from "./types.ts";

const ALL = ["sources"] as const;

export interface SourceSettings {
  readonly maxPages: number;
  readonly maxDepth: number;
  readonly schedule: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}
export type NewSource = SourceSettings & Pick<SourceBody, "url" | "kind">;

const isRunning = ({ status }: SourceBody) => status === "running";

/** All sites; there are never so many that one page does not hold them. */
export function useSources() {
  return useQuery({
    queryKey: ALL,
    queryFn: ({ signal }) => request<ListOf<SourceBody>>(`/sources${query({ limit: 200 })}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? 2_000 : 20_000),
  });
}

function useChange<T>(mutationFn: (input: T) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: ALL }), refreshDocuments()]);
    },
  });
}

export function useAddSource() {
  return useChange((body: NewSource) => request<unknown>("/sources", { method: "POST", body }));
}

export function useChangeSource(id: string) {
  return useChange((body: SourceSettings) => request<unknown>(`/sources/${id}`, { method: "PATCH", body }));
}

/** `keep`: the documents stay, as pages added one by one. */
export function useDeleteSource(id: string) {
  return useChange((documents: "delete" | "keep") =>
    request<void>(`/sources/${id}${query({ documents })}`, { method: "DELETE" }),
  );
}

export function useCrawl(id: string) {
  return useChange((act: "start" | "stop") =>
    request<unknown>(`/sources/${id}/crawl`, { method: act === "start" ? "POST" : "DELETE" }),
  );
}

export function useSourcePages(id: string, running: boolean) {
  return useInfiniteQuery({
    queryKey: [...ALL, id, "pages"],
    queryFn: ({ pageParam, signal }) =>
      request<ListOf<SourcePageBody>>(`/sources/${id}/pages${query({ limit: 100, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: running ? 3_000 : 30_000,
  });
}
