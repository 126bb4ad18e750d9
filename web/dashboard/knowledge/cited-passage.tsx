import { ArrowRight } from "lucide-react";
import { ApiError } from "../api/client.ts";
import { useChunk } from "../api/document.ts";
import type { ChunkBody, CitationBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { documentPath } from "../router/routes.ts";
import { buttonClass } from "../ui/button.tsx";
import { Drawer } from "../ui/dialog.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { findQuote } from "../ui/quote.ts";

interface CitedPassageProps {
  readonly cited: CitationBody;
  readonly onClose: () => void;
}

/** A cited sentence in its passage, with the way to the whole document. */
export function CitedPassageDrawer({ cited, onClose }: CitedPassageProps) {
  const query = useChunk(cited.documentId, cited.chunkId, 0);
  const gone = query.error instanceof ApiError && query.error.status === 404;
  const path = documentPath(cited.documentId, { chunk: cited.chunkId, quote: cited.quote });
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={cited.title}
      intro={gone ? "The cited sentence." : "The cited sentence, in its passage."}
    >
      <div className="grid gap-5 p-5">
        {gone ? (
          <Gone quote={cited.quote} />
        ) : (
          <>
            <QueryView
              query={query}
              failure="The passage could not be loaded"
              skeleton={<SkeletonRows height="h-24" />}
            >
              {(chunk) => <Passage chunk={chunk} quote={cited.quote} />}
            </QueryView>
            <div>
              <Link href={path} className={buttonClass({})}>
                Show in the document
                <ArrowRight size={14} aria-hidden="true" />
              </Link>
            </div>
          </>
        )}
      </div>
    </Drawer>
  );
}

function Gone({ quote }: { readonly quote: string }) {
  return (
    <>
      <blockquote className="border-l-2 border-accent pl-3 text-base break-words">{quote}</blockquote>
      <p className="text-sm text-pretty text-muted">
        The passage it was quoted from is not there any more: the document was changed or deleted since.
      </p>
    </>
  );
}

function Passage({ chunk, quote }: { readonly chunk: ChunkBody; readonly quote: string }) {
  const mark = findQuote(chunk.text, quote);
  return (
    <div>
      <p className="mb-1 flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
        {chunk.heading && <span className="font-medium text-ink">{chunk.heading}</span>}
        {chunk.page !== undefined && <span>page {chunk.page}</span>}
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
    </div>
  );
}
