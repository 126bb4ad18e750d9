import { useState } from "react";
import { allItems } from "../../api/pages.ts";
import type { UnansweredBody, UnansweredExample } from "../../api/types.ts";
import { useUnansweredQuestions } from "../../api/unanswered.ts";
import { Link } from "../../router/link.tsx";
import { conversationPath } from "../../router/routes.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";

/** The latest questions of a group with their conversations, and all of them when asked for. */
export function Examples({ group }: { readonly group: UnansweredBody }) {
  const [all, setAll] = useState(false);
  const query = useUnansweredQuestions(group.id, all);
  if (group.examples.length === 0) return null;
  const loaded = allItems(query.data?.pages);
  const shown = loaded.length > 0 ? loaded : group.examples;
  const more = loaded.length > 0 ? query.hasNextPage : shown.length < group.count;
  return (
    <details className="border-t border-line pt-2.5 text-sm">
      <summary className="w-fit text-xs font-medium text-muted hover:text-ink">
        {group.count === 1 ? "The conversation" : "The conversations"}
      </summary>
      <ul className="mt-2 grid gap-1.5">
        {shown.map((example) => (
          <Example key={example.id} example={example} />
        ))}
      </ul>
      {query.error && (
        <div className="mt-2">
          <ErrorNotice
            compact
            title="The other questions could not be loaded"
            error={query.error}
            retrying={query.isFetching}
            onRetry={() => void query.refetch()}
          />
        </div>
      )}
      {more && !query.error && (
        <Button
          size="small"
          className="mt-2"
          busy={query.isFetching}
          onClick={() => (all ? void query.fetchNextPage() : setAll(true))}
        >
          Show more
        </Button>
      )}
    </details>
  );
}

function Example({ example }: { readonly example: UnansweredExample }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4">
      <Link
        href={conversationPath(example.conversationId)}
        className="min-w-0 flex-1 basis-48 break-words hover:text-accent-text hover:underline"
      >
        {example.question}
      </Link>
      <span className="text-xs text-muted">
        <TimeAgo at={example.askedAt} />
      </span>
    </li>
  );
}
