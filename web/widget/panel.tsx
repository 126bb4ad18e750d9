/** @jsxImportSource ./dom */
/** The panel: header, conversation, who answers, the field to write in. */

import { Composer } from "./composer.tsx";
import { type Ref, useEffect, useRef, useState } from "./dom/hooks.ts";
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
  useKeyboardRoom(panel, narrow);
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

/** A phone's keyboard covers the page without making it smaller: the panel takes what remains visible. */
function useKeyboardRoom(panel: Ref<HTMLElement>, narrow: boolean): void {
  useEffect(() => {
    const visible = window.visualViewport;
    if (!narrow || visible === null) return;
    const adapt = (): void => {
      panel.current?.style.setProperty("height", `${visible.height}px`);
      panel.current?.style.setProperty("top", `${visible.offsetTop}px`);
    };
    adapt();
    visible.addEventListener("resize", adapt);
    visible.addEventListener("scroll", adapt);
    return () => {
      visible.removeEventListener("resize", adapt);
      visible.removeEventListener("scroll", adapt);
      panel.current?.style.removeProperty("height");
      panel.current?.style.removeProperty("top");
    };
  }, [narrow]);
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
  const { chat, strings, name, keepsakes } = useWidget();
  const { messages, turns } = chat.state;
  // What was read before, here or on another page, is not announced again.
  const [from] = useState(() => Math.max(keepsakes.seen, messages.at(-1)?.seq ?? 0));
  const last = messages.at(-1);
  const isNew = last !== undefined && last.seq > from && last.author.kind !== "contact";
  const who = last?.author.kind === "agent" ? (last.author.name ?? strings.person) : name;
  return (
    <div class="unseen" role="status" aria-live="polite">
      {isNew && turns.length === 0 ? `${who}: ${plainText(last.text)}` : ""}
      {turns.length > 0 && strings.writing}
    </div>
  );
}
