/** The little that the parts of the panel share. */
import { useEffect, useState } from "./dom/hooks.ts";
import { nextReveal } from "./reveal.ts";
import type { Widget } from "./widget.ts";

let widgetOfPage: Widget | undefined;

/** A page has one widget; the parts of the panel ask for it instead of handing it down through every level. */
export function provideWidget(widget: Widget): void {
  widgetOfPage = widget;
}

export function useWidget(): Widget {
  if (widgetOfPage === undefined) throw new Error("used outside the widget");
  return widgetOfPage;
}

/** Milliseconds since 1970, renewed every second while `active`. */
export function useNow(active: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

/** How many characters of a growing text to show: word by word, or all at once for those who want no motion. */
export function useReveal(text: string, growing: boolean): number {
  const [shown, setShown] = useState(growing ? 0 : text.length);
  useEffect(() => {
    if (!growing) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let frame = requestAnimationFrame(function step() {
      setShown((before) => (calm ? text.length : nextReveal(text, Math.min(before, text.length))));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [text, growing]);
  return growing ? Math.min(shown, text.length) : text.length;
}

/** Making one takes longer than drawing a message. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${locale}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, made);
  return made;
}

/** "14:32" */
export function clock(iso: string, locale: string): string {
  return formatter(locale, "clock", { hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

/** "Tuesday, 4 March" */
export function day(iso: string, locale: string): string {
  return formatter(locale, "day", { weekday: "long", day: "numeric", month: "long" }).format(new Date(iso));
}
