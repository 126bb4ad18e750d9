import { useEffect, useMemo, useRef } from "react";
import { ApiError } from "../api/client.ts";
import { useChunk, useDocumentText } from "../api/document.ts";
import type { ChunkBody, DocumentBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { documentPath } from "../router/routes.ts";
import { Button } from "../ui/button.tsx";
import { type Mark, MarkedText } from "../ui/marked-text.tsx";
import { QueryView, Skeleton } from "../ui/query-view.tsx";
import { findQuote } from "../ui/quote.ts";

interface DocumentTextProps {
  readonly document: DocumentBody;
  /** The passage to show. */
  readonly chunkId: string | undefined;
  /** The sentence in it that was cited or found. */
  readonly quote: string | undefined;
}

/** So much of the text stands above the passage at first. */
const BEFORE = 1_500;

/** The plain text as it was read, with the passage in view. */
export function DocumentText(props: DocumentTextProps) {
  return props.document.chunks === 0 ? <NotRead document={props.document} /> : <ReadText {...props} />;
}

function ReadText({ document, chunkId, quote }: DocumentTextProps) {
  const chunk = useChunk(document.id, chunkId, document.version);
  const gone = chunk.error instanceof ApiError && chunk.error.status === 404;
  if (chunkId !== undefined && chunk.data === undefined && !gone) {
    return (
      <QueryView query={chunk} failure="The passage could not be loaded" skeleton={<TextSkeleton />}>
        {() => null}
      </QueryView>
    );
  }
  return (
    <>
      {gone && (
        <p className="mb-4 border-l-2 border-unsure pl-2.5 text-sm text-pretty">
          The passage you came for is not in this document any more: it was changed since.
        </p>
      )}
      {chunk.data && <PassageNote document={document} chunk={chunk.data} />}
      <TextFrom
        key={chunkId ?? ""}
        document={document}
        passage={gone ? undefined : chunk.data}
        quote={quote}
      />
    </>
  );
}

function PassageNote({ document, chunk }: { readonly document: DocumentBody; readonly chunk: ChunkBody }) {
  return (
    <p className="mb-4 flex flex-wrap items-baseline gap-x-3 gap-y-1 text-sm text-muted tabular-nums">
      <span>Passage {chunk.position + 1} is marked</span>
      {chunk.heading && <span className="min-w-0 break-words">{chunk.heading}</span>}
      {chunk.page !== undefined && <span>page {chunk.page}</span>}
      <Link href={documentPath(document.id)} className="text-accent-text hover:underline">
        From the beginning, without mark
      </Link>
    </p>
  );
}

interface TextFromProps {
  readonly document: DocumentBody;
  readonly passage: ChunkBody | undefined;
  readonly quote: string | undefined;
}

function TextFrom({ document, passage, quote }: TextFromProps) {
  const start = passage === undefined ? 0 : Math.max(0, passage.start - BEFORE);
  const query = useDocumentText(document.id, document.version, start);
  return (
    <QueryView query={query} failure="The text could not be loaded" skeleton={<TextSkeleton />}>
      {({ pages }) => (
        <>
          {query.hasPreviousPage && (
            <Button
              className="mb-4"
              size="small"
              busy={query.isFetchingPreviousPage}
              onClick={() => void query.fetchPreviousPage()}
            >
              Show the text before
            </Button>
          )}
          <PlainText
            from={pages[0]?.from ?? 0}
            text={pages.map((page) => page.text).join("")}
            passage={passage}
            quote={quote}
          />
          {query.hasNextPage && (
            <Button
              className="mt-4"
              size="small"
              busy={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more of the text
            </Button>
          )}
        </>
      )}
    </QueryView>
  );
}

interface PlainTextProps extends Omit<TextFromProps, "document"> {
  /** Offset at which `text` begins in the whole. */
  readonly from: number;
  readonly text: string;
}

const PASSAGE = "passage bg-accent-soft text-ink box-decoration-clone";
const QUOTE = "bg-accent font-medium text-on-accent";

function PlainText({ from, text, passage, quote }: PlainTextProps) {
  const box = useRef<HTMLDivElement>(null);
  const wanted = passage?.id;
  useEffect(() => {
    if (wanted === undefined) return;
    const marked = box.current?.querySelector("mark.bg-accent") ?? box.current?.querySelector("mark");
    marked?.scrollIntoView({ block: "center" });
  }, [wanted]);
  const marks = useMemo(() => marksOf(passage, quote, from), [passage, quote, from]);
  return (
    <div
      ref={box}
      className="rounded-card border border-line bg-raised p-5 text-base leading-relaxed break-words whitespace-pre-wrap max-sm:p-4"
    >
      <MarkedText text={text} marks={marks} />
    </div>
  );
}

/** The passage, and the quoted sentence in it, at their places in the text in view. */
function marksOf(passage: ChunkBody | undefined, quote: string | undefined, from: number): readonly Mark[] {
  if (passage === undefined) return [];
  const start = passage.start - from;
  const whole = { start, end: passage.end - from, look: PASSAGE };
  const found = quote === undefined ? undefined : findQuote(passage.text, quote);
  if (found === undefined) return [whole];
  const begin = start + found.before.length;
  const end = begin + found.quote.length;
  return [
    { ...whole, end: begin },
    { ...whole, start: end },
    { start: begin, end, look: QUOTE },
  ];
}

function NotRead({ document }: { readonly document: DocumentBody }) {
  return (
    <p className="text-pretty text-muted">
      {document.status === "failed"
        ? "There is no text to show: the document could not be read."
        : "The text appears here as soon as the document is read."}
    </p>
  );
}

function TextSkeleton() {
  return (
    <div className="grid gap-3 rounded-card border border-line bg-raised p-5">
      {["w-4/5", "w-full", "w-11/12", "w-2/3", "w-3/4"].map((width) => (
        <Skeleton key={width} className={`h-3 ${width}`} />
      ))}
    </div>
  );
}
