import { Pencil } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useChangeDocument } from "../api/document.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { INPUT } from "../ui/field.tsx";
import { describeError } from "../ui/notice.tsx";

/** The title (of a question with its answer the question itself), to be changed where it stands: Enter saves, Escape leaves it as it was. */
export function DocumentTitle({ document }: { readonly document: DocumentBody }) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    // After the field is gone, so that the keyboard goes on where it was.
    requestAnimationFrame(() => pencil.current?.focus());
  };
  if (editing) return <TitleForm document={document} onClose={close} />;
  return (
    <div className="flex items-start gap-1">
      <h1 className="min-w-0 text-xl font-semibold break-words">{document.title}</h1>
      {document.source !== "qa" && (
        <Button
          ref={pencil}
          look="quiet"
          size="icon"
          aria-label="Rename"
          className="-mt-0.5 max-sm:-mt-1.5"
          onClick={() => setEditing(true)}
        >
          <Pencil size={14} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

function TitleForm({ document, onClose }: { readonly document: DocumentBody; readonly onClose: () => void }) {
  const [title, setTitle] = useState(document.title);
  const field = useRef<HTMLInputElement>(null);
  const change = useChangeDocument(document.id);
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = title.trim();
    if (next === "" || change.isPending) return;
    if (next === document.title) onClose();
    else change.mutate({ title: next }, { onSuccess: onClose });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !change.isPending) onClose();
  };
  return (
    <form onSubmit={submit} className="grid gap-1.5">
      <h1 className="sr-only">{document.title}</h1>
      <div className="flex flex-wrap gap-2">
        <input
          ref={field}
          aria-label="Title"
          required
          maxLength={300}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          onKeyDown={press}
          className={`${INPUT} h-9 min-w-0 flex-1 basis-60 font-semibold max-sm:h-10`}
        />
        <Button type="submit" look="primary" busy={change.isPending} className="h-9">
          Save
        </Button>
        <Button disabled={change.isPending} onClick={onClose} className="h-9">
          Cancel
        </Button>
      </div>
      <p className="text-xs text-muted">Visitors see it under answers that quote this document.</p>
      {change.error && (
        <p role="alert" className="text-sm text-failed">
          {describeError(change.error)}
        </p>
      )}
    </form>
  );
}
