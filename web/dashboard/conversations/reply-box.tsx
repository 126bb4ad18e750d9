import { useState } from "react";
import type { ConversationBody } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Composer } from "../ui/composer.tsx";

function draftKey(id: string): string {
  return `metachat.draft.${id}`;
}

interface ReplyBoxProps {
  readonly conversation: ConversationBody;
  readonly onSend: (text: string) => void;
}

/** What is written here is kept on this device until it is sent. */
export function ReplyBox({ conversation, onSend }: ReplyBoxProps) {
  const key = draftKey(conversation.id);
  const [text, setText] = useState(() => localStorage.getItem(key) ?? "");
  const change = (next: string) => {
    setText(next);
    if (next === "") localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  };
  const send = () => {
    if (text.trim() === "") return;
    onSend(text);
    change("");
  };
  if (conversation.status === "resolved") {
    return (
      <p className="border-t border-line bg-raised px-5 py-3 text-sm text-muted max-sm:px-4">
        This conversation is closed. Open it again to reply; a new message of the visitor opens it too.
      </p>
    );
  }
  return (
    <div className="border-t border-line bg-raised px-5 py-3 max-sm:px-4">
      <Composer
        label="Your reply"
        placeholder="Write a reply"
        value={text}
        onChange={change}
        onSend={send}
        sendWith="mod-enter"
        hint={
          conversation.status === "ai"
            ? "Your reply takes the conversation over from the assistant."
            : "Ctrl or ⌘ with Enter sends."
        }
      >
        <Button type="submit" look="primary" disabled={text.trim() === ""}>
          Send reply
        </Button>
      </Composer>
    </div>
  );
}
