import { Download, RefreshCw, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { isWorking, refreshDocuments } from "../api/documents.ts";
import { tenantUrl } from "../api/tenant.ts";
import type { DocumentBody } from "../api/types.ts";
import { newVersionOf, uploadFile } from "../api/upload.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { ProgressBar } from "../ui/progress.tsx";

interface ActionsProps {
  readonly document: DocumentBody;
  readonly onDelete: () => void;
}

type Sending =
  | { readonly state: "idle" }
  | { readonly state: "sending"; readonly name: string; readonly share: number }
  | { readonly state: "failed"; readonly file: File; readonly error: unknown };

/** Replace, download and delete. */
export function DocumentActions({ document, onDelete }: ActionsProps) {
  const picker = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  const [sending, setSending] = useState<Sending>({ state: "idle" });
  useEffect(() => () => stop.current?.abort(), []);
  const replace = async (file: File) => {
    const own = new AbortController();
    stop.current = own;
    setSending({ state: "sending", name: file.name, share: 0 });
    try {
      const progress = (share: number) => setSending({ state: "sending", name: file.name, share });
      await uploadFile(file, newVersionOf(document.id), progress, own.signal);
      setSending({ state: "idle" });
      await refreshDocuments();
    } catch (error) {
      setSending(own.signal.aborted ? { state: "idle" } : { state: "failed", file, error });
    }
  };
  // The server reads one version after the other.
  const busy = sending.state === "sending" || isWorking(document);
  return (
    <div className="grid justify-items-end gap-2 max-sm:w-full max-sm:justify-items-start">
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="New version"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file !== undefined) void replace(file);
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => picker.current?.click()}>
          <RefreshCw size={14} aria-hidden="true" />
          Replace…
        </Button>
        <a href={tenantUrl(`/documents/${document.id}/original`)} download className={buttonClass({})}>
          <Download size={14} aria-hidden="true" />
          Download
        </a>
        <Button onClick={onDelete}>
          <Trash2 size={14} aria-hidden="true" />
          Delete…
        </Button>
      </div>
      {sending.state === "sending" && (
        <p
          role="status"
          className="flex flex-wrap items-center gap-2 text-sm break-all text-muted tabular-nums"
        >
          <ProgressBar value={sending.share} label={`Uploading ${sending.name}`} />
          {sending.share < 1 ? `Uploading ${sending.name}` : `${sending.name} is arriving`}
          <Button size="small" onClick={() => stop.current?.abort()}>
            Stop
          </Button>
        </p>
      )}
      {sending.state === "failed" && (
        <ErrorNotice
          compact
          title="The new version was not taken; the one before is still in use"
          error={sending.error}
          onRetry={() => void replace(sending.file)}
        />
      )}
    </div>
  );
}
