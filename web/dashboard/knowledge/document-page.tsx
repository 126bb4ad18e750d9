import { ArrowLeft, FileX } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { useDocument } from "../api/document.ts";
import type { DocumentBody } from "../api/types.ts";
import { navigate, useSearchParameters } from "../router/history.ts";
import { Link } from "../router/link.tsx";
import { documentPath, knowledgePath } from "../router/routes.ts";
import { buttonClass } from "../ui/button.tsx";
import { Empty } from "../ui/notice.tsx";
import { usePageTitle } from "../ui/page.tsx";
import { QueryView, Skeleton } from "../ui/query-view.tsx";
import { TabLinks } from "../ui/tab-links.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { DocumentActions } from "./document-actions.tsx";
import { DocumentFacts } from "./document-facts.tsx";
import { DocumentQuestionsCard } from "./document-questions.tsx";
import { DocumentText } from "./document-text.tsx";
import { DocumentTitle } from "./document-title.tsx";
import { PairView } from "./pair-view.tsx";
import { PassageList } from "./passages.tsx";
import { StateCell } from "./state-cell.tsx";
import { TagsEditor } from "./tags-editor.tsx";

/** One document: what it is, its text and passages, and which questions were answered from it. */
export function DocumentPage({ id }: { readonly id: string }) {
  const query = useDocument(id);
  usePageTitle(query.data?.title ?? "Document");
  const gone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <div className="mx-auto w-full max-w-[1120px] px-8 pt-6 pb-16 max-sm:px-4 max-sm:pt-4">
      <Link
        href={knowledgePath("documents")}
        className="mb-3 inline-flex min-h-8 items-center gap-1.5 text-sm font-medium text-muted hover:text-ink max-sm:min-h-10"
      >
        <ArrowLeft size={14} aria-hidden="true" />
        All documents
      </Link>
      {gone ? (
        <NotThere />
      ) : (
        <QueryView query={query} failure="The document could not be loaded" skeleton={<PageSkeleton />}>
          {(document) => <Content document={document} />}
        </QueryView>
      )}
    </div>
  );
}

function NotThere() {
  return (
    <>
      <h1 className="sr-only">Document</h1>
      <Empty
        icon={<FileX size={20} aria-hidden="true" />}
        title="This document is not there"
        action={
          <Link href={knowledgePath("documents")} className={buttonClass({})}>
            Show all documents
          </Link>
        }
      >
        <p>It was deleted, or the address is not complete. Answers already given keep their text.</p>
      </Empty>
    </>
  );
}

function PageSkeleton() {
  return (
    <div className="grid gap-4">
      <h1 className="sr-only">Document</h1>
      <Skeleton className="h-7 w-1/2" />
      <Skeleton className="h-4 w-1/3" />
      <Skeleton className="mt-4 h-72 w-full" />
    </div>
  );
}

/** Its text, or its passages one by one. */
function Reading({ document }: { readonly document: DocumentBody }) {
  const parameters = useSearchParameters();
  const path = documentPath(document.id);
  const view = parameters.get("view") === "passages" ? "passages" : "text";
  return (
    <>
      <TabLinks
        label="Parts of the document"
        tabs={[
          { href: path, label: "Text", current: view === "text" },
          {
            href: `${path}?view=passages`,
            label: "Passages",
            badge: <span className="text-xs tabular-nums">{document.chunks.toLocaleString()}</span>,
            current: view === "passages",
          },
        ]}
      />
      {view === "text" ? (
        <DocumentText
          document={document}
          chunkId={parameters.get("chunk") ?? undefined}
          quote={parameters.get("quote") ?? undefined}
        />
      ) : (
        <PassageList document={document} />
      )}
    </>
  );
}

function Content({ document }: { readonly document: DocumentBody }) {
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="grid min-w-0 flex-1 basis-80 grid-cols-1 gap-1.5 max-sm:basis-full">
          <DocumentTitle key={document.title} document={document} />
          <div className="text-sm">
            <StateCell whole document={document} onDelete={() => setDeleting(true)} />
          </div>
        </div>
        <DocumentActions document={document} onDelete={() => setDeleting(true)} />
      </header>
      <div className="grid grid-cols-1 items-start gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="min-w-0 max-lg:order-2">
          {document.qa ? <PairView pair={document.qa} /> : <Reading document={document} />}
        </div>
        <aside aria-label="About this document" className="grid gap-6 max-lg:contents">
          <div className="grid gap-5 max-lg:order-1">
            <DocumentFacts document={document} />
            <TagsEditor document={document} />
          </div>
          <div className="max-lg:order-3">
            <DocumentQuestionsCard documentId={document.id} />
          </div>
        </aside>
      </div>
      {deleting && (
        <DeleteDialog
          document={document}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate(knowledgePath("documents"))}
        />
      )}
    </>
  );
}
