import { X } from "lucide-react";
import { useEffect, useState } from "react";
import type { DocumentFilter } from "../api/documents.ts";
import type { DocumentSummary } from "../api/types.ts";
import { navigate } from "../router/history.ts";
import { Button } from "../ui/button.tsx";
import { INPUT } from "../ui/field.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { useSettled } from "../ui/use-settled.ts";
import { filterPath, isFiltered, SOURCES, STATUSES, withPart } from "./filter.ts";
import { languageName } from "./words.ts";

interface FiltersProps {
  readonly filter: DocumentFilter;
  readonly summary: DocumentSummary | undefined;
}

function show(filter: DocumentFilter): void {
  navigate(filterPath(filter), { replace: true });
}

/** Narrows the list; what is chosen stands in the address. */
export function DocumentFilters({ filter, summary }: FiltersProps) {
  const choose = (name: keyof DocumentFilter) => (value: string | undefined) =>
    show(withPart(filter, name, value));
  const named = (items: DocumentSummary["byTag"] | undefined, words: (name: string) => string) =>
    (items ?? []).map(({ name, documents }) => [name, `${words(name)} (${documents})`] as const);
  const tags = named(summary?.byTag, (name) => name);
  const languages = named(summary?.byLanguage, languageName);
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2">
      <TitleSearch filter={filter} />
      <Choice
        label="State"
        any="Any state"
        value={filter.status}
        choices={STATUSES}
        onChoose={choose("status")}
      />
      <Choice
        label="Kind"
        any="Any kind"
        value={filter.source}
        choices={SOURCES}
        onChoose={choose("source")}
      />
      <Choice label="Tag" any="Any tag" value={filter.tag} choices={tags} onChoose={choose("tag")} />
      {(languages.length > 1 || filter.language !== undefined) && (
        <Choice
          label="Language"
          any="Any language"
          value={filter.language}
          choices={languages}
          onChoose={choose("language")}
        />
      )}
      {isFiltered(filter) && (
        <Button look="quiet" className="max-sm:justify-self-start" onClick={() => show({})}>
          <X size={14} aria-hidden="true" />
          Show all
        </Button>
      )}
    </search>
  );
}

function TitleSearch({ filter }: { readonly filter: DocumentFilter }) {
  const known = filter.q ?? "";
  const [text, setText] = useState(known);
  const settled = useSettled(text.trim(), 250);
  // The address may change without the field: back, or "Show all".
  useEffect(() => setText((current) => (current.trim() === known ? current : known)), [known]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address.
  useEffect(() => {
    if (settled === text.trim() && settled !== known) show(withPart(filter, "q", settled));
  }, [settled]);
  return (
    <div className="min-w-44 flex-1 basis-52 max-sm:col-span-2">
      <SearchField label="Search in titles and addresses" value={text} maxLength={200} onChange={setText} />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly choices: readonly (readonly [string, string])[];
  readonly onChoose: (value: string | undefined) => void;
}

function Choice({ label, any, value, choices, onChoose }: ChoiceProps) {
  if (choices.length === 0 && value === undefined) return null;
  const known = value === undefined || choices.some(([choice]) => choice === value);
  return (
    <select
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChoose(event.target.value === "" ? undefined : event.target.value)}
      className={`${INPUT} h-8 w-auto max-w-44 pr-2 text-sm max-sm:h-10 max-sm:w-full max-sm:max-w-none ${value === undefined ? "" : "border-accent font-medium"}`}
    >
      <option value="">{any}</option>
      {choices.map(([choice, words]) => (
        <option key={choice} value={choice}>
          {words}
        </option>
      ))}
      {!known && <option value={value}>{value}</option>}
    </select>
  );
}
