/** @jsxImportSource ./dom */
/** An answer of the assistant, from its first dots to its sources. */

import type { VisitorCitation, VisitorMessage } from "../../src/live/frames.ts";
import { useState } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { clock, useReveal, useWidget } from "./hooks.ts";
import { CopyIcon, SentIcon, ThumbDownIcon, UpIcon } from "./icons.tsx";
import { Markdown } from "./markdown-view.tsx";
import { plainText } from "./plain-text.ts";
import type { Turn } from "./state.ts";
import { fill } from "./strings.ts";

interface Props {
  readonly turn: Turn | undefined;
  readonly message: VisitorMessage | undefined;
}

/** The streamed bubble and the finished message are one component, so the text stays where it is. */
export function Answer({ turn, message }: Props): JSX.Element {
  const { locale, name } = useWidget();
  const growing = message === undefined && turn?.state !== "done";
  const text = message?.text ?? turn?.text ?? "";
  const shown = text.slice(0, useReveal(text, growing));
  return (
    <div class="answer">
      <p class="meta">
        <b>{name}</b>
        {message && (
          <>
            {" "}
            <time dateTime={message.createdAt}>{clock(message.createdAt, locale)}</time>
          </>
        )}
      </p>
      {shown === "" && growing ? (
        <Dots searching={turn?.state === "searching"} />
      ) : (
        <Markdown text={shown} partial={growing} citations={message?.citations} />
      )}
      {message?.citations !== undefined && message.citations.length > 0 && (
        <Sources citations={message.citations} />
      )}
      {message?.author.kind === "assistant" && <Afterword message={message} />}
    </div>
  );
}

function Dots({ searching }: { readonly searching: boolean }): JSX.Element {
  const { strings } = useWidget();
  return (
    <p class="meta waiting">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span class={searching ? "" : "unseen"}>{searching ? strings.searching : strings.writing}</span>
    </p>
  );
}

function Sources({ citations }: { readonly citations: readonly VisitorCitation[] }): JSX.Element {
  const widget = useWidget();
  const { strings } = widget;
  return (
    <ul class="sources" aria-label={strings.sources}>
      {citations.map((citation) => (
        <li key={citation.n}>
          <button
            type="button"
            class="chip"
            onClick={(event) => widget.showPassage(citation, event.currentTarget)}
          >
            <span class="n">{citation.n}</span>
            <span class="title">{citation.title}</span>
            {citation.page !== undefined && (
              <span class="page">{fill(strings.page, { n: citation.page })}</span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** How sure it is, and what the visitor makes of it. */
function Afterword({ message }: { readonly message: VisitorMessage }): JSX.Element {
  return (
    <>
      <div class="afterword">
        {isClaim(message) && message.confidence && <Confidence level={message.confidence.level} />}
        <span class="actions">
          <Copy text={message.text} />
          <Rating messageId={message.id} />
        </span>
      </div>
      <Reason messageId={message.id} />
    </>
  );
}

/** Greetings, and the offer of a person, claim nothing that one could be sure of. */
function isClaim({ action, citations, confidence }: VisitorMessage): boolean {
  if (action === "handed_over") return false;
  return (citations?.length ?? 0) > 0 || confidence?.level !== "high";
}

function Confidence({ level }: { readonly level: "high" | "medium" | "low" }): JSX.Element {
  const { strings } = useWidget();
  const word = { high: strings.sure, medium: strings.fairlySure, low: strings.unsure }[level];
  return (
    <span class="confidence" data-level={level}>
      <span class="segments" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {word}
    </span>
  );
}

function Copy({ text }: { readonly text: string }): JSX.Element | null {
  const { strings } = useWidget();
  const [copied, setCopied] = useState(false);
  // Only secure contexts have a clipboard.
  if (navigator.clipboard === undefined) return null;
  const copy = (): void => {
    navigator.clipboard.writeText(plainText(text)).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), 2000);
      },
      () => setCopied(false),
    );
  };
  const label = copied ? strings.copied : strings.copy;
  return (
    <button type="button" class="icon small" aria-label={label} title={label} onClick={copy}>
      {copied ? <SentIcon /> : <CopyIcon />}
    </button>
  );
}

function Rating({ messageId }: { readonly messageId: string }): JSX.Element {
  const { chat, strings } = useWidget();
  const value = chat.state.feedback[messageId];
  const button = (own: "up" | "down", label: string, icon: JSX.Element): JSX.Element => (
    <button
      type="button"
      class="icon small"
      aria-label={label}
      title={label}
      aria-pressed={value === own}
      onClick={() => value !== own && chat.rate(messageId, own)}
    >
      {icon}
    </button>
  );
  return (
    <>
      {button("up", strings.helpful, <UpIcon />)}
      {button("down", strings.notHelpful, <ThumbDownIcon />)}
    </>
  );
}

/** After a thumb down: what was wrong, for who wants to say it. */
function Reason({ messageId }: { readonly messageId: string }): JSX.Element | null {
  const { chat, strings } = useWidget();
  const [reason, setReason] = useState("");
  const [sent, setSent] = useState(false);
  const value = chat.state.feedback[messageId];
  if (value !== "down") return null;
  if (sent) {
    return (
      <p class="meta" role="status">
        {strings.sent}
      </p>
    );
  }
  const send = (event: Event): void => {
    event.preventDefault();
    if (reason.trim() !== "") chat.rate(messageId, "down", reason.trim());
    setSent(true);
  };
  return (
    <form class="inline-form" onSubmit={send}>
      <input
        type="text"
        maxLength={1000}
        aria-label={strings.reason}
        placeholder={strings.reason}
        value={reason}
        onInput={(event) => setReason(event.currentTarget.value)}
      />
      <button type="submit" class="quiet">
        {strings.send}
      </button>
    </form>
  );
}
