import { useId } from "react";
import type { SearchRequest } from "../api/types.ts";
import { ChoiceRow } from "../ui/choice-row.tsx";
import { INPUT } from "../ui/field.tsx";
import { LIMITS, MODES } from "./search-request.ts";

type Options = Pick<SearchRequest, "mode" | "limit" | "minScore">;

interface SearchOptionsProps {
  readonly request: SearchRequest;
  readonly onChange: (options: Partial<Options>) => void;
}

/** How is searched; every change searches again. */
export function SearchOptions({ request, onChange }: SearchOptionsProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-3 text-sm">
      <ChoiceRow
        label="Compare"
        choices={MODES}
        value={request.mode}
        onChoose={(mode) => onChange({ mode })}
      />
      <label className="flex items-center gap-2">
        <span className="text-muted">Show</span>
        <select
          value={request.limit}
          aria-label="How many passages to show"
          onChange={(event) => onChange({ limit: Number(event.target.value) })}
          className={`${INPUT} h-8 w-auto pr-2 text-sm max-sm:h-10`}
        >
          {LIMITS.map((limit) => (
            <option key={limit} value={limit}>
              {limit}
            </option>
          ))}
        </select>
      </label>
      <LeastScore value={request.minScore} onChange={(minScore) => onChange({ minScore })} />
    </div>
  );
}

function LeastScore({
  value,
  onChange,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  const id = useId();
  const percent = Math.round(value * 100);
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="text-muted">
        Fits at least
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={95}
        step={5}
        value={percent}
        aria-valuetext={`${percent} of 100`}
        onChange={(event) => onChange(Number(event.target.value) / 100)}
        className="w-28 accent-accent max-sm:h-10"
      />
      <output htmlFor={id} className="w-8 tabular-nums">
        {percent === 0 ? "any" : percent}
      </output>
    </div>
  );
}
