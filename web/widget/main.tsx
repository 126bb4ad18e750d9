/** @jsxImportSource ./dom */
/**
 * `/widget.js`: the one script a business puts on its pages. It adds one element with a shadow root and one global,
 * `MetaChat`; it loads nothing else.
 */

import type { MetaChatApi } from "./api.ts";
import { App } from "./app.tsx";
import { readConfig, type WidgetConfig } from "./config.ts";
import { setProperty } from "./dom/properties.ts";
import { mount } from "./dom/render.ts";
import { provideWidget } from "./hooks.ts";
import { keepAttached, makeHost } from "./host.ts";
import { browserStore, Keepsakes } from "./storage.ts";
import { titleBadge } from "./title.ts";
import { Widget } from "./widget.ts";

const script = document.currentScript;
if (window.MetaChat === undefined && script instanceof HTMLScriptElement) {
  const config = readConfig(script.src, script.dataset);
  if (config === undefined) console.error("MetaChat: the script needs a data-channel attribute");
  else window.MetaChat = start(config);
}

function start(config: WidgetConfig): MetaChatApi {
  const keepsakes = new Keepsakes(
    config.channel,
    browserStore("localStorage"),
    browserStore("sessionStorage"),
  );
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
  provideWidget(widget);
  const draw = mount(root, () => {
    // Writing an attribute, even the same again, has the browser compute every style in the panel anew.
    if (host.lang !== widget.locale) host.lang = widget.locale;
    const theme = widget.theme === "auto" ? undefined : widget.theme;
    if (host.dataset.theme !== theme) setProperty(host, "data-theme", host.dataset.theme, theme);
    return <App />;
  });
  widget.watch(() => {
    badge(widget.unread);
    draw();
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
