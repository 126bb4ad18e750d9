import { Download, Pencil, RefreshCw, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useAddDocument } from "../api/adding.ts";
import { isWorking } from "../api/documents.ts";
import { tenantUrl } from "../api/tenant.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { EditPairDialog, EditTextDialog } from "./edit-dialogs.tsx";
import { useReplace } from "./use-replace.ts";
import { hasOriginal } from "./words.ts";

interface ActionsProps {
  readonly document: DocumentBody;
  readonly onDelete: () => void;
}

/** What can be done with a document: changed in the way of its kind, downloaded, deleted. */
export function DocumentActions({ document, onDelete }: ActionsProps) {
  return (
    <div className="flex flex-wrap gap-2 max-sm:w-full">
      <ChangeButton document={document} />
      {hasOriginal(document) && (
        <a href={tenantUrl(`/documents/${document.id}/original`)} download className={buttonClass({})}>
          <Download size={14} aria-hidden="true" />
          Download
        </a>
      )}
      <Button onClick={onDelete}>
        <Trash2 size={14} aria-hidden="true" />
        Delete…
      </Button>
    </div>
  );
}

function ChangeButton({ document }: Pick<ActionsProps, "document">) {
  if (document.source === "upload") return <ReplaceButton document={document} />;
  if (document.source === "page") return <ReadAgainButton document={document} />;
  return <EditButton document={document} />;
}

function EditButton({ document }: Pick<ActionsProps, "document">) {
  const [editing, setEditing] = useState(false);
  const close = () => setEditing(false);
  return (
    <>
      <Button disabled={isWorking(document)} onClick={() => setEditing(true)}>
        <Pencil size={14} aria-hidden="true" />
        Edit…
      </Button>
      {editing && document.source === "text" && <EditTextDialog document={document} onClose={close} />}
      {editing && document.qa && <EditPairDialog document={document} pair={document.qa} onClose={close} />}
    </>
  );
}

/** A page's address sent again is fetched again. */
function ReadAgainButton({ document }: Pick<ActionsProps, "document">) {
  const add = useAddDocument();
  const { url } = document;
  if (url === undefined) return null;
  return (
    <>
      <Button busy={add.isPending} disabled={isWorking(document)} onClick={() => add.mutate({ url })}>
        <RefreshCw size={14} aria-hidden="true" />
        Read again
      </Button>
      {add.error && (
        <div className="order-last basis-full">
          <ErrorNotice compact title="The page was not read again" error={add.error} />
        </div>
      )}
    </>
  );
}

function ReplaceButton({ document }: Pick<ActionsProps, "document">) {
  const picker = useRef<HTMLInputElement>(null);
  const { sending, start, stop } = useReplace(document.id);
  // The server reads one version after the other.
  const busy = sending.state === "sending" || isWorking(document);
  return (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="New version"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file !== undefined) void start(file);
        }}
      />
      <Button disabled={busy} onClick={() => picker.current?.click()}>
        <RefreshCw size={14} aria-hidden="true" />
        Replace…
      </Button>
      {sending.state === "sending" && (
        <p
          role="status"
          className="order-last flex basis-full flex-wrap items-center gap-2 text-sm break-all text-muted tabular-nums"
        >
          <ProgressBar value={sending.share} label={`Uploading ${sending.name}`} />
          {sending.share < 1 ? `Uploading ${sending.name}` : `${sending.name} is arriving`}
          <Button size="small" onClick={stop}>
            Stop
          </Button>
        </p>
      )}
      {sending.state === "failed" && (
        <div className="order-last basis-full">
          <ErrorNotice
            compact
            title="The new version was not taken; the one before is still in use"
            error={sending.error}
            onRetry={() => void start(sending.file)}
          />
        </div>
      )}
    </>
  );
}
