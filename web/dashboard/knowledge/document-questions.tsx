import { useId } from "react";
import { useDocumentQuestions } from "../api/document.ts";
import type { DocumentQuestions } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { conversationPath } from "../router/routes.ts";
import { ConfidenceMark } from "../ui/confidence-mark.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

/** The latest questions whose answers quote the document. */
export function DocumentQuestionsCard({ documentId }: { readonly documentId: string }) {
  const id = useId();
  const query = useDocumentQuestions(documentId);
  return (
    <section aria-labelledby={id} className="grid gap-2">
      <h2 id={id} className="text-sm font-medium">
        Questions answered from it
      </h2>
      <QueryView query={query} failure="The questions could not be loaded" skeleton={<SkeletonRows />}>
        {(found) => <Questions found={found} />}
      </QueryView>
    </section>
  );
}

function Questions({ found }: { readonly found: DocumentQuestions }) {
  const { items, messages, older } = found;
  const where = older ? ` among the last ${messages.toLocaleString()} messages` : "";
  if (items.length === 0)
    return <p className="text-sm text-pretty text-muted">No answer quotes this document yet{where}.</p>;
  return (
    <>
      <ul className="divide-y divide-line rounded-card border border-line bg-raised">
        {items.map((item) => (
          <li key={item.messageId} className="grid gap-0.5 px-3 py-2">
            <Link
              href={conversationPath(item.conversationId)}
              title={item.question}
              className="line-clamp-3 text-sm break-words hover:text-accent-text hover:underline"
            >
              {item.question}
            </Link>
            <span className="flex items-center justify-between gap-2 text-xs text-muted">
              <TimeAgo at={item.askedAt} />
              {item.confidence && <ConfidenceMark confidence={item.confidence} />}
            </span>
          </li>
        ))}
      </ul>
      {older && <p className="text-xs text-muted">The latest{where}; older ones were not looked through.</p>}
    </>
  );
}
