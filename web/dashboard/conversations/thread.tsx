import { useEffect, useLayoutEffect, useRef } from "react";
import type { ConversationBody } from "../api/types.ts";
import { Markdown } from "../ui/markdown.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { clockTime } from "../ui/time.ts";
import { BUBBLE, MessageView, OutgoingView } from "./message-view.tsx";
import { type ThreadItem, threadItems, type Writing } from "./thread-state.ts";
import type { useReplies, useThread } from "./use-thread.ts";
import { handoverWords } from "./words.ts";

interface ThreadProps {
  readonly query: ReturnType<typeof useThread>["query"];
  readonly writing: Writing | undefined;
  readonly conversation: ConversationBody;
  readonly replies: ReturnType<typeof useReplies>;
  readonly onTrace: (messageId: string) => void;
}

export function Thread({ query, writing, conversation, replies, onTrace }: ThreadProps) {
  const messages = query.data ?? [];
  const box = useFollowEnd(`${messages.length} ${replies.outgoing.length} ${writing?.text?.length ?? 0}`);
  return (
    <div ref={box} className="min-h-0 flex-1 overflow-y-auto px-5 py-4 max-sm:px-4">
      <QueryView
        query={query}
        failure="The messages could not be loaded"
        skeleton={<SkeletonRows height="h-16" />}
      >
        {(loaded) => (
          <ol aria-label="Messages" aria-live="polite" className="mx-auto grid max-w-3xl gap-3">
            {threadItems(loaded, conversation.handover).map((item) => (
              <Item key={item.key} item={item} onTrace={onTrace} />
            ))}
            {replies.outgoing.map((reply) => (
              <OutgoingView
                key={reply.key}
                reply={reply}
                onRetry={() => void replies.send(reply.text, reply.key)}
                onDiscard={() => replies.discard(reply.key)}
              />
            ))}
            {writing && <WritingView writing={writing} />}
          </ol>
        )}
      </QueryView>
    </div>
  );
}

const NEAR_END_PX = 120;

/** Keeps the newest line in view, unless the person has scrolled up to read. */
function useFollowEnd(version: string) {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let top = element.scrollTop;
    const note = () => {
      // Only going up leaves the end: what grows below moves the end away, not the reader.
      if (element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX) near.current = true;
      else if (element.scrollTop < top) near.current = false;
      top = element.scrollTop;
    };
    const follow = new ResizeObserver(() => {
      if (near.current) element.scrollTop = element.scrollHeight;
    });
    follow.observe(element);
    element.addEventListener("scroll", note, { passive: true });
    return () => {
      follow.disconnect();
      element.removeEventListener("scroll", note);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the thread grew.
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && near.current) element.scrollTop = element.scrollHeight;
  }, [version]);
  return box;
}

interface ItemProps {
  readonly item: ThreadItem;
  readonly onTrace: (messageId: string) => void;
}

function Item({ item, onTrace }: ItemProps) {
  switch (item.kind) {
    case "day":
      return <Line>{new Date(item.at).toLocaleDateString(undefined, { dateStyle: "full" })}</Line>;
    case "handover":
      return (
        <Line tone="text-handed">
          From here a person answers · {clockTime(item.at)}
          {item.by && ` · ${handoverWords(item.by)}`}
        </Line>
      );
    case "returned":
      return <Line>From here the assistant answers · {clockTime(item.at)}</Line>;
    case "message":
      return <MessageView message={item.message} onTrace={() => onTrace(item.message.id)} />;
  }
}

interface LineProps {
  readonly tone?: string;
  readonly children: React.ReactNode;
}

function Line({ tone = "text-muted", children }: LineProps) {
  return (
    <li className={`flex items-center gap-3 py-1 text-xs ${tone}`}>
      <span aria-hidden="true" className="h-px min-w-4 flex-1 bg-line" />
      <span className="max-w-[80%] text-center text-pretty break-words">{children}</span>
      <span aria-hidden="true" className="h-px min-w-4 flex-1 bg-line" />
    </li>
  );
}

function WritingView({ writing }: { readonly writing: Writing }) {
  return (
    <li className="ml-auto max-w-[85%] min-w-0">
      <p className="mb-0.5 text-right text-xs text-muted">The assistant is writing</p>
      {writing.text && (
        <div className={`${BUBBLE} ml-auto border border-line bg-raised`}>
          <Markdown text={writing.text} partial />
        </div>
      )}
    </li>
  );
}
