/** @jsxImportSource ./dom */
/** The passage behind a citation, over the conversation. */

import type { VisitorCitation } from "../../src/live/frames.ts";
import { sourceHref } from "../shared/markdown.ts";
import { useEffect, useRef } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { useWidget } from "./hooks.ts";
import { CloseIcon, OpenIcon } from "./icons.tsx";
import { fill } from "./strings.ts";

export function Passage({ passage }: { readonly passage: VisitorCitation }): JSX.Element {
  const widget = useWidget();
  const { strings } = widget;
  const dialog = useRef<HTMLDivElement>(null);
  useFocusWhileOpen(dialog);
  const href = passage.url === undefined ? undefined : sourceHref(passage.url);
  const close = (): void => widget.showPassage(undefined);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: closes for the mouse what Escape and the button close
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is handled for the whole panel
    <div class="veil" onClick={(event) => event.target === event.currentTarget && close()}>
      <div class="passage" role="dialog" aria-modal="true" aria-labelledby="passage-title" ref={dialog}>
        <div class="head">
          <div class="who">
            <h2 id="passage-title">{passage.title}</h2>
            <p class="meta">
              {fill(strings.source, { n: passage.n, title: "" }).replace(/[:：\s]+$/, "")}
              {passage.page !== undefined && ` · ${fill(strings.page, { n: passage.page })}`}
            </p>
          </div>
          <button type="button" class="icon" aria-label={strings.close} onClick={close}>
            <CloseIcon />
          </button>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <blockquote tabIndex={0} dir="auto">
          {passage.quote}
        </blockquote>
        {href !== undefined && (
          <a href={href} target="_blank" rel="noopener noreferrer nofollow">
            {strings.openSource} <OpenIcon />
          </a>
        )}
      </div>
    </div>
  );
}

/** Takes the focus, and gives it back to the number or chip that opened the passage. */
function useFocusWhileOpen(dialog: { readonly current: HTMLElement | null }): void {
  const opener = useWidget().opener;
  useEffect(() => {
    dialog.current?.querySelector<HTMLElement>("button")?.focus();
    // A frame later, when the conversation is no longer inert.
    return () => void requestAnimationFrame(() => opener?.focus());
  }, []);
}
