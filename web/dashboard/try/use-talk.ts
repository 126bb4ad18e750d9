import { useCallback, useEffect, useReducer, useRef } from "react";
import { streamChat } from "../api/chat.ts";
import { closeConversation } from "../api/conversations.ts";
import { changeTalk, NEW_TALK, type Turn } from "./turns.ts";

/** The contact of all trials, so that the list of conversations tells them from those of visitors. */
const TRIAL = { id: "metachat-try-it", name: "Try it" } as const;

/** One conversation with the assistant; leaving the page or "New conversation" aborts what is being written. */
export function useTalk() {
  const [talk, change] = useReducer(changeTalk, NEW_TALK);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const last = talk.turns.at(-1);
  const busy = last?.state === "asked" || last?.state === "writing";

  const ask = async (question: string) => {
    const key = crypto.randomUUID();
    const stop = new AbortController();
    running.current = stop;
    change({ type: "ask", key, question });
    try {
      const { conversationId, message } = await streamChat(
        {
          message: question,
          ...(talk.conversationId ? { conversationId: talk.conversationId } : { contact: TRIAL }),
        },
        {
          onStart: (id) => change({ type: "start", key, conversationId: id }),
          onText: (text) => change({ type: "text", key, text }),
        },
        stop.signal,
      );
      // Nobody shall wait for a person because of a trial. The next question opens the conversation again.
      if (message.action === "handed_over") await closeConversation(conversationId).catch(() => undefined);
      change({ type: "done", key, conversationId, answer: message });
    } catch (error) {
      if (stop.signal.aborted) change({ type: "stop", key });
      else change({ type: "fail", key, error: error instanceof Error ? error : new Error(String(error)) });
    }
  };
  /** A question that failed is put again at the end, where its answer will be looked for. */
  const again = (turn: Turn) => {
    if (busy) return;
    change({ type: "drop", key: turn.key });
    return ask(turn.question);
  };
  const stop = useCallback(() => running.current?.abort(), []);
  const startAnew = () => {
    stop();
    change({ type: "new" });
  };
  return { talk, busy, ask, again, stop, startAnew };
}
