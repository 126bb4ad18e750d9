import { useSyncExternalStore } from "react";
import { exactTime, relativeTime } from "./time.ts";

const listeners = new Set<() => void>();
let minute = Math.floor(Date.now() / 30_000);
setInterval(() => {
  minute = Math.floor(Date.now() / 30_000);
  for (const listener of listeners) listener();
}, 30_000);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Relative, kept up to date, exact on hover. */
export function TimeAgo({ at }: { readonly at: string }) {
  useSyncExternalStore(subscribe, () => minute);
  return (
    <time dateTime={at} title={exactTime(at)} className="whitespace-nowrap tabular-nums">
      {relativeTime(at, new Date())}
    </time>
  );
}
