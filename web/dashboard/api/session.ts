import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { ApiError, query, request } from "./client.ts";
import { queryClient } from "./query-client.ts";
import { chooseTenant, tenantId } from "./tenant.ts";
import type { SessionBody } from "./types.ts";

const sessionQuery = queryOptions({
  queryKey: ["session"],
  /** `null`: nobody is signed in. */
  queryFn: async ({ signal }): Promise<SessionBody | null> => {
    try {
      return await request<SessionBody>("/session", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSession() {
  return useQuery(sessionQuery);
}

/** Largest file that the server takes as a document, in bytes. */
export function maxUploadBytes(): number {
  return queryClient.getQueryData(sessionQuery.queryKey)?.limits.maxUploadBytes ?? Number.POSITIVE_INFINITY;
}

function adopt(session: SessionBody): void {
  keepTenantValid(session);
  forgetData();
  queryClient.setQueryData(sessionQuery.queryKey, session);
}

/** The remembered tenant may be gone, or belong to another person who used this browser before. */
export function keepTenantValid(session: SessionBody): void {
  const first = session.tenants[0];
  if (first !== undefined && !session.tenants.some((tenant) => tenant.id === tenantId()))
    chooseTenant(first.id);
}

export function forgetSession(): void {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  forgetData();
}

/** Nothing of another person or business may stay in the cache. */
function forgetData(): void {
  queryClient.removeQueries({ predicate: (entry) => entry.queryKey[0] !== "session" });
}

export function switchTenant(id: string): void {
  forgetData();
  chooseTenant(id);
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: { email: string; password: string }) =>
      request<SessionBody>("/session", { method: "POST", body }),
    onSuccess: adopt,
  });
}

export function useSignOut() {
  return useMutation({
    mutationFn: () => request<void>("/session", { method: "DELETE" }),
    onSuccess: forgetSession,
  });
}

export function useSetupState(token: string) {
  return useQuery({
    queryKey: ["setup-state", token],
    queryFn: ({ signal }) => request<{ valid: boolean }>(`/setup-state${query({ token })}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSetup() {
  return useMutation({
    mutationFn: (body: { token: string; email: string; password: string; tenant: string }) =>
      request<SessionBody>("/setup", { method: "POST", body }),
    onSuccess: adopt,
  });
}
