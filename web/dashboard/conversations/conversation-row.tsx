import type { ConversationBody } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { conversationPath } from "../router/routes.ts";
import { preview } from "../ui/preview.ts";
import { TimeAgo } from "../ui/time-ago.tsx";
import { StatusMark } from "./status-mark.tsx";
import { contactName } from "./words.ts";

interface ConversationRowProps {
  readonly conversation: ConversationBody;
  readonly selected?: boolean;
}

export function ConversationRow({ conversation, selected = false }: ConversationRowProps) {
  const last = conversation.lastMessage;
  return (
    <li>
      <Link
        href={conversationPath(conversation.id)}
        aria-current={selected ? "true" : undefined}
        className="grid gap-0.5 px-4 py-2.5 -outline-offset-2 hover:bg-hover aria-[current=true]:bg-accent-soft"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{contactName(conversation.contact)}</span>
          <span className="text-xs text-muted">
            <TimeAgo at={last?.at ?? conversation.updatedAt} />
          </span>
        </span>
        <span className="truncate text-sm text-muted">{last ? preview(last.text) : "No message yet"}</span>
        <span className="mt-0.5 flex items-center gap-2 text-xs">
          <StatusMark conversation={conversation} />
          {conversation.channel.kind === "api" && <span className="text-muted">API</span>}
        </span>
      </Link>
    </li>
  );
}
