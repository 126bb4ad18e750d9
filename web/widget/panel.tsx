/** @jsxImportSource ./dom */
/** The panel: header, conversation, who answers, the field to write in. */

import { Composer } from "./composer.tsx";
import { useEffect, useRef } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { Header } from "./header.tsx";
import { useWidget } from "./hooks.ts";
import { CloseIcon } from "./icons.tsx";
import { Passage } from "./passage.tsx";
import { PersonBar } from "./person-bar.tsx";
import { plainText } from "./plain-text.ts";
import { Thread } from "./thread.tsx";

/** Below this width (CSS pixels) the panel fills the screen, as in `panel.css`. */
export const NARROW = "(max-width: 599px)";

export function Panel(): JSX.Element {
  const widget = useWidget();
  const panel = useRef<HTMLElement>(null);
  const narrow = matchMedia(NARROW).matches;
  useEffect(() => {
    if (!widget.takesFocus) return;
    // On a phone the field would bring up the keyboard over the conversation.
    panel.current?.querySelector<HTMLElement>(narrow ? ".close" : "textarea")?.focus();
  }, []);
  return (
    <section class="panel" role="dialog" aria-modal={narrow} aria-label={widget.name} ref={panel}>
      <div class="stack" inert={widget.passage !== undefined}>
        <Header />
        <Thread />
        <Notice />
        <PersonBar />
        <Composer />
      </div>
      {widget.passage !== undefined && <Passage passage={widget.passage} />}
      <Announcer />
    </section>
  );
}

/** A refusal that belongs to no message. */
function Notice(): JSX.Element | null {
  const { chat, strings } = useWidget();
  const { notice } = chat.state;
  if (notice === undefined) return null;
  return (
    <div class="notice" role="alert">
      <span>{notice.message}</span>
      <button type="button" class="icon" aria-label={strings.close} onClick={() => chat.dismissNotice()}>
        <CloseIcon />
      </button>
    </div>
  );
}

/**
 * Reads out whole messages. The conversation itself is a log with announcements off: an answer that grows would be
 * read again at every word.
 */
function Announcer(): JSX.Element {
  const { chat, strings, name } = useWidget();
  const { messages, turns } = chat.state;
  // What was there when the panel opened is for reading, not for announcing.
  const from = useRef(messages.at(-1)?.seq ?? Number.POSITIVE_INFINITY);
  if (chat.state.welcomed && from.current === Number.POSITIVE_INFINITY) from.current = 0;
  const last = messages.at(-1);
  const isNew = last !== undefined && last.seq > (from.current ?? 0) && last.author.kind !== "contact";
  const who = last?.author.kind === "agent" ? (last.author.name ?? strings.person) : name;
  return (
    <div class="unseen" role="status" aria-live="polite">
      {isNew && turns.length === 0 ? `${who}: ${plainText(last.text)}` : ""}
      {turns.length > 0 && strings.writing}
    </div>
  );
}
