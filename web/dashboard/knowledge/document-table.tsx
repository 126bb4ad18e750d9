import { CircleAlert } from "lucide-react";
import { useRetryDocument } from "../api/documents.ts";
import type { DocumentBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { describeError } from "../ui/notice.tsx";
import { Card } from "../ui/page.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import { fileSize } from "../ui/time.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { DocumentMenu } from "./document-menu.tsx";
import { type DocumentState, kindOf, mayWorkAgain, stateOf } from "./words.ts";

interface DocumentTableProps {
  readonly documents: readonly DocumentBody[];
  readonly onPassages: (document: DocumentBody) => void;
  readonly onDelete: (document: DocumentBody) => void;
}

const HEAD =
  "sticky top-0 z-10 border-b border-line bg-raised px-3 py-2 text-left text-xs font-medium text-muted first:rounded-tl-card last:rounded-tr-card";
const WIDE = "max-md:hidden";

export function DocumentTable({ documents, onPassages, onDelete }: DocumentTableProps) {
  return (
    <Card>
      <table className="w-full table-fixed border-separate border-spacing-0 text-base">
        <thead>
          <tr>
            <th className={`${HEAD} w-[32%] max-md:w-auto`}>Title</th>
            <th className={`${HEAD} ${WIDE}`}>State</th>
            <th className={`${HEAD} ${WIDE} w-28`}>Kind</th>
            <th className={`${HEAD} ${WIDE} w-20 text-right`}>Size</th>
            <th className={`${HEAD} ${WIDE} w-24 text-right`}>Passages</th>
            <th className={`${HEAD} ${WIDE} w-28 text-right`}>Added</th>
            <th className={`${HEAD} w-12`}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>td]:border-0">
          {documents.map((document) => (
            <DocumentRow
              key={document.id}
              document={document}
              onPassages={() => onPassages(document)}
              onDelete={() => onDelete(document)}
            />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

interface DocumentRowProps {
  readonly document: DocumentBody;
  readonly onPassages: () => void;
  readonly onDelete: () => void;
}

function DocumentRow({ document, onPassages, onDelete }: DocumentRowProps) {
  const failed = document.status === "failed";
  const cell = "h-10 border-b border-line px-3 py-1.5";
  const number = `${cell} ${WIDE} text-right tabular-nums`;
  return (
    <tr className="group hover:bg-hover">
      <td className={cell}>
        <button
          type="button"
          onClick={onPassages}
          className="block max-w-full text-left break-words font-medium hover:text-accent-text hover:underline"
        >
          {document.title}
        </button>
        <div className="grid gap-0.5 text-xs text-muted md:hidden">
          <span className="tabular-nums">
            {kindOf(document)}, {fileSize(document.bytes)}, <TimeAgo at={document.createdAt} />
          </span>
          <StateCell document={document} onDelete={onDelete} />
        </div>
      </td>
      <td className={`${cell} ${WIDE} text-sm`} colSpan={failed ? 4 : 1}>
        <StateCell document={document} onDelete={onDelete} />
      </td>
      {!failed && (
        <>
          <td className={`${cell} ${WIDE} truncate text-muted`} title={kindOf(document)}>
            {kindOf(document)}
          </td>
          <td className={`${number} text-muted`}>{fileSize(document.bytes)}</td>
          <td className={`${number} text-muted`}>
            {document.chunks === 0 ? "" : document.chunks.toLocaleString()}
          </td>
        </>
      )}
      <td className={`${number} text-muted`}>
        <TimeAgo at={document.createdAt} />
      </td>
      <td className={`${cell} pr-2 text-right`}>
        <DocumentMenu document={document} onPassages={onPassages} onDelete={onDelete} />
      </td>
    </tr>
  );
}

const DOTS: Readonly<Record<DocumentState["tone"], string>> = {
  waiting: "border border-edge",
  working: "bg-unsure",
  ready: "bg-sure",
  failed: "bg-failed",
};

type StateProps = Pick<DocumentRowProps, "document" | "onDelete">;

function StateCell({ document, onDelete }: StateProps) {
  const state = stateOf(document);
  return (
    <div className="grid gap-1">
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
      {document.note !== undefined && state.tone !== "failed" && <Note text={document.note} />}
      {state.tone === "failed" && <Failure document={document} onDelete={onDelete} />}
    </div>
  );
}

/** What could not be read although the rest was; the list of passages says it in full. */
function Note({ text }: { readonly text: string }) {
  return (
    <p title={text} className="flex items-start gap-1.5 text-xs text-muted">
      <CircleAlert size={12} aria-hidden="true" className="mt-0.5 shrink-0 text-unsure" />
      <span className="line-clamp-3 min-w-0 break-words">{text}</span>
    </p>
  );
}

function Failure({ document, onDelete }: StateProps) {
  const retry = useRetryDocument();
  return (
    <div className="grid justify-items-start gap-1.5 pb-1">
      <p className="text-xs text-pretty break-words text-muted">{document.error?.message}</p>
      {retry.error && (
        <p role="alert" className="text-xs text-failed">
          {describeError(retry.error)}
        </p>
      )}
      {mayWorkAgain(document.error) ? (
        <Button size="small" busy={retry.isPending} onClick={() => retry.mutate(document)}>
          Try again
        </Button>
      ) : (
        <Button size="small" onClick={onDelete}>
          Remove it
        </Button>
      )}
    </div>
  );
}
