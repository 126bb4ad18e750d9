/** A passage that the search step found, as far as the trace tells. */
export interface TraceHit {
  readonly title: string;
  readonly text: string;
  readonly page?: number;
  readonly match?: string;
  readonly scores: readonly { readonly name: string; readonly value: number }[];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const SCORES = [
  ["score", "fits"],
  ["vectorScore", "by meaning"],
  ["keywordScore", "by words"],
] as const;

/** A trace's data is free-form; what is not a passage is left out rather than shown wrongly. */
export function hitsOf(data: Readonly<Record<string, unknown>>): readonly TraceHit[] {
  if (!Array.isArray(data.hits)) return [];
  return data.hits.flatMap((item: unknown) => {
    const hit = record(item);
    if (typeof hit.text !== "string") return [];
    return [
      {
        title: typeof hit.title === "string" ? hit.title : "",
        text: hit.text,
        ...(typeof hit.page === "number" && { page: hit.page }),
        ...(typeof hit.match === "string" && { match: hit.match }),
        scores: SCORES.flatMap(([key, name]) => {
          const value = hit[key];
          return typeof value === "number" ? [{ name, value }] : [];
        }),
      },
    ];
  });
}

export interface Bar {
  /** per cent of the whole time */
  readonly left: number;
  readonly width: number;
}

/** Where a step lies on a line as long as the whole answer took; never outside it. */
export function barOf(step: { readonly startMs: number; readonly durationMs: number }, totalMs: number): Bar {
  if (!(totalMs > 0)) return { left: 0, width: 0 };
  const left = Math.min(100, Math.max(0, (step.startMs / totalMs) * 100));
  return { left, width: Math.min(100 - left, Math.max(0, (step.durationMs / totalMs) * 100)) };
}
