import { BookOpenText, CircleCheck, Clock, UserRound } from "lucide-react";
import type { ConversationStatus } from "../api/types.ts";
import { STATUS_WORDS } from "./words.ts";

const MARKS = {
  ai: { icon: BookOpenText, tone: "text-muted" },
  human: { icon: UserRound, tone: "font-medium text-handed" },
  snoozed: { icon: Clock, tone: "text-muted" },
  resolved: { icon: CircleCheck, tone: "text-muted" },
} as const;

export function StatusMark({ status }: { readonly status: ConversationStatus }) {
  const { icon: Icon, tone } = MARKS[status];
  return (
    <span className={`inline-flex items-center gap-1 ${tone}`}>
      <Icon size={12} aria-hidden="true" />
      {STATUS_WORDS[status]}
    </span>
  );
}
