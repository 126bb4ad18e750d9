import { ArrowLeft, PanelRight } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { type ConversationAct, useConversation, useConversationAct } from "../api/conversations.ts";
import type { ConversationBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { Trace } from "../try/trace-view.tsx";
import { Button, buttonClass } from "../ui/button.tsx";
import { Drawer } from "../ui/dialog.tsx";
import { describeError } from "../ui/notice.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { useWide } from "../ui/use-wide.ts";
import { ReplyBox } from "./reply-box.tsx";
import { SidePanel } from "./side-panel.tsx";
import { StatusMark } from "./status-mark.tsx";
import { Thread } from "./thread.tsx";
import { useReplies, useThread } from "./use-thread.ts";
import { contactName } from "./words.ts";

export function ConversationView({ id }: { readonly id: string }) {
  const conversation = useConversation(id);
  const body = conversation.data;
  if (body !== undefined) return <OpenConversation conversation={body} outdated={conversation.error} />;
  return (
    <div className="min-w-0 flex-1 p-5">
      <BackLink />
      <QueryView
        query={conversation}
        failure="The conversation could not be loaded"
        skeleton={<SkeletonRows height="h-20" />}
      >
        {() => null}
      </QueryView>
    </div>
  );
}

function BackLink() {
  return (
    <Link
      href="/conversations"
      aria-label="Back to the list"
      className={buttonClass({ look: "quiet", size: "icon" }, "-ml-2 md:hidden!")}
    >
      <ArrowLeft size={18} aria-hidden="true" />
    </Link>
  );
}

interface OpenConversationProps {
  readonly conversation: ConversationBody;
  /** Why the newest state could not be asked for; what is in view stays. */
  readonly outdated: Error | null;
}

function OpenConversation({ conversation, outdated }: OpenConversationProps) {
  const { id } = conversation;
  const thread = useThread(id);
  const messages = thread.query.data ?? [];
  const replies = useReplies(id, messages);
  const [traced, setTraced] = useState<string>();
  const [details, setDetails] = useState(false);
  const wide = useWide("(min-width: 80rem)");
  const panel = <SidePanel conversation={conversation} messages={messages} />;
  return (
    <>
      <section
        aria-label={`Conversation with ${contactName(conversation.contact)}`}
        className="flex min-w-0 flex-1 flex-col"
      >
        <ConversationHeader conversation={conversation} outdated={outdated}>
          {!wide && (
            <Button look="quiet" size="icon" aria-label="Show details" onClick={() => setDetails(true)}>
              <PanelRight size={16} aria-hidden="true" />
            </Button>
          )}
        </ConversationHeader>
        <Thread
          query={thread.query}
          writing={thread.writing}
          conversation={conversation}
          replies={replies}
          onTrace={setTraced}
        />
        <ReplyBox conversation={conversation} onSend={(text) => void replies.send(text)} />
      </section>
      {wide && (
        <aside
          aria-label="Details"
          className="w-64 shrink-0 overflow-y-auto border-l border-line bg-raised p-5"
        >
          {panel}
        </aside>
      )}
      {!wide && (
        <Drawer open={details} onOpenChange={setDetails} title="Details">
          <div className="p-5">{panel}</div>
        </Drawer>
      )}
      <Drawer
        open={traced !== undefined}
        onOpenChange={(open) => !open && setTraced(undefined)}
        title="How the answer came about"
      >
        <div className="p-5">{traced && <Trace conversationId={id} messageId={traced} />}</div>
      </Drawer>
    </>
  );
}

interface HeaderProps extends OpenConversationProps {
  readonly children: ReactNode;
}

function ConversationHeader({ conversation, outdated, children }: HeaderProps) {
  const act = useConversationAct(conversation.id);
  const button = (name: ConversationAct, label: string) => (
    <Button
      busy={act.isPending && act.variables === name}
      disabled={act.isPending}
      onClick={() => act.mutate(name)}
    >
      {label}
    </Button>
  );
  const { status } = conversation;
  const name = useRef<HTMLHeadingElement>(null);
  const narrow = !useWide("(min-width: 48rem)");
  useEffect(() => {
    // The list has gone from view, and the focus with it.
    if (narrow) name.current?.focus({ preventScroll: true });
  }, [narrow]);
  return (
    <header className="border-b border-line bg-raised px-5 py-2.5 max-sm:px-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <BackLink />
        <div className="min-w-0 flex-1">
          <h2 ref={name} tabIndex={-1} className="font-semibold break-words outline-none">
            {contactName(conversation.contact)}
          </h2>
          <p className="text-xs">
            <StatusMark conversation={conversation} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {status === "ai" && button("take-over", "Take over")}
          {(status === "human" || status === "snoozed") && button("give-back", "Give back to the assistant")}
          {status === "resolved" ? button("reopen", "Open again") : button("close", "Close")}
          {children}
        </div>
      </div>
      {outdated && (
        <p role="alert" className="mt-1.5 text-sm text-failed">
          This may be out of date. {describeError(outdated)}
        </p>
      )}
      {act.error && (
        <p role="alert" className="mt-1.5 text-sm text-failed">
          That did not work, nothing was changed. {describeError(act.error)}
        </p>
      )}
    </header>
  );
}
