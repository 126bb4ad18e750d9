/** The element on the page that holds everything, in a shadow root of its own. */
import tokens from "../shared/tokens.css" with { type: "text" };
import panelCss from "./panel.css" with { type: "text" };
import threadCss from "./thread.css" with { type: "text" };

const NAME = "metachat-widget";

export function makeHost(): { readonly host: HTMLElement; readonly root: ShadowRoot } {
  // A name of its own, so that the page's rules for `div` do not apply.
  const host = document.createElement(NAME);
  const root = host.attachShadow({ mode: "open" });
  // Constructed sheets are allowed under `style-src 'self'`, where a <style> element is not.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(tokens + panelCss + threadCss);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
}

/** Single-page sites replace the body or its children on navigation: the widget comes back, as it was. */
export function keepAttached(host: HTMLElement): void {
  let body: HTMLElement | undefined;
  const attach = (): void => {
    if (document.body === null) return;
    if (!host.isConnected) document.body.append(host);
    if (body === document.body) return;
    body = document.body;
    observer.disconnect();
    observer.observe(document.documentElement, { childList: true });
    observer.observe(body, { childList: true });
  };
  const observer = new MutationObserver(attach);
  attach();
}
