import { SearchX, TextSearch } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useSearch } from "../api/search.ts";
import type { SearchRequest, SearchResponse } from "../api/types.ts";
import { navigate, useSearchParameters } from "../router/history.ts";
import { Button } from "../ui/button.tsx";
import { Empty, ErrorNotice } from "../ui/notice.tsx";
import { Card } from "../ui/page.tsx";
import { SkeletonRows } from "../ui/query-view.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { SearchHitCard } from "./search-hit.tsx";
import { SearchOptions } from "./search-options.tsx";
import { searchFrom, searchPath, wordsInSentences } from "./search-request.ts";
import { SearchTimes } from "./search-times.tsx";
import { countOf } from "./words.ts";

/** Searches as the assistant would, and says why each passage was found. */
export function SearchPart() {
  const request = searchFrom(useSearchParameters());
  const asked = request.query !== "";
  const search = useSearch(asked ? request : undefined);
  const ask = (next: SearchRequest) => {
    const path = searchPath(next);
    if (path === searchPath(request) && asked) void search.refetch();
    else navigate(path, { replace: asked });
  };
  return (
    <>
      <SearchForm request={request} busy={search.isFetching} onAsk={ask} />
      {search.error && (
        <ErrorNotice
          title="The search did not work"
          error={search.error}
          retrying={search.isFetching}
          onRetry={() => void search.refetch()}
        />
      )}
      {!asked && (
        <Empty icon={<TextSearch size={20} aria-hidden="true" />} title="What would a visitor ask?">
          <p>
            Type a question above and press Enter. You see the passages that the assistant would get, the best
            first, with the words that fit.
          </p>
        </Empty>
      )}
      {asked && search.isPending && !search.error && (
        <Card className="late">
          <span className="sr-only">Searching</span>
          <SkeletonRows height="h-24" />
        </Card>
      )}
      {asked && search.data && (
        <div
          className={search.isPlaceholderData ? "opacity-60" : ""}
          aria-busy={search.isFetching || undefined}
        >
          <Results request={request} found={search.data} />
        </div>
      )}
    </>
  );
}

interface FormProps {
  readonly request: SearchRequest;
  readonly busy: boolean;
  readonly onAsk: (request: SearchRequest) => void;
}

function SearchForm({ request, busy, onAsk }: FormProps) {
  const [text, setText] = useState(request.query);
  // Back and forward change the address without the field.
  useEffect(() => setText(request.query), [request.query]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") onAsk({ ...request, query: text.trim() });
  };
  return (
    <search>
      <form onSubmit={submit} className="mb-5 grid gap-3">
        <div className="flex gap-2">
          <div className="min-w-0 flex-1">
            <SearchField
              label="A question, as a visitor would ask it"
              value={text}
              maxLength={2_000}
              onChange={setText}
            />
          </div>
          <Button type="submit" look="primary" busy={busy}>
            Search
          </Button>
        </div>
        <SearchOptions
          request={request}
          onChange={(options) => {
            const next = { ...request, ...options, query: text.trim() };
            navigate(searchPath(next), { replace: true });
          }}
        />
      </form>
    </search>
  );
}

function Results({ request, found }: { readonly request: SearchRequest; readonly found: SearchResponse }) {
  const { items, notes, words, timings } = found;
  const sentences = [...notes, ...wordsInSentences(words)];
  return (
    <div className="grid grid-cols-1 items-start gap-x-8 gap-y-5 lg:grid-cols-[minmax(0,1fr)_17rem]">
      <div className="grid gap-3">
        <h2 className="sr-only">What was found</h2>
        <p role="status" className="text-sm text-muted">
          {items.length === 0
            ? "No passage found"
            : `${countOf(items.length, "passage", "passages")}, the best first`}
        </p>
        {items.length === 0 ? (
          <Card>
            <Empty icon={<SearchX size={20} aria-hidden="true" />} title="Nothing fits this question">
              <p>
                {request.minScore > 0
                  ? "Passages that fit less well are hidden: lower “Fits at least” to see them."
                  : "Ask with other words, or add a document that holds the answer."}
              </p>
            </Empty>
          </Card>
        ) : (
          <ol className="grid gap-3">
            {items.map((hit, at) => (
              <SearchHitCard key={hit.chunkId} hit={hit} place={at + 1} words={words} />
            ))}
          </ol>
        )}
      </div>
      <aside aria-label="About this search" className="grid gap-5">
        {sentences.length > 0 && (
          <ul className="grid gap-1.5 text-sm">
            {sentences.map((sentence) => (
              <li key={sentence} className="border-l-2 border-line pl-2.5 text-pretty break-words">
                {sentence}
              </li>
            ))}
          </ul>
        )}
        <SearchTimes timings={timings} />
      </aside>
    </div>
  );
}
