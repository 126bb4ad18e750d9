/** @jsxImportSource ./dom */
/** The launcher and, once open, the panel. */

import { accentColours } from "./colour.ts";
import { type Ref, useEffect, useRef } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { activeWithin, keepTabWithin } from "./focus.ts";
import { useWidget } from "./hooks.ts";
import { ChatIcon, DownIcon } from "./icons.tsx";
import { Panel } from "./panel.tsx";
import { fill } from "./strings.ts";
import type { Widget } from "./widget.ts";

export function App(): JSX.Element {
  const widget = useWidget();
  const area = useRef<HTMLDivElement>(null);
  const launcher = useRef<HTMLButtonElement>(null);
  useAccent(area, widget);
  useKeptFocus(area, launcher, widget);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!widget.isOpen || event.isComposing) return;
    // The page behind must not act on keys that are meant for the chat.
    event.stopPropagation();
    if (event.key === "Escape") {
      if (widget.passage === undefined) widget.close();
      else widget.showPassage(undefined);
    } else if (area.current !== null) keepTabWithin(event, area.current);
  };
  const { strings, unread, isOpen, config } = widget;
  const label = isOpen ? strings.close : strings.openChat;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of everything within, not an action of its own
    <div class="area" ref={area} data-side={config.position} data-open={isOpen} onKeyDown={onKeyDown}>
      {isOpen && <Panel />}
      <button
        type="button"
        class="launcher"
        ref={launcher}
        inert={widget.passage !== undefined}
        aria-label={unread > 0 ? `${label}, ${fill(strings.unread, { n: unread })}` : label}
        aria-expanded={isOpen}
        onClick={() => widget.toggle()}
      >
        {isOpen ? <DownIcon /> : <ChatIcon />}
        {unread > 0 && !isOpen && <span class="badge">{unread > 9 ? "9+" : unread}</span>}
      </button>
    </div>
  );
}

/** The colour of the business and the place on the page, set by script: a strict policy forbids style attributes. */
function useAccent(area: Ref<HTMLElement>, widget: Widget): void {
  const { color, offsetX, offsetY } = widget.config;
  const dark =
    widget.theme === "dark" ||
    (widget.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const style = area.current?.style;
    style?.setProperty("--x", `${offsetX}px`);
    style?.setProperty("--y", `${offsetY}px`);
    if (color === undefined) return;
    const colours = accentColours(color, dark);
    style?.setProperty("--accent", colours.accent);
    style?.setProperty("--accent-strong", colours.accentStrong);
    style?.setProperty("--on-accent", colours.onAccent);
    style?.setProperty("--accent-text", colours.accentText);
    style?.setProperty("--accent-soft", colours.accentSoft);
  }, [color, dark, offsetX, offsetY]);
}

/** What had the focus may be gone after drawing: closing gives it to the launcher, anything else to the field. */
function useKeptFocus(area: Ref<HTMLElement>, launcher: Ref<HTMLElement>, widget: Widget): void {
  // Read before drawing: afterwards the focused element is gone. Focus elsewhere on the page is left alone.
  const hadFocus = area.current !== null && activeWithin(area.current) !== undefined;
  useEffect(() => {
    if (!hadFocus || area.current === null || activeWithin(area.current) !== undefined) return;
    const field = area.current.querySelector<HTMLElement>("textarea");
    if (widget.passage === undefined) (widget.isOpen ? field : launcher.current)?.focus();
  });
}
