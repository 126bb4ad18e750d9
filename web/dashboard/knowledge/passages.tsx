import { useEffect, useRef } from "react";
import { useChunks } from "../api/documents.ts";
import { allItems } from "../api/pages.ts";
import type { ChunkBody, CitationBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Drawer } from "../ui/dialog.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { findQuote } from "../ui/quote.ts";

/** Up to this many pages of passages are looked through for a cited one. */
const SEARCHED_PAGES = 30;

interface PassagesProps {
  readonly document: { readonly id: string; readonly title: string; readonly note?: string | undefined };
  readonly cited?: CitationBody;
  readonly onClose: () => void;
}

/** The passages a document was cut into; a cited one is scrolled to, its sentence marked. */
export function PassagesDrawer({ document, cited, onClose }: PassagesProps) {
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={document.title}
      intro={
        cited
          ? "The cited sentence, in its document."
          : "What the assistant can find and quote, piece by piece."
      }
    >
      {document.note !== undefined && !cited && (
        <p className="mx-5 mt-5 rounded-control border border-line p-3 text-sm break-words text-muted">
          {document.note}
        </p>
      )}
      <PassageList documentId={document.id} {...(cited && { cited })} />
    </Drawer>
  );
}

function PassageList({ documentId, cited }: { readonly documentId: string; readonly cited?: CitationBody }) {
  const query = useChunks(documentId);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data } = query;
  const found = cited === undefined || allItems(data?.pages).some((chunk) => chunk.id === cited.chunkId);
  const keepLooking = !found && hasNextPage && (data?.pages.length ?? 0) < SEARCHED_PAGES;
  useEffect(() => {
    if (keepLooking && !isFetchingNextPage) void fetchNextPage();
  }, [keepLooking, isFetchingNextPage, fetchNextPage]);
  return (
    <div className="p-5">
      {cited && !found && !keepLooking && data && (
        <blockquote className="mb-4 border-l-2 border-accent pl-3 text-base">{cited.quote}</blockquote>
      )}
      <QueryView
        query={query}
        failure="The passages could not be loaded"
        skeleton={<SkeletonRows height="h-24" />}
      >
        {(loaded) => {
          const chunks = allItems(loaded.pages);
          if (chunks.length === 0) return <p className="text-muted">There are no passages yet.</p>;
          return (
            <ol className="grid gap-5">
              {chunks.map((chunk) => (
                <Passage
                  key={chunk.id}
                  chunk={chunk}
                  cited={cited?.chunkId === chunk.id ? cited : undefined}
                />
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
    </div>
  );
}

function Passage({ chunk, cited }: { readonly chunk: ChunkBody; readonly cited: CitationBody | undefined }) {
  const item = useRef<HTMLLIElement>(null);
  const wanted = cited !== undefined;
  useEffect(() => {
    if (wanted) item.current?.scrollIntoView({ block: "center" });
  }, [wanted]);
  const mark = cited && findQuote(chunk.text, cited.quote);
  return (
    <li ref={item} className={wanted ? "rounded-control bg-accent-soft p-3" : ""}>
      <p className="mb-1 flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
        <span>{chunk.position + 1}</span>
        {chunk.heading && <span className="font-medium text-ink">{chunk.heading}</span>}
        {chunk.page !== undefined && <span>page {chunk.page}</span>}
        {!chunk.embedded && <span>found by its words only</span>}
      </p>
      <p className="text-base break-words whitespace-pre-line">
        {mark ? (
          <>
            {mark.before}
            <mark className="bg-accent font-medium text-on-accent">{mark.quote}</mark>
            {mark.after}
          </>
        ) : (
          chunk.text
        )}
      </p>
    </li>
  );
}
