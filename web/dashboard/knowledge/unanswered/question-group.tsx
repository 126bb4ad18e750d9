import { useId, useState } from "react";
import type { UnansweredBody } from "../../api/types.ts";
import { useSetAside } from "../../api/unanswered.ts";
import { Link } from "../../router/link.tsx";
import { documentPath } from "../../router/routes.ts";
import { Button, buttonClass } from "../../ui/button.tsx";
import { describeError } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { AnswerForm } from "./answer-form.tsx";
import { Examples } from "./examples.tsx";

/** Questions that mean the same: how often, when last, who asked, and the way to answer them all. */
export function QuestionGroup({ group }: { readonly group: UnansweredBody }) {
  const id = useId();
  const [answering, setAnswering] = useState(false);
  const { question, count, lastAskedAt, status, documentId } = group;
  return (
    <li aria-labelledby={id} className="grid gap-3 rounded-card border border-line bg-raised p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="grid min-w-0 flex-1 basis-72 gap-1">
          <h3 id={id} className="line-clamp-4 font-medium break-words">
            {question}
          </h3>
          <p className="text-xs text-muted tabular-nums">
            Asked {count === 1 ? "once" : `${count.toLocaleString()} times`}, last{" "}
            <TimeAgo at={lastAskedAt} />
          </p>
        </div>
        {!answering && (
          <div className="flex flex-wrap gap-1.5">
            {status === "answered" && documentId && (
              <Link href={documentPath(documentId)} className={buttonClass({ size: "small" })}>
                Show the answer
              </Link>
            )}
            {status === "open" && (
              <Button size="small" onClick={() => setAnswering(true)}>
                Answer this
              </Button>
            )}
            <SetAside group={group} />
          </div>
        )}
      </div>
      {answering && <AnswerForm group={group} onClose={() => setAnswering(false)} />}
      <Examples group={group} />
    </li>
  );
}

function SetAside({ group }: { readonly group: UnansweredBody }) {
  const change = useSetAside(group.id);
  if (group.status === "answered") return null;
  const dismissed = group.status === "dismissed";
  return (
    <>
      <Button
        size="small"
        look="quiet"
        busy={change.isPending}
        onClick={() => change.mutate(dismissed ? "open" : "dismiss")}
      >
        {dismissed ? "Open again" : "Dismiss"}
      </Button>
      {change.error && (
        <p role="alert" className="basis-full text-xs text-failed">
          {describeError(change.error)}
        </p>
      )}
    </>
  );
}
