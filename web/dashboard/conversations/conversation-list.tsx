import { Inbox } from "lucide-react";
import { useState } from "react";
import { type ConversationFilter, useConversations, useWaitingCount } from "../api/conversations.ts";
import { allItems } from "../api/pages.ts";
import type { ConversationStatus } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/notice.tsx";
import { QueryView, SkeletonRows } from "../ui/query-view.tsx";
import { SearchField } from "../ui/search-field.tsx";
import { useSettled } from "../ui/use-settled.ts";
import { ConversationRow } from "./conversation-row.tsx";

type Choice = ConversationStatus | "all";

const CHOICES: readonly { readonly value: Choice; readonly label: string }[] = [
  { value: "all", label: "All" },
  { value: "human", label: "Needs a person" },
  { value: "ai", label: "Assistant" },
  { value: "resolved", label: "Closed" },
];

export function ConversationList({ selected }: { readonly selected: string | undefined }) {
  const [choice, setChoice] = useState<Choice>("all");
  const [text, setText] = useState("");
  const q = useSettled(text.trim(), 300);
  const filter: ConversationFilter = {
    ...(choice === "human" ? { waiting: true } : choice !== "all" && { status: choice }),
    ...(q !== "" && { q }),
  };
  const query = useConversations(filter);
  return (
    <>
      <div className="grid gap-2 border-b border-line px-3 pb-2">
        <SearchField label="Search in the messages" value={text} maxLength={200} onChange={setText} />
        <Choices choice={choice} onChoose={setChoice} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <QueryView
          query={query}
          failure="The conversations could not be loaded"
          skeleton={<SkeletonRows height="h-[74px]" />}
        >
          {({ pages }) => {
            const conversations = allItems(pages);
            if (conversations.length === 0) return <NoConversations choice={choice} q={q} />;
            return (
              <ul className="divide-y divide-line">
                {conversations.map((conversation) => (
                  <ConversationRow
                    key={conversation.id}
                    conversation={conversation}
                    selected={conversation.id === selected}
                  />
                ))}
              </ul>
            );
          }}
        </QueryView>
        {query.hasNextPage && (
          <div className="p-3">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

interface ChoicesProps {
  readonly choice: Choice;
  readonly onChoose: (choice: Choice) => void;
}

function Choices({ choice, onChoose }: ChoicesProps) {
  const { data } = useWaitingCount();
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">Show</legend>
      {CHOICES.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={choice === value}
          onClick={() => onChoose(value)}
          className="flex h-7 items-center gap-1 rounded-control px-1.5 text-xs font-medium text-muted hover:bg-hover hover:text-ink aria-pressed:bg-hover aria-pressed:text-ink max-sm:h-9 max-sm:px-2.5"
        >
          {label}
          {value === "human" && data !== undefined && data.count > 0 && (
            <span className="font-semibold text-handed tabular-nums">
              {data.count}
              {data.more && "+"}
            </span>
          )}
        </button>
      ))}
    </fieldset>
  );
}

const NOTHING: Readonly<Record<Choice, readonly [string, string]>> = {
  all: [
    "No conversations yet",
    "They appear here as soon as a visitor writes on your site, or you ask something under “Try it”.",
  ],
  human: [
    "Nobody is waiting",
    "When the assistant is not sure, or a visitor asks for a person, the conversation appears here.",
  ],
  ai: ["The assistant is not in any conversation", "Conversations that the assistant answers appear here."],
  snoozed: ["Nothing is snoozed", "Conversations put off until later appear here."],
  resolved: ["Nothing is closed", "Close a conversation when it is done; a new message opens it again."],
};

function NoConversations({ choice, q }: { readonly choice: Choice; readonly q: string }) {
  const [title, sentence] =
    q === "" ? NOTHING[choice] : [`Nothing with “${q}”`, "Try another word, or fewer."];
  return (
    <Empty icon={<Inbox size={20} aria-hidden="true" />} title={title}>
      <p className="break-words">{sentence}</p>
    </Empty>
  );
}
