import { useState } from "react";
import { type DocumentFilter, fetchDocuments, retryDocument } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { describeError } from "../ui/notice.tsx";
import { BulkDeleteDialog } from "./bulk-delete-dialog.tsx";
import type { Selection } from "./selection.ts";
import { useBatch } from "./use-batch.ts";
import { countOf, mayWorkAgain } from "./words.ts";

/** More are not chosen at once: the list is narrowed first. */
const MOST = 10_000;

interface BulkBarProps {
  readonly selection: Selection;
  readonly filter: DocumentFilter;
  /** All documents of the list in view are chosen, and the server has more. */
  readonly more: boolean;
  readonly onChange: (selection: Selection) => void;
}

/** What can be done with the chosen documents. */
export function BulkBar({ selection, filter, more, onChange }: BulkBarProps) {
  const [deleting, setDeleting] = useState(false);
  const chosen = [...selection.values()];
  const failed = chosen.filter((document) => document.status === "failed" && mayWorkAgain(document));
  return (
    <section
      aria-label="Chosen documents"
      className="sticky top-2 z-20 mb-3 flex flex-wrap items-center gap-2 rounded-card border border-line bg-raised p-2 pl-3 shadow-float"
    >
      <p role="status" className="mr-auto font-medium tabular-nums">
        {countOf(chosen.length, "document", "documents")} chosen
      </p>
      {more && <ChooseAll filter={filter} onChange={onChange} />}
      {failed.length > 0 && <RetryAll documents={failed} onDone={() => onChange(new Map())} />}
      <Button size="small" onClick={() => setDeleting(true)}>
        Delete…
      </Button>
      <Button size="small" look="quiet" onClick={() => onChange(new Map())}>
        Choose none
      </Button>
      {deleting && (
        <BulkDeleteDialog
          documents={chosen}
          onDeleted={(left) => onChange(new Map(left.map((document) => [document.id, document])))}
          onClose={() => setDeleting(false)}
        />
      )}
    </section>
  );
}

function ChooseAll({ filter, onChange }: Pick<BulkBarProps, "filter" | "onChange">) {
  const [state, setState] = useState<"idle" | "busy" | { readonly error: unknown }>("idle");
  const choose = async () => {
    setState("busy");
    try {
      const all = await fetchDocuments(filter, MOST);
      onChange(new Map(all.map((document) => [document.id, document])));
    } catch (error) {
      setState({ error });
    }
  };
  return (
    <>
      {typeof state === "object" && (
        <p role="alert" className="text-xs text-failed">
          {describeError(state.error)}
        </p>
      )}
      <Button size="small" busy={state === "busy"} onClick={() => void choose()}>
        Choose those further down too
      </Button>
    </>
  );
}

function RetryAll({
  documents,
  onDone,
}: {
  readonly documents: readonly DocumentBody[];
  readonly onDone: () => void;
}) {
  const batch = useBatch(retryDocument);
  const [failure] = batch.state?.failures ?? [];
  const start = async () => {
    const { failures } = await batch.start(documents);
    if (failures.length === 0) onDone();
  };
  return (
    <>
      {failure !== undefined && (
        <p role="alert" className="text-xs text-failed">
          {describeError(failure.error)}
        </p>
      )}
      <Button size="small" busy={batch.running} onClick={() => void start()}>
        Try {documents.length === 1 ? "the failed one" : `the ${documents.length} failed ones`} again
      </Button>
    </>
  );
}
