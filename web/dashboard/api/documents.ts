import {
  type InfiniteData,
  keepPreviousData,
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { query, request } from "./client.ts";
import { mapItem, removeItem } from "./pages.ts";
import { queryClient } from "./query-client.ts";
import type { ChunkList, DocumentBody, DocumentList, DocumentSummary } from "./types.ts";

const ALL = ["documents"] as const;
const LIST = ["documents", "list"] as const;
const PAGE = 50;
const COUNTED = 100;
const MOST = 200;

/** What a list is narrowed to. */
export interface DocumentFilter {
  readonly q?: string;
  readonly status?: DocumentBody["status"];
  readonly source?: DocumentBody["source"];
  readonly tag?: string;
  readonly language?: string;
}

type Pages = InfiniteData<DocumentList, string | undefined>;

export function documentKey(id: string) {
  return ["documents", "one", id] as const;
}

export function isWorking(document: DocumentBody): boolean {
  return (
    document.status === "pending" ||
    document.status === "processing" ||
    (document.status === "ready" && document.searchable === "words" && document.progress < 1)
  );
}

function listPath(filter: DocumentFilter, limit: number, cursor: string | undefined): string {
  return `/documents${query({ ...filter, limit, cursor })}`;
}

/** Newest first as the server orders them; asks again and again while one of them is being read. */
export function useDocuments(filter: DocumentFilter) {
  return useInfiniteQuery({
    queryKey: [...LIST, filter],
    queryFn: ({ pageParam, signal }) => request<DocumentList>(listPath(filter, PAGE, pageParam), { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Every page is asked for again: many pages take their time.
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isWorking))
        ? 1_000 * Math.max(1, state.data.pages.length / 2)
        : 15_000,
  });
}

/** All documents that match, beyond the pages in view; at most `limit`. */
export async function fetchDocuments(
  filter: DocumentFilter,
  limit: number,
): Promise<readonly DocumentBody[]> {
  const found: DocumentBody[] = [];
  let cursor: string | undefined;
  do {
    const list = await request<DocumentList>(listPath(filter, Math.min(MOST, limit - found.length), cursor));
    found.push(...list.items);
    cursor = list.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < limit);
  return found;
}

export function useDocumentSummary() {
  return useQuery({
    queryKey: [...ALL, "summary"],
    queryFn: ({ signal }) => request<DocumentSummary>("/documents/summary", { signal }),
    refetchInterval: ({ state }) => {
      const counts = state.data?.byStatus;
      return counts !== undefined && (counts.pending > 0 || counts.processing > 0) ? 3_000 : 15_000;
    },
  });
}

/** How many documents are ready; `more`: there are at least this many. */
export function useReadyCount() {
  return useQuery({
    queryKey: [...ALL, "ready-count"],
    queryFn: async ({ signal }) => {
      const list = await request<DocumentList>(listPath({ status: "ready" }, COUNTED, undefined), { signal });
      return { count: list.items.length, more: list.nextCursor !== null };
    },
    refetchInterval: 15_000,
  });
}

export function refreshDocuments(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: ALL });
}

const LISTS: ReadonlySet<unknown> = new Set(["list", "summary", "ready-count"]);

/** Leaves single documents alone: one that was deleted would be asked for in vain. */
function refreshLists(): Promise<void> {
  return queryClient.invalidateQueries({
    queryKey: ALL,
    predicate: ({ queryKey }) => LISTS.has(queryKey[1]),
  });
}

/** Shows the change in every list at once and takes it back when the server refuses. */
function useOptimistic<T>(
  mutationFn: (document: DocumentBody) => Promise<T>,
  change: (pages: Pages, document: DocumentBody) => Pages,
  refresh: () => Promise<void>,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onMutate: async (document: DocumentBody) => {
      await client.cancelQueries({ queryKey: LIST });
      const before = client.getQueriesData<Pages>({ queryKey: LIST });
      client.setQueriesData<Pages>({ queryKey: LIST }, (pages) => pages && change(pages, document));
      return before;
    },
    onError: (_error, _document, before) => {
      for (const [key, pages] of before ?? ([] as readonly [QueryKey, Pages][]))
        client.setQueryData(key, pages);
    },
    onSettled: refresh,
  });
}

export function deleteDocument({ id }: Pick<DocumentBody, "id">): Promise<void> {
  return request<void>(`/documents/${id}`, { method: "DELETE" });
}

export function retryDocument({ id }: Pick<DocumentBody, "id">): Promise<unknown> {
  return request<unknown>(`/documents/${id}/retry`, { method: "POST" });
}

export function useDeleteDocument() {
  return useOptimistic(deleteDocument, (pages, document) => removeItem(pages, document.id), refreshLists);
}

export function useRetryDocument() {
  return useOptimistic(
    retryDocument,
    (pages, document) =>
      mapItem(pages, document.id, ({ error: _gone, ...rest }) => ({
        ...rest,
        status: "pending",
        progress: 0,
      })),
    refreshDocuments,
  );
}

/** Others with each version, and there only once it was read. */
export function useChunks({ id, version, chunks }: Pick<DocumentBody, "id" | "version" | "chunks">) {
  return useInfiniteQuery({
    queryKey: [...ALL, "chunks", id, version, chunks],
    queryFn: ({ pageParam, signal }) =>
      request<ChunkList>(`/documents/${id}/chunks${query({ limit: 100, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
