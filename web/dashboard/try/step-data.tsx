import { type ReactNode, useState } from "react";
import { spelledOut } from "../ui/words.ts";
import { hitsOf, type TraceHit } from "./trace-data.ts";

type Data = Readonly<Record<string, unknown>>;

/** What a step knew and did: passages as passages, the rest as names and values. */
export function StepData({ data }: { readonly data: Data }) {
  const hits = hitsOf(data);
  const rest = Object.entries(data).filter(
    ([name, value]) => (name !== "hits" || hits.length === 0) && value !== null,
  );
  return (
    <div className="grid gap-3">
      {hits.length > 0 && <Hits hits={hits} />}
      {rest.length > 0 && (
        <dl className="grid gap-1.5 text-sm">
          {rest.map(([name, value]) => (
            <Entry key={name} name={name} value={value} />
          ))}
        </dl>
      )}
      {hits.length === 0 && rest.length === 0 && <p className="text-sm text-muted">Nothing to note.</p>}
    </div>
  );
}

function Entry({ name, value }: { readonly name: string; readonly value: unknown }) {
  const short = shortValue(value);
  if (short !== undefined) {
    return (
      <div className="flex gap-3">
        <dt className="shrink-0 text-muted">{spelledOut(name)}</dt>
        <dd className="min-w-0 flex-1 text-right break-words tabular-nums">{short}</dd>
      </div>
    );
  }
  const label = spelledOut(name);
  return (
    <div className="grid gap-1">
      <dt className="text-muted">{label}</dt>
      <dd>
        {/* A text area because it scrolls, can be reached with the keyboard, and its text can be selected whole. */}
        <textarea
          readOnly
          rows={3}
          aria-label={label}
          value={typeof value === "string" ? value : JSON.stringify(value, null, 2)}
          className="block field-sizing-content max-h-72 w-full resize-none rounded-control bg-hover p-2 font-mono text-xs"
        />
      </dd>
    </div>
  );
}

function shortValue(value: unknown): ReactNode {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Math.round(value * 1000) / 1000;
  if (typeof value === "string")
    return value.length <= 80 && !value.includes("\n") ? value || "(empty)" : undefined;
  if (Array.isArray(value) && value.length === 0) return "none";
  return undefined;
}

function Hits({ hits }: { readonly hits: readonly TraceHit[] }) {
  return (
    <ol className="grid gap-2" aria-label="Passages">
      {hits.map((hit, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the passages of a trace never change their order.
        <Hit key={at} hit={hit} />
      ))}
    </ol>
  );
}

const SHORT = 220;

function Hit({ hit }: { readonly hit: TraceHit }) {
  const [whole, setWhole] = useState(false);
  const long = hit.text.length > SHORT;
  return (
    <li className="rounded-control border border-line bg-paper p-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="min-w-0 font-medium break-words">{hit.title}</span>
        {hit.page !== undefined && <span className="text-xs text-muted">page {hit.page}</span>}
      </p>
      <dl className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
        {hit.scores.map(({ name, value }) => (
          <div key={name} className="flex gap-1">
            <dt>{name}</dt>
            <dd className="font-medium text-ink">{value.toFixed(2)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-1.5 text-sm break-words whitespace-pre-line">
        {whole || !long ? hit.text : `${hit.text.slice(0, SHORT).trimEnd()}…`}
      </p>
      {long && (
        <button
          type="button"
          onClick={() => setWhole(!whole)}
          aria-expanded={whole}
          className="mt-1 text-xs font-medium text-accent-text hover:underline"
        >
          {whole ? "Show less" : "Show all"}
        </button>
      )}
    </li>
  );
}
