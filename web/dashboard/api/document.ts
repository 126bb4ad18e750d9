/** One document: what its own page shows and changes. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { NewQuestion, NewText } from "./adding.ts";
import { query, request, send } from "./client.ts";
import { documentKey, isWorking, refreshDocuments } from "./documents.ts";
import type { ChunkBody, DocumentBody, DocumentQuestions, TextSlice } from "./types.ts";

const SLICE = 20_000;

export function useDocument(id: string) {
  return useQuery({
    queryKey: documentKey(id),
    queryFn: ({ signal }) => request<DocumentBody>(`/documents/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isWorking(state.data) ? 1_000 : 15_000),
  });
}

export interface DocumentChange {
  readonly title?: string;
  readonly tags?: readonly string[];
}

/** Shown at once, taken back when the server refuses. */
export function useChangeDocument(id: string) {
  const client = useQueryClient();
  const key = documentKey(id);
  return useMutation({
    mutationFn: (body: DocumentChange) =>
      request<DocumentBody>(`/documents/${id}`, { method: "PATCH", body }),
    onMutate: async ({ title, tags }) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<DocumentBody>(key);
      if (before !== undefined)
        client.setQueryData<DocumentBody>(key, {
          ...before,
          ...(title !== undefined && { title }),
          ...(tags !== undefined && { tags: [...tags] }),
        });
      return before;
    },
    onError: (_error, _change, before) => client.setQueryData(key, before),
    onSettled: refreshDocuments,
  });
}

export function useChunk(documentId: string, chunkId: string | undefined, version: number) {
  return useQuery({
    queryKey: ["documents", "chunk", documentId, chunkId, version],
    queryFn: ({ signal }) =>
      request<ChunkBody>(`/documents/${documentId}/chunks/${encodeURIComponent(chunkId ?? "")}`, { signal }),
    enabled: chunkId !== undefined,
    staleTime: 60_000,
  });
}

interface Part {
  readonly from: number;
  readonly length: number;
}

/** The plain text around `start`, to be read on in both directions. */
export function useDocumentText(id: string, version: number, start: number) {
  return useInfiniteQuery({
    queryKey: ["documents", "text", id, version, start],
    queryFn: ({ pageParam, signal }) =>
      request<TextSlice>(`/documents/${id}/text${query({ ...pageParam })}`, { signal }),
    initialPageParam: { from: start, length: SLICE } as Part,
    getNextPageParam: ({ next }): Part | undefined =>
      next === null ? undefined : { from: next, length: SLICE },
    getPreviousPageParam: ({ from }): Part | undefined =>
      from === 0 ? undefined : { from: Math.max(0, from - SLICE), length: Math.min(from, SLICE) },
    staleTime: 60_000,
  });
}

export function useDocumentQuestions(id: string) {
  return useQuery({
    queryKey: ["documents", "questions", id],
    queryFn: ({ signal }) => request<DocumentQuestions>(`/documents/${id}/questions`, { signal }),
    staleTime: 0,
    refetchInterval: 30_000,
  });
}

/** The text that was pasted, as it was sent. */
export function useOriginalText(id: string) {
  return useQuery({
    queryKey: ["documents", "original", id],
    queryFn: async ({ signal }) => (await send(`/documents/${id}/original`, { signal })).text(),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Puts a new text, or a new answer, in the document's place. */
export function useReplaceDocument(id: string) {
  return useMutation({
    mutationFn: (body: NewText | NewQuestion) =>
      request<DocumentBody>(`/documents/${id}`, { method: "PUT", body }),
    onSuccess: refreshDocuments,
  });
}
