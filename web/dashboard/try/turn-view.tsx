import { CitedText } from "../knowledge/citations.tsx";
import { ConfidenceMark } from "../ui/confidence-mark.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { isJudged } from "../ui/words.ts";
import { actionWords } from "./action-words.ts";
import type { Turn } from "./turns.ts";

interface TurnViewProps {
  readonly turn: Turn;
  /** Its steps are the ones in view. */
  readonly selected: boolean;
  readonly onTrace: () => void;
  /** Asks the same question again. */
  readonly onRetry: () => void;
}

export function TurnView({ turn, selected, onTrace, onRetry }: TurnViewProps) {
  return (
    <li className="grid gap-3">
      <p className="ml-auto max-w-[85%] rounded-card bg-hover px-3 py-2 break-words whitespace-pre-wrap">
        {turn.question}
      </p>
      <div
        className="min-w-0"
        aria-live="polite"
        aria-busy={turn.state === "asked" || turn.state === "writing"}
      >
        {turn.state === "asked" && (
          <p className="late text-muted">
            <span>Looking through the documents</span>
            <Caret />
          </p>
        )}
        {turn.text !== "" && (
          <CitedText
            text={turn.text}
            citations={turn.answer?.citations ?? []}
            partial={turn.state !== "done"}
          />
        )}
        {turn.state === "writing" && <Caret />}
        {turn.state === "stopped" && <p className="mt-1 text-sm text-muted">Stopped.</p>}
        {turn.answer?.action === "handed_over" && (
          <p className="mt-2 border-l-2 border-handed pl-3 text-sm text-pretty text-muted">
            On your site the visitor would now wait for a person, under Conversations. Here your next question
            goes to the assistant again.
          </p>
        )}
        {turn.answer?.action === "none" && (
          <p className="text-muted">A person has this conversation, so the assistant is silent.</p>
        )}
        {turn.error && (
          <ErrorNotice compact title="There is no answer" error={turn.error} onRetry={onRetry} />
        )}
        {turn.answer && (
          <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            {isJudged(turn.answer.confidence) && <ConfidenceMark confidence={turn.answer.confidence} />}
            <span>{actionWords(turn.answer.action)}</span>
            <button
              type="button"
              onClick={onTrace}
              aria-pressed={selected}
              className="h-6 font-medium text-accent-text hover:underline aria-pressed:text-muted aria-pressed:no-underline lg:aria-pressed:hidden"
            >
              How it came about
            </button>
          </div>
        )}
      </div>
    </li>
  );
}

function Caret() {
  return (
    <span aria-hidden="true" className="pulse ml-1 inline-block h-3.5 w-0.5 translate-y-0.5 bg-accent" />
  );
}
