import { useState } from "react";
import { spelledOut } from "../ui/words.ts";
import { entryInWords } from "./entry-words.ts";
import { hitsOf, type Shown, shownAs, type TraceHit } from "./trace-data.ts";

type Data = Readonly<Record<string, unknown>>;

/** What a step knew and did: passages as passages, the rest as names and values. */
export function StepData({ data }: { readonly data: Data }) {
  const hits = hitsOf(data);
  const rest = Object.entries(data).filter(
    ([name, value]) => (name !== "hits" || hits.length === 0) && shownAs(value).kind !== "nothing",
  );
  return (
    <div className="grid gap-3">
      {rest.length > 0 && <Entries entries={rest} />}
      {hits.length > 0 && <Hits hits={hits} />}
      {hits.length === 0 && rest.length === 0 && <p className="text-sm text-muted">Nothing to note.</p>}
    </div>
  );
}

function Entries({ entries }: { readonly entries: readonly (readonly [string, unknown])[] }) {
  return (
    <dl className="grid gap-1.5 text-sm">
      {entries.map(([name, value]) => {
        const [words, inWords] = entryInWords(name, value);
        return <Entry key={name} name={words} shown={shownAs(inWords)} />;
      })}
    </dl>
  );
}

function Entry({ name, shown }: { readonly name: string; readonly shown: Shown }) {
  switch (shown.kind) {
    case "nothing":
      return null;
    case "short":
      return (
        <div className="flex gap-3">
          <dt className="shrink-0 text-muted">{name}</dt>
          <dd className="min-w-0 flex-1 text-right break-words tabular-nums">{shown.text}</dd>
        </div>
      );
    case "long":
      return (
        <div className="grid gap-1">
          <dt className="text-muted">{name}</dt>
          <dd>
            <LongText label={name} text={shown.text} />
          </dd>
        </div>
      );
    case "group":
      return (
        <div className="grid gap-1">
          <dt className="text-muted">{name}</dt>
          <dd className="border-l border-line pl-3">
            <Entries entries={shown.entries} />
          </dd>
        </div>
      );
    case "messages":
      return shown.messages.map(({ role, content }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a trace never change their order.
        <Entry key={at} name={spelledOut(role)} shown={{ kind: "long", text: content }} />
      ));
  }
}

/** A text area because it scrolls, can be reached with the keyboard, and its text can be selected whole. */
function LongText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <textarea
      readOnly
      rows={3}
      aria-label={label}
      value={text}
      className="block field-sizing-content max-h-72 w-full resize-none rounded-control bg-hover p-2 font-mono text-xs"
    />
  );
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
        <span className="line-clamp-2 min-w-0 font-medium break-words" title={hit.title}>
          {hit.title}
        </span>
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
