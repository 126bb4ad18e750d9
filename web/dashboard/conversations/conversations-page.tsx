import { MessagesSquare } from "lucide-react";
import { useEffect } from "react";
import { usePageTitle } from "../ui/page.tsx";
import { ConversationList } from "./conversation-list.tsx";
import { ConversationView } from "./conversation-view.tsx";

/** List, thread and side panel; on phones one at a time, with a way back. */
export function ConversationsPage({ selected }: { readonly selected: string | undefined }) {
  const heading = usePageTitle("Conversations");
  useEffect(() => {
    // Back from a thread that filled the screen: its focus is gone with it.
    if (selected === undefined && document.activeElement === document.body) heading.current?.focus();
  }, [selected, heading]);
  return (
    <div className="flex h-full">
      {selected !== undefined && <h1 className="sr-only md:hidden">Conversations</h1>}
      <section
        aria-label="List of conversations"
        className={`w-[19rem] shrink-0 flex-col border-r border-line max-md:w-full max-md:border-0 ${selected === undefined ? "flex" : "hidden md:flex"}`}
      >
        <h1 ref={heading} tabIndex={-1} className="px-4 pt-4 pb-2 text-lg font-semibold outline-none">
          Conversations
        </h1>
        <ConversationList selected={selected} />
      </section>
      {selected === undefined ? (
        <div className="grid flex-1 place-content-center justify-items-center gap-2 px-6 text-center text-muted max-md:hidden">
          <MessagesSquare size={20} aria-hidden="true" />
          <p>Choose a conversation to read and answer it.</p>
        </div>
      ) : (
        <ConversationView key={selected} id={selected} />
      )}
    </div>
  );
}
