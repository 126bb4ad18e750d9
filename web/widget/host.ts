/** The element on the page that holds everything, in a shadow root of its own. */
import { sheet } from "./sheet.ts" with { type: "macro" };

const NAME = "metachat-widget";

export function makeHost(): { readonly host: HTMLElement; readonly root: ShadowRoot } {
  // A name of its own, so that the page's rules for `div` do not apply.
  const host = document.createElement(NAME);
  const root = host.attachShadow({ mode: "open" });
  // Constructed sheets are allowed under `style-src 'self'`, where a <style> element is not.
  const styles = new CSSStyleSheet();
  styles.replaceSync(sheet());
  root.adoptedStyleSheets = [styles];
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
