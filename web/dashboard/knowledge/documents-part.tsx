import { BookOpen, SearchX } from "lucide-react";
import { useRef, useState } from "react";
import { type DocumentFilter, useDocumentSummary, useDocuments } from "../api/documents.ts";
import { allItems } from "../api/pages.ts";
import type { DocumentBody, DocumentSummary } from "../api/types.ts";
import { useSearchParameters } from "../router/history.ts";
import { Link } from "../router/link.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { Empty } from "../ui/notice.tsx";
import { Card } from "../ui/page.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { acceptedFiles } from "./accepted-files.ts";
import type { AddKind } from "./add/add-dialog.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { DocumentFilters } from "./document-filters.tsx";
import { DocumentTable } from "./document-table.tsx";
import { filterFrom, filterPath, isFiltered } from "./filter.ts";
import { between, isAllSelected, NOTHING_SELECTED, type Selection, withDocuments } from "./selection.ts";
import { countOf, summaryInWords } from "./words.ts";

/** All documents: found, narrowed, chosen and deleted together. */
export function DocumentsPart({ onAdd }: Pick<ListProps, "onAdd">) {
  const filter = filterFrom(useSearchParameters());
  const summary = useDocumentSummary();
  const empty = summary.data?.documents === 0 && !isFiltered(filter);
  return (
    <>
      {!empty && <DocumentFilters filter={filter} summary={summary.data} />}
      {!isFiltered(filter) && <Counts summary={summary.data} />}
      <DocumentList key={filterPath({ ...filter, q: "" })} filter={filter} onAdd={onAdd} />
    </>
  );
}

function Counts({ summary }: { readonly summary: DocumentSummary | undefined }) {
  if (summary === undefined || summary.documents === 0) return null;
  const { failed } = summary.byStatus;
  return (
    <p className="mb-3 text-sm text-muted tabular-nums">
      {summaryInWords(summary)}
      {failed > 0 && (
        <>
          {" · "}
          <Link href={filterPath({ status: "failed" })} className="text-failed underline">
            {countOf(failed, "with a problem", "with a problem")}
          </Link>
        </>
      )}
    </p>
  );
}

interface ListProps {
  readonly filter: DocumentFilter;
  readonly onAdd: (kind: AddKind) => void;
}

function DocumentList({ filter, onAdd }: ListProps) {
  const query = useDocuments(filter);
  const [deleting, setDeleting] = useState<DocumentBody>();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const last = useRef<string>(undefined);
  const documents = allItems(query.data?.pages);
  const select = (picked: readonly DocumentBody[], chosen: boolean, range: boolean) => {
    const [only] = picked;
    const more =
      range && only !== undefined && last.current !== undefined
        ? between(documents, last.current, only.id)
        : picked;
    last.current = only?.id;
    setSelection(withDocuments(selection, more, chosen));
  };
  return (
    <>
      {selection.size > 0 && (
        <BulkBar
          selection={selection}
          filter={filter}
          more={query.hasNextPage && isAllSelected(selection, documents)}
          onChange={setSelection}
        />
      )}
      {isFiltered(filter) && documents.length > 0 && !query.isPlaceholderData && (
        <p role="status" className="mb-3 text-sm text-muted tabular-nums">
          {query.hasNextPage && "More than "}
          {countOf(documents.length, "document fits", "documents fit")}
        </p>
      )}
      <QueryView
        query={query}
        failure="The documents could not be loaded"
        skeleton={
          <Card>
            <SkeletonRows />
          </Card>
        }
      >
        {() =>
          documents.length === 0 ? (
            <Nothing filter={filter} onAdd={onAdd} />
          ) : (
            <DocumentTable
              documents={documents}
              selection={selection}
              onSelect={select}
              onDelete={setDeleting}
            />
          )
        }
      </QueryView>
      {query.hasNextPage && (
        <Button className="mt-4" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more documents
        </Button>
      )}
      {deleting && (
        <DeleteDialog
          document={deleting}
          onClose={() => setDeleting(undefined)}
          onDeleted={() => {
            setSelection(withDocuments(selection, [deleting], false));
            setDeleting(undefined);
          }}
        />
      )}
    </>
  );
}

function Nothing({ filter, onAdd }: ListProps) {
  if (isFiltered(filter)) {
    return (
      <Card>
        <Empty
          icon={<SearchX size={20} aria-hidden="true" />}
          title="No document fits"
          action={
            <Link href={filterPath({})} className={buttonClass({})}>
              Show all documents
            </Link>
          }
        >
          <p className="break-words">
            No document has all of what is chosen above.
            {filter.q !== undefined &&
              ` “${filter.q}” is looked for in titles and addresses; to search in the texts, use “Test search”.`}
          </p>
        </Empty>
      </Card>
    );
  }
  return (
    <div className="rounded-card border-2 border-dashed border-line bg-raised">
      <Empty
        icon={<BookOpen size={20} aria-hidden="true" />}
        title="Nothing to answer from yet"
        action={
          <>
            <Button onClick={() => onAdd("text")}>Write text</Button>
            <Button onClick={() => onAdd("site")}>Read my web site</Button>
            <Button look="primary" onClick={() => onAdd("files")}>
              Add documents
            </Button>
          </>
        }
      >
        <p>
          Drop files or whole folders anywhere on this page: price lists, policies, manuals, frequent
          questions. {acceptedFiles()}.
        </p>
      </Empty>
    </div>
  );
}
