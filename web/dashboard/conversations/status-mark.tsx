import { BookOpenText, CircleCheck, Clock, UserRound } from "lucide-react";
import type { ConversationBody } from "../api/types.ts";
import { isWaiting, statusWords } from "./words.ts";

const MARKS = {
  ai: { icon: BookOpenText, tone: "text-muted" },
  human: { icon: UserRound, tone: "text-muted" },
  snoozed: { icon: Clock, tone: "text-muted" },
  resolved: { icon: CircleCheck, tone: "text-muted" },
} as const;

interface StatusMarkProps {
  readonly conversation: Pick<ConversationBody, "status" | "lastMessage" | "assignee">;
}

export function StatusMark({ conversation }: StatusMarkProps) {
  const { icon: Icon, tone } = MARKS[conversation.status];
  return (
    <span
      className={`inline-flex items-center gap-1 ${isWaiting(conversation) ? "font-medium text-handed" : tone}`}
    >
      <Icon size={12} aria-hidden="true" />
      {statusWords(conversation)}
    </span>
  );
}
