import { CircleAlert } from "lucide-react";
import { useRetryDocument } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { describeError } from "../ui/notice.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { type DocumentState, mayWorkAgain, stateOf } from "./words.ts";

const DOTS: Readonly<Record<DocumentState["tone"], string>> = {
  waiting: "border border-edge",
  working: "bg-unsure",
  ready: "bg-sure",
  failed: "bg-failed",
};

interface StateProps {
  readonly document: DocumentBody;
  readonly onDelete: () => void;
  /** All of the note, however long. */
  readonly whole?: boolean;
}

/** A document's state in words, how far it is, and what can be done about it. */
export function StateCell({ document, onDelete, whole = false }: StateProps) {
  const state = stateOf(document);
  return (
    <div className="grid grid-cols-1 gap-1">
      <span className="flex items-center gap-1.5">
        {state.tone === "failed" ? (
          <CircleAlert size={12} aria-hidden="true" className="shrink-0 text-failed" />
        ) : (
          <span aria-hidden="true" className={`mx-0.5 size-2 shrink-0 rounded-full ${DOTS[state.tone]}`} />
        )}
        <span className={state.tone === "failed" ? "font-medium text-failed" : ""}>{state.words}</span>
      </span>
      {state.progress !== undefined && (
        <ProgressBar value={state.progress} label={`${document.title}: ${state.words}`} />
      )}
      {state.tone === "failed" && <Failure document={document} onDelete={onDelete} />}
      {state.tone !== "failed" && document.note && <Note text={document.note} whole={whole} />}
    </div>
  );
}

/** What could not be read although the rest was. */
function Note({ text, whole }: { readonly text: string; readonly whole: boolean }) {
  return (
    <p title={whole ? undefined : text} className="flex max-w-2xl items-start gap-1.5 text-xs text-muted">
      <CircleAlert size={12} aria-hidden="true" className="mt-0.5 shrink-0 text-unsure" />
      <span className={`min-w-0 text-pretty break-words ${whole ? "" : "line-clamp-3"}`}>{text}</span>
    </p>
  );
}

function Failure({ document, onDelete }: StateProps) {
  const retry = useRetryDocument();
  return (
    <div className="grid grid-cols-1 justify-items-start gap-1.5 pb-1">
      <p className="text-xs text-pretty break-words text-muted">{document.error?.message}</p>
      {retry.error && (
        <p role="alert" className="text-xs text-failed">
          {describeError(retry.error)}
        </p>
      )}
      {mayWorkAgain(document) ? (
        <Button size="small" busy={retry.isPending} onClick={() => retry.mutate(document)}>
          Try again
        </Button>
      ) : document.searchable === "no" ? (
        <Button size="small" onClick={onDelete}>
          Remove it
        </Button>
      ) : (
        // Reads again what is answered from, and with it forgets the version that could not be read.
        <Button size="small" busy={retry.isPending} onClick={() => retry.mutate(document)}>
          Keep it as it is
        </Button>
      )}
    </div>
  );
}
