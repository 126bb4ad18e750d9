import { useState } from "react";
import type { CitationBody } from "../api/types.ts";
import { Markdown } from "../ui/markdown.tsx";
import { CitedPassageDrawer } from "./cited-passage.tsx";

interface CitedTextProps {
  readonly text: string;
  readonly citations: readonly CitationBody[];
  readonly partial?: boolean;
}

/** An answer with its numbered sources under it; each opens the passage it comes from. */
export function CitedText({ text, citations, partial = false }: CitedTextProps) {
  const [open, setOpen] = useState<CitationBody>();
  return (
    <>
      <Markdown text={text} citations={citations} partial={partial} onCitation={setOpen} />
      {citations.length > 0 && <CitationChips citations={citations} onOpen={setOpen} />}
      {open && <CitedPassageDrawer cited={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

interface ChipsProps {
  readonly citations: readonly CitationBody[];
  readonly onOpen: (citation: CitationBody) => void;
}

function CitationChips({ citations, onOpen }: ChipsProps) {
  return (
    <ul aria-label="Sources" className="mt-2.5 flex flex-wrap gap-1.5">
      {citations.map((citation) => (
        <li key={citation.n} className="max-w-full">
          <button
            type="button"
            onClick={() => onOpen(citation)}
            title={citation.quote}
            className="flex min-h-7 max-w-full items-baseline gap-1.5 rounded-control border border-line bg-raised px-2 py-1 text-left text-xs hover:bg-hover"
          >
            <span className="font-semibold text-accent-text tabular-nums">{citation.n}</span>
            <span className="min-w-0 break-words">{citation.title}</span>
            {citation.page !== undefined && (
              <span className="shrink-0 text-muted tabular-nums">p. {citation.page}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}
