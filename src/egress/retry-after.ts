/** When a server wants to be asked again: its header Retry-After (RFC 9110, 10.2.3), in seconds or as a date. */

/** @returns milliseconds from now, 0 or more; undefined where it says nothing that can be read */
export function retryAfterMs({ headers }: Response): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
