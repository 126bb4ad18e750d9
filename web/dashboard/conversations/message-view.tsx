import type { ReactNode } from "react";
import type { MessageBody } from "../api/types.ts";
import { CitedText } from "../knowledge/citations.tsx";
import { actionWords } from "../try/action-words.ts";
import { Button } from "../ui/button.tsx";
import { ConfidenceMark } from "../ui/confidence-mark.tsx";
import { describeError } from "../ui/notice.tsx";
import { clockTime, exactTime } from "../ui/time.ts";
import { isJudged } from "../ui/words.ts";
import type { Outgoing } from "./thread-state.ts";

interface MessageViewProps {
  readonly message: MessageBody;
  readonly onTrace: () => void;
}

export const BUBBLE = "w-fit max-w-full rounded-card px-3 py-2";

/** Visitors at the left, the business (assistant and people) at the right. */
export function MessageView({ message, onTrace }: MessageViewProps) {
  const { author } = message;
  if (author.kind === "contact") {
    return (
      <MessageFrame side="left" name={author.name} at={message.createdAt}>
        <p className={`${BUBBLE} bg-hover break-words whitespace-pre-wrap`}>{message.text}</p>
      </MessageFrame>
    );
  }
  if (author.kind === "agent") {
    return (
      <MessageFrame side="right" name={author.name ?? "You"} at={message.createdAt}>
        <p className={`${BUBBLE} ml-auto bg-accent-soft break-words whitespace-pre-wrap`}>{message.text}</p>
        {message.status === "failed" && <p className="mt-1 text-right text-xs text-failed">Not delivered</p>}
      </MessageFrame>
    );
  }
  if (author.kind === "system") {
    return (
      <MessageFrame side="right" name="Assistant" at={message.createdAt}>
        <p className={`${BUBBLE} ml-auto border border-line bg-raised`}>{message.text}</p>
      </MessageFrame>
    );
  }
  return (
    <MessageFrame side="right" name={author.name ?? "Assistant"} at={message.createdAt}>
      <div className={`${BUBBLE} ml-auto border border-line bg-raised`}>
        <CitedText text={message.text} citations={message.citations ?? []} />
      </div>
      <div className="mt-1 flex flex-wrap items-center justify-end gap-x-3 text-xs text-muted">
        {message.confidence && isJudged(message.confidence) && (
          <ConfidenceMark confidence={message.confidence} />
        )}
        {message.action && message.action !== "sent" && <span>{actionWords(message.action)}</span>}
        <button type="button" onClick={onTrace} className="h-6 font-medium text-accent-text hover:underline">
          How it came about
        </button>
      </div>
    </MessageFrame>
  );
}

interface FrameProps {
  readonly side: "left" | "right";
  readonly name: string | undefined;
  readonly at: string;
  readonly children: ReactNode;
}

function MessageFrame({ side, name, at, children }: FrameProps) {
  return (
    <li className={`max-w-[85%] min-w-0 ${side === "left" ? "mr-auto" : "ml-auto"}`}>
      <p className={`mb-0.5 text-xs text-muted ${side === "right" ? "text-right" : ""}`}>
        {name ?? "Visitor"}{" "}
        <time dateTime={at} title={exactTime(at)} className="tabular-nums">
          {clockTime(at)}
        </time>
      </p>
      {children}
    </li>
  );
}

interface OutgoingViewProps {
  readonly reply: Outgoing;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

export function OutgoingView({ reply, onRetry, onDiscard }: OutgoingViewProps) {
  const failed = reply.state === "failed";
  return (
    <li className="ml-auto max-w-[85%] min-w-0">
      <p className="mb-0.5 text-right text-xs text-muted">
        <span className={failed ? "" : "late"}>{failed ? "You" : "Sending"}</span>
      </p>
      <p className={`${BUBBLE} ml-auto bg-accent-soft break-words whitespace-pre-wrap`}>{reply.text}</p>
      {failed && (
        <div role="alert" className="mt-1 grid justify-items-end gap-1.5 text-xs">
          <p className="text-right text-failed">Not sent. {describeError(reply.error)}</p>
          <div className="flex gap-2">
            <Button size="small" onClick={onDiscard}>
              Discard
            </Button>
            <Button size="small" onClick={onRetry}>
              Send again
            </Button>
          </div>
        </div>
      )}
    </li>
  );
}
