import { BookOpen, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { useDeleteDocument, useDocuments } from "../api/documents.ts";
import { allItems } from "../api/pages.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Empty } from "../ui/notice.tsx";
import { Card, Page } from "../ui/page.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { DocumentTable } from "./document-table.tsx";
import { DropOverlay, usePageDrop } from "./drop-zone.tsx";
import { PassagesDrawer } from "./passages.tsx";
import { PasteDialog } from "./paste-dialog.tsx";
import { UploadList } from "./upload-list.tsx";
import { addFiles } from "./uploads.ts";

const ACCEPT =
  ".pdf,.docx,.docm,.dotx,.pptx,.pptm,.ppsx,.potx,.xlsx,.xlsm,.xltx,.odt,.ods,.odp,.epub,.html,.htm,.md,.markdown,.txt,.rtf,.csv,.tsv,.json,.jsonl,.xml,.eml,.zip";

export function KnowledgePage() {
  const [pasting, setPasting] = useState(false);
  const over = usePageDrop(addFiles);
  const picker = useRef<HTMLInputElement>(null);
  const actions = (
    <>
      <Button onClick={() => setPasting(true)}>Paste text</Button>
      <Button look="primary" onClick={() => picker.current?.click()}>
        <Plus size={16} aria-hidden="true" />
        Add documents
      </Button>
    </>
  );
  return (
    <Page
      title="Knowledge"
      intro="The assistant answers from these documents and says where each answer comes from."
      action={actions}
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label="Documents to add"
        onChange={(event) => {
          addFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <UploadList />
      <Documents actions={actions} />
      {over && <DropOverlay />}
      {pasting && <PasteDialog onClose={() => setPasting(false)} />}
    </Page>
  );
}

function Documents({ actions }: { readonly actions: React.ReactNode }) {
  const query = useDocuments();
  const [shown, setShown] = useState<DocumentBody>();
  const [deleting, setDeleting] = useState<DocumentBody>();
  return (
    <>
      <QueryView
        query={query}
        failure="The documents could not be loaded"
        skeleton={
          <Card>
            <SkeletonRows />
          </Card>
        }
      >
        {({ pages }) => {
          const documents = allItems(pages);
          if (documents.length === 0) return <NoDocuments actions={actions} />;
          return <DocumentTable documents={documents} onPassages={setShown} onDelete={setDeleting} />;
        }}
      </QueryView>
      {query.hasNextPage && (
        <Button className="mt-4" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show more documents
        </Button>
      )}
      {shown && <PassagesDrawer document={shown} onClose={() => setShown(undefined)} />}
      {deleting && <DeleteDialog document={deleting} onClose={() => setDeleting(undefined)} />}
    </>
  );
}

function NoDocuments({ actions }: { readonly actions: React.ReactNode }) {
  return (
    <div className="rounded-card border-2 border-dashed border-line bg-raised">
      <Empty
        icon={<BookOpen size={20} aria-hidden="true" />}
        title="Nothing to answer from yet"
        action={actions}
      >
        <p>
          Drop files anywhere on this page: price lists, policies, manuals, frequent questions. PDF, Word,
          PowerPoint, Excel, OpenDocument, EPUB, web pages, text, data, e-mails or ZIP, up to 50 MB each.
        </p>
      </Empty>
    </div>
  );
}

interface DeleteDialogProps {
  readonly document: DocumentBody;
  readonly onClose: () => void;
}

function DeleteDialog({ document, onClose }: DeleteDialogProps) {
  const remove = useDeleteDocument();
  const passages =
    document.chunks === 1 ? "its one passage" : `its ${document.chunks.toLocaleString()} passages`;
  return (
    <Confirm
      open
      title={`Delete “${document.title}”?`}
      confirm="Delete document"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(document, { onSuccess: onClose })}
      onCancel={onClose}
    >
      The original file{document.chunks > 0 && ` and ${passages}`} are removed for good. The assistant stops
      answering from it at once; answers already given keep their text.
    </Confirm>
  );
}
