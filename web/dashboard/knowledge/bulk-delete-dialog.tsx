import { ApiError } from "../api/client.ts";
import { deleteDocument } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Confirm } from "../ui/dialog.tsx";
import { describeError } from "../ui/notice.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import type { BatchState } from "./batch.ts";
import { useBatch } from "./use-batch.ts";
import { countOf } from "./words.ts";

const NAMED = 5;

interface BulkDeleteProps {
  readonly documents: readonly DocumentBody[];
  /** With those that are still there. */
  readonly onDeleted: (left: readonly DocumentBody[]) => void;
  readonly onClose: () => void;
}

/** Somebody else may have deleted it meanwhile. */
async function deleteIfThere(document: DocumentBody): Promise<void> {
  try {
    await deleteDocument(document);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}

/** Names what will be lost, and shows how far the deleting is. */
export function BulkDeleteDialog({ documents, onDeleted, onClose }: BulkDeleteProps) {
  const batch = useBatch(deleteIfThere);
  const count = countOf(documents.length, "document", "documents");
  const start = async () => {
    const { done, total, failures } = await batch.start(documents);
    const left = failures.map(({ item }) => item);
    if (done < total) {
      // Stopped: the list shows what is still there.
      onDeleted([]);
      onClose();
      return;
    }
    onDeleted(left);
    if (left.length === 0) onClose();
  };
  const failed = !batch.running && (batch.state?.failures.length ?? 0) > 0;
  return (
    <Confirm
      open
      title={`Delete ${count}?`}
      confirm={failed ? "Try again" : `Delete ${count}`}
      cancel={batch.running ? "Stop" : failed ? "Close" : "Cancel"}
      busy={batch.running}
      stoppable
      onConfirm={() => void start()}
      onCancel={batch.running ? batch.stop : onClose}
    >
      {batch.state === undefined ? (
        <WhatIsLost documents={documents} />
      ) : (
        <HowFar state={batch.state} running={batch.running} />
      )}
    </Confirm>
  );
}

function WhatIsLost({ documents }: Pick<BulkDeleteProps, "documents">) {
  const passages = documents.reduce((sum, document) => sum + document.chunks, 0);
  const more = documents.length - NAMED;
  return (
    <div className="grid grid-cols-1 gap-2">
      <p>
        They{passages > 0 && ` and ${countOf(passages, "passage", "passages")}`} are removed for good. The
        assistant stops answering from them at once; answers already given keep their text.
      </p>
      <ul className="list-disc pl-5">
        {documents.slice(0, NAMED).map(({ id, title }) => (
          <li key={id}>{title}</li>
        ))}
        {more > 0 && <li>and {more.toLocaleString()} more</li>}
      </ul>
    </div>
  );
}

function HowFar({ state, running }: { readonly state: BatchState<DocumentBody>; readonly running: boolean }) {
  const { total, done, failures } = state;
  return (
    <div className="grid grid-cols-1 gap-2">
      <p role="status" className="tabular-nums">
        {running
          ? `Deleting: ${done.toLocaleString()} of ${total.toLocaleString()} done.`
          : `${(done - failures.length).toLocaleString()} of ${total.toLocaleString()} deleted.`}
      </p>
      {running && <ProgressBar wide value={total === 0 ? 1 : done / total} label="Deleting" />}
      {failures.length > 0 && (
        <ul role="alert" className="grid gap-1 text-sm text-failed">
          {failures.slice(0, NAMED).map(({ item, error }) => (
            <li key={item.id}>
              “{item.title}” is still there. {describeError(error)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
