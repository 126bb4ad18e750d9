import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";

/** A call that the server refused will be refused again; only a missing or failing server is asked once more. */
function worthAnotherTry(failures: number, error: Error): boolean {
  if (error instanceof ApiError && error.status > 0 && error.status < 500) return false;
  return failures < 1;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthAnotherTry, retryDelay: 800, staleTime: 5_000, networkMode: "always" },
    mutations: { retry: false, networkMode: "always" },
  },
});
