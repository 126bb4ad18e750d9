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
        text: hit.text.replace(/\n{2,}/g, "\n"),
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

/** How a value of a step is shown. */
export type Shown =
  | { readonly kind: "nothing" }
  | { readonly kind: "short"; readonly text: string }
  | { readonly kind: "long"; readonly text: string }
  | { readonly kind: "group"; readonly entries: readonly (readonly [string, unknown])[] }
  | {
      readonly kind: "messages";
      readonly messages: readonly { readonly role: string; readonly content: string }[];
    };

const SHORT = 80;

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  return String(value);
}

/** What to do with a value of any shape: a line, a text, names and values, or the messages of a prompt. */
export function shownAs(value: unknown): Shown {
  if (value === null || value === undefined || value === "") return { kind: "nothing" };
  if (isPlain(value)) return asText(textOf(value));
  if (Array.isArray(value)) {
    if (value.length === 0) return { kind: "nothing" };
    if (value.every(isPlain)) return asText(value.map(textOf).join(", "));
    const messages = value
      .map(record)
      .flatMap(({ role, content }) =>
        typeof role === "string" && typeof content === "string" ? [{ role, content }] : [],
      );
    if (messages.length === value.length) return { kind: "messages", messages };
  } else {
    const entries = Object.entries(record(value));
    if (entries.every(([, item]) => isPlain(item) || item === null)) return { kind: "group", entries };
  }
  return { kind: "long", text: JSON.stringify(value, null, 2) };
}

function asText(text: string): Shown {
  return { kind: text.length <= SHORT && !text.includes("\n") ? "short" : "long", text };
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
