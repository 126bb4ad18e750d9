/** The one global that the script adds to the page. */
import type { WidgetEvents } from "./widget.ts";

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
