import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { query, request } from "./client.ts";
import { mapItem, removeItem } from "./pages.ts";
import type { ChunkList, DocumentBody, DocumentList } from "./types.ts";

const LIST = ["documents", "list"] as const;
const PAGE = 50;
const COUNTED = 100;

type Pages = InfiniteData<DocumentList, string | undefined>;

export function isWorking(document: DocumentBody): boolean {
  return (
    document.status === "pending" ||
    document.status === "processing" ||
    (document.status === "ready" && document.searchable === "words" && document.progress < 1)
  );
}

/** All documents, newest first as the server orders them; asks every second while one of them is being read. */
export function useDocuments() {
  return useInfiniteQuery({
    queryKey: LIST,
    queryFn: ({ pageParam, signal }) =>
      request<DocumentList>(`/documents${query({ limit: PAGE, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isWorking)) ? 1_000 : 15_000,
  });
}

/** How many documents are ready; `more`: there are at least this many. */
export function useReadyCount() {
  return useQuery({
    queryKey: ["documents", "ready-count"],
    queryFn: async ({ signal }) => {
      const list = await request<DocumentList>(`/documents${query({ status: "ready", limit: COUNTED })}`, {
        signal,
      });
      return { count: list.items.length, more: list.nextCursor !== null };
    },
    refetchInterval: 15_000,
  });
}

export function useRefreshDocuments(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["documents"] });
}

export function useAddText() {
  const refresh = useRefreshDocuments();
  return useMutation({
    mutationFn: (body: { title: string; text: string }) =>
      request<{ items: readonly DocumentBody[] }>("/documents", { method: "POST", body }),
    onSuccess: refresh,
  });
}

/** Shows the change at once and takes it back when the server refuses. */
function useOptimistic<T>(
  mutationFn: (document: DocumentBody) => Promise<T>,
  change: (pages: Pages, document: DocumentBody) => Pages,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onMutate: async (document: DocumentBody) => {
      await client.cancelQueries({ queryKey: LIST });
      const before = client.getQueryData<Pages>(LIST);
      if (before !== undefined) client.setQueryData<Pages>(LIST, change(before, document));
      return before;
    },
    onError: (_error, _document, before) => client.setQueryData(LIST, before),
    onSettled: () => client.invalidateQueries({ queryKey: ["documents"] }),
  });
}

export function useDeleteDocument() {
  return useOptimistic(
    (document) => request<void>(`/documents/${document.id}`, { method: "DELETE" }),
    (pages, document) => removeItem(pages, document.id),
  );
}

export function useRetryDocument() {
  return useOptimistic(
    (document) => request<unknown>(`/documents/${document.id}/retry`, { method: "POST" }),
    (pages, document) =>
      mapItem(pages, document.id, ({ error: _gone, ...rest }) => ({
        ...rest,
        status: "pending",
        progress: 0,
      })),
  );
}

export function useChunks(documentId: string) {
  return useInfiniteQuery({
    queryKey: ["documents", documentId, "chunks"],
    queryFn: ({ pageParam, signal }) =>
      request<ChunkList>(`/documents/${documentId}/chunks${query({ limit: 100, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
