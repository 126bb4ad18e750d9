import type { SearchResponse } from "../api/types.ts";
import { duration } from "../ui/time.ts";
import { timedSteps } from "./search-request.ts";

/** How long each step took, to scale. Steps run side by side, so they do not add up to the whole. */
export function SearchTimes({ timings }: { readonly timings: SearchResponse["timings"] }) {
  const longest = Math.max(timings.totalMs, 0.01);
  return (
    <section aria-label="How long it took" className="grid gap-2">
      <h2 className="text-sm font-medium">How long it took</h2>
      <dl className="grid gap-2 text-xs">
        {timedSteps(timings).map(({ name, ms }) => (
          <div key={name} className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1">
            <dt className="text-muted">{name}</dt>
            <dd className="text-right tabular-nums">{duration(ms)}</dd>
            <dd aria-hidden="true" className="col-span-2 h-1 rounded-full bg-line">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${Math.min(100, (ms / longest) * 100)}%` }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
