/** The widget without its looks: open or closed, read or unread, in which language and theme. What the page can call. */
import type { VisitorCitation, VisitorMessage } from "../../src/live/frames.ts";
import { Chat } from "./chat.ts";
import { asTheme, liveUrl, type Theme, type WidgetConfig } from "./config.ts";
import { highestSeq } from "./state.ts";
import type { Keepsakes } from "./storage.ts";
import { pickLocale, type Strings, stringsOf } from "./strings.ts";

export interface WidgetEvents {
  readonly open: undefined;
  readonly close: undefined;
  /** A message of the assistant or of a person has come. */
  readonly message: VisitorMessage;
  readonly unread: number;
}

type Listener = (value: unknown) => void;

export class Widget {
  readonly chat: Chat;
  isOpen = false;
  unread = 0;
  theme: Theme;
  /** The passage that is being read. */
  passage: VisitorCitation | undefined;
  opener: HTMLElement | undefined;
  /** Set by opening by hand: the panel takes the focus, which it must not do on a page that only restores it. */
  takesFocus = false;
  #chosenLocale: string | undefined;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #watchers = new Set<() => void>();

  constructor(
    readonly config: WidgetConfig,
    readonly keepsakes: Keepsakes,
  ) {
    this.theme = config.theme;
    this.#chosenLocale = config.locale;
    this.chat = new Chat({
      url: liveUrl(config),
      keepsakes,
      onChange: () => this.changed(),
      onMessage: (message) => this.#emit("message", message),
    });
  }

  /** A visitor who was here before may have an answer waiting; nobody else is connected before opening. */
  start(): void {
    if (this.keepsakes.token !== undefined) this.chat.connect();
    if (this.config.open || this.keepsakes.open) this.open(false);
  }

  open(takesFocus = true): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.takesFocus = takesFocus;
    this.keepsakes.open = true;
    this.chat.connect();
    this.#emit("open", undefined);
    this.changed();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.passage = undefined;
    this.keepsakes.open = false;
    this.#emit("close", undefined);
    this.changed();
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param opener gets the focus back when the passage is closed */
  showPassage(passage: VisitorCitation | undefined, opener?: HTMLElement): void {
    this.passage = passage;
    if (opener !== undefined) this.opener = opener;
    this.changed();
  }

  setTheme(theme: unknown): void {
    this.theme = asTheme(theme);
    this.changed();
  }

  setLocale(locale: string | undefined): void {
    this.#chosenLocale = locale;
    this.changed();
  }

  get locale(): string {
    const setting = this.chat.state.settings?.language;
    const browser = typeof navigator === "undefined" ? [] : navigator.languages;
    return pickLocale([this.#chosenLocale, setting === "auto" ? undefined : setting, ...browser]);
  }

  get strings(): Strings {
    return stringsOf(this.locale);
  }

  get name(): string {
    return this.chat.state.settings?.assistantName || "Chat";
  }

  reset(): void {
    this.chat.reset();
    this.passage = undefined;
    if (this.isOpen) this.chat.connect();
    this.changed();
  }

  on<E extends keyof WidgetEvents>(event: E, listener: (value: WidgetEvents[E]) => void): () => void {
    const own: Listener = (value) => listener(value as WidgetEvents[E]);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(own));
    return () => listeners.delete(own);
  }

  /** Calls `watcher` after every change of anything. */
  watch(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  /** Something changed here, in the conversation or in the window. */
  changed(): void {
    this.#countUnread();
    for (const watcher of this.#watchers) watcher();
  }

  #countUnread(): void {
    // During construction the conversation may already report a change.
    if (this.chat === undefined) return;
    const { messages } = this.chat.state;
    const highest = highestSeq(this.chat.state);
    if (this.isOpen && isVisible() && highest > this.keepsakes.seen) this.keepsakes.seen = highest;
    const seen = this.keepsakes.seen;
    const unread = messages.filter(({ author, seq }) => seq > seen && author.kind !== "contact").length;
    if (unread === this.unread) return;
    this.unread = unread;
    this.#emit("unread", unread);
  }

  #emit<E extends keyof WidgetEvents>(event: E, value: WidgetEvents[E]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      try {
        listener(value);
      } catch (error) {
        // The page's mistake must not stop the conversation.
        console.error(error);
      }
    }
  }
}

function isVisible(): boolean {
  return typeof document === "undefined" || document.visibilityState === "visible";
}
