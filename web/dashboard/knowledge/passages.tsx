import { useChunks } from "../api/documents.ts";
import { allItems } from "../api/pages.ts";
import type { ChunkBody, DocumentBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { documentPath } from "../router/routes.ts";
import { Button } from "../ui/button.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { countOf } from "./words.ts";

/** The passages a document was cut into: what the assistant can find and quote, piece by piece. */
export function PassageList({ document }: { readonly document: DocumentBody }) {
  const query = useChunks(document);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return (
    <>
      <p className="mb-4 text-sm text-pretty text-muted">
        What the assistant can find and quote, piece by piece. Neighbouring passages may share some sentences.
      </p>
      <QueryView
        query={query}
        failure="The passages could not be loaded"
        skeleton={<SkeletonRows height="h-24" />}
      >
        {({ pages }) => {
          const chunks = allItems(pages);
          if (chunks.length === 0) return <p className="text-muted">There are no passages yet.</p>;
          return (
            <ol className="grid gap-3">
              {chunks.map((chunk) => (
                <Passage key={chunk.id} documentId={document.id} chunk={chunk} />
              ))}
            </ol>
          );
        }}
      </QueryView>
      {hasNextPage && (
        <Button className="mt-5" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more passages
        </Button>
      )}
    </>
  );
}

function Passage({ documentId, chunk }: { readonly documentId: string; readonly chunk: ChunkBody }) {
  const { id, position, heading, page, tokens, embedded, text } = chunk;
  return (
    <li className="rounded-card border border-line bg-raised p-4">
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs text-muted tabular-nums">
        <span className="font-medium text-ink">{position + 1}</span>
        {heading && <span className="min-w-0 font-medium break-words text-ink">{heading}</span>}
        {page !== undefined && <span>page {page}</span>}
        <span title="The pieces of words that the language model counts by">
          {countOf(tokens, "token", "tokens")}
        </span>
        {!embedded && <span>found by its words only</span>}
        <Link
          href={documentPath(documentId, { chunk: id })}
          aria-label={`Show passage ${position + 1} in the text`}
          className="ml-auto font-medium text-accent-text hover:underline"
        >
          In the text
        </Link>
      </div>
      <p className="text-base break-words whitespace-pre-line">{text}</p>
    </li>
  );
}
