/** @jsxImportSource preact */
/**
 * `/widget.js`: the one script a business puts on its pages. It adds one element with a shadow root and one global,
 * `MetaChat`; it loads nothing else.
 */
import { render } from "preact";
import { App } from "./app.tsx";
import { readConfig, type WidgetConfig } from "./config.ts";
import { keepAttached, makeHost } from "./host.ts";
import { browserStore, Keepsakes } from "./storage.ts";
import { titleBadge } from "./title.ts";
import { Widget, type WidgetEvents } from "./widget.ts";

/** What the page may call. */
export interface MetaChatApi {
  open(): void;
  close(): void;
  toggle(): void;
  sendMessage(text: string): void;
  /** BCP 47; undefined follows the settings and the browser again. */
  setLocale(locale?: string): void;
  setTheme(theme: "auto" | "light" | "dark"): void;
  /** @returns a function that ends the listening. */
  on<E extends keyof WidgetEvents>(event: E, listener: (value: WidgetEvents[E]) => void): () => void;
  /** Forgets this visitor and its conversation in this browser. */
  reset(): void;
}

declare global {
  interface Window {
    MetaChat?: MetaChatApi;
  }
}

const script = document.currentScript;
if (window.MetaChat === undefined && script instanceof HTMLScriptElement) {
  const config = readConfig(script.src, script.dataset);
  if (config === undefined) console.error("MetaChat: the script needs a data-channel attribute");
  else window.MetaChat = start(config);
}

function start(config: WidgetConfig): MetaChatApi {
  const keepsakes = new Keepsakes(config.channel, browserStore("localStorage"), browserStore("sessionStorage"));
  const widget = new Widget(config, keepsakes);
  if (document.body === null) addEventListener("DOMContentLoaded", () => show(widget), { once: true });
  else show(widget);
  return {
    open: () => widget.open(),
    close: () => widget.close(),
    toggle: () => widget.toggle(),
    sendMessage: (text) => {
      const trimmed = String(text).trim().slice(0, 20_000);
      if (trimmed !== "") widget.chat.send(trimmed);
    },
    setLocale: (locale) => widget.setLocale(locale),
    setTheme: (theme) => widget.setTheme(theme),
    on: (event, listener) => widget.on(event, listener),
    reset: () => widget.reset(),
  };
}

function show(widget: Widget): void {
  const { host, root } = makeHost();
  keepAttached(host);
  const badge = titleBadge();
  let due = false;
  const draw = (): void => {
    due = false;
    if (widget.theme === "auto") host.removeAttribute("data-theme");
    else host.dataset.theme = widget.theme;
    host.lang = widget.locale;
    render(<App widget={widget} />, root);
  };
  widget.watch(() => {
    badge(widget.unread);
    if (!due) queueMicrotask(draw);
    due = true;
  });
  followWindow(widget);
  draw();
  widget.start();
}

/** The network and the window come and go. */
function followWindow(widget: Widget): void {
  addEventListener("online", () => widget.chat.retryNow());
  addEventListener("offline", () => widget.chat.networkLost());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => widget.changed());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    widget.chat.retryNow();
    widget.changed();
  });
}
