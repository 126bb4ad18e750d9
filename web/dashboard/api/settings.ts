import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./client.ts";
import type {
  ApiKeyCreated,
  ApiKeyList,
  ChannelBody,
  ChannelList,
  ProviderBody,
  ProviderCheck,
  ProviderId,
  ProviderList,
  SettingsPatch,
  SettingsResponse,
} from "./types.ts";

const SETTINGS = ["settings"] as const;
const PROVIDERS = ["providers"] as const;
const CHANNELS = ["channels"] as const;
const API_KEYS = ["api-keys"] as const;

/** Asks every other second while documents are learnt anew. */
export function useSettings() {
  return useQuery({
    queryKey: SETTINGS,
    queryFn: ({ signal }) => request<SettingsResponse>("/settings", { signal }),
    // Learning may have begun or stopped since, by itself.
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.learning.state === "learning" || state.data?.learning.state === "waiting" ? 2_000 : false,
  });
}

export function useSaveSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SettingsPatch) => request<SettingsResponse>("/settings", { method: "PATCH", body }),
    onSuccess: (settings) => {
      client.setQueryData(SETTINGS, settings);
      return client.invalidateQueries({ queryKey: PROVIDERS });
    },
  });
}

export function useProviders() {
  return useQuery({
    queryKey: PROVIDERS,
    queryFn: ({ signal }) => request<ProviderList>("/providers", { signal }),
  });
}

export interface ProviderPatch {
  readonly url?: string | null;
  readonly model?: string | null;
  readonly key?: string | null;
}

export function useSaveProvider(id: ProviderId) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ProviderPatch) => request<ProviderBody>(`/providers/${id}`, { method: "PATCH", body }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: PROVIDERS }),
        // What waited for the server goes on.
        client.invalidateQueries({ queryKey: SETTINGS }),
      ]),
  });
}

export function useCheckProvider(id: ProviderId) {
  return useMutation({
    mutationFn: () => request<ProviderCheck>(`/providers/${id}/check`, { method: "POST" }),
  });
}

export function useChannels() {
  return useQuery({
    queryKey: CHANNELS,
    queryFn: ({ signal }) => request<ChannelList>("/channels", { signal }),
  });
}

export function useSaveOrigins() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, allowedOrigins }: { id: string; allowedOrigins: readonly string[] }) =>
      request<ChannelBody>(`/channels/${id}`, { method: "PATCH", body: { allowedOrigins } }),
    onSuccess: () => client.invalidateQueries({ queryKey: CHANNELS }),
  });
}

export function useApiKeys() {
  return useQuery({
    queryKey: API_KEYS,
    queryFn: ({ signal }) => request<ApiKeyList>("/api-keys", { signal }),
  });
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => request<ApiKeyCreated>("/api-keys", { method: "POST", body: { name } }),
    onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}

export function useDeleteApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request<void>(`/api-keys/${id}`, { method: "DELETE" }),
    onMutate: async (id) => {
      await client.cancelQueries({ queryKey: API_KEYS });
      const before = client.getQueryData<ApiKeyList>(API_KEYS);
      if (before !== undefined) {
        client.setQueryData<ApiKeyList>(API_KEYS, { items: before.items.filter((key) => key.id !== id) });
      }
      return before;
    },
    onError: (_error, _id, before) => client.setQueryData(API_KEYS, before),
    onSettled: () => client.invalidateQueries({ queryKey: API_KEYS }),
  });
}
