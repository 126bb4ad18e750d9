import { useSyncExternalStore } from "react";

const KEY = "metachat.tenant";
const listeners = new Set<() => void>();
let tenant: string | null = localStorage.getItem(KEY);

/** The business whose data is in view; every request names it. */
export function tenantId(): string | null {
  return tenant;
}

export function chooseTenant(id: string): void {
  if (tenant === id) return;
  tenant = id;
  localStorage.setItem(KEY, id);
  for (const listener of listeners) listener();
}

export function useTenantId(): string | null {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, tenantId);
}

/** For requests that cannot carry a header: `EventSource` and download links. */
export function tenantUrl(path: string): string {
  const url = `/api/v1${path}`;
  if (tenant === null) return url;
  return `${url}${path.includes("?") ? "&" : "?"}tenant=${encodeURIComponent(tenant)}`;
}
