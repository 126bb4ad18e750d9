/**
 * What the widget keeps in the browser. Storage may be blocked, full or cleared at any time (#windows, embedded
 * frames), so every access may fail and nothing depends on it.
 */
import type { Outgoing } from "./state.ts";

export interface Store {
  get(key: string): string | undefined;
  /** undefined removes the key. */
  set(key: string, value: string | undefined): void;
}

/** A store over `localStorage` or `sessionStorage` that falls back to memory. */
export function browserStore(name: "localStorage" | "sessionStorage"): Store {
  const memory = new Map<string, string>();
  return {
    get(key) {
      try {
        return globalThis[name].getItem(key) ?? memory.get(key);
      } catch {
        return memory.get(key);
      }
    },
    set(key, value) {
      if (value === undefined) memory.delete(key);
      else memory.set(key, value);
      try {
        if (value === undefined) globalThis[name].removeItem(key);
        else globalThis[name].setItem(key, value);
      } catch {
        // Blocked or full: the memory copy serves this page.
      }
    },
  };
}

/** What one channel keeps. Two channels on one site do not see each other's visitor. */
export class Keepsakes {
  readonly #prefix: string;

  readonly #local: Store;
  readonly #session: Store;
  constructor(channel: string, local: Store, session: Store) {
    this.#local = local;
    this.#session = session;

    this.#prefix = `metachat:${channel}`;
  }

  get token(): string | undefined {
    return this.#local.get(this.#prefix);
  }

  set token(value: string | undefined) {
    this.#local.set(this.#prefix, value);
  }

  /** The highest `seq` the visitor has had before its eyes, in any tab. */
  get seen(): number {
    return Number.parseInt(this.#local.get(`${this.#prefix}:seen`) ?? "0", 10) || 0;
  }

  set seen(seq: number) {
    this.#local.set(`${this.#prefix}:seen`, seq === 0 ? undefined : String(seq));
  }

  get draft(): string {
    return this.#session.get(`${this.#prefix}:draft`) ?? "";
  }

  set draft(text: string) {
    this.#session.set(`${this.#prefix}:draft`, text === "" ? undefined : text);
  }

  /** Whether the panel was open on the page before this one. */
  get open(): boolean {
    return this.#session.get(`${this.#prefix}:open`) === "1";
  }

  set open(open: boolean) {
    this.#session.set(`${this.#prefix}:open`, open ? "1" : undefined);
  }

  /** Messages without an acknowledgement, of any tab of this visitor: to be sent again, once. */
  get unsent(): readonly Outgoing[] {
    return parseUnsent(this.#local.get(`${this.#prefix}:unsent`));
  }

  keepUnsent(item: Outgoing): void {
    this.#writeUnsent([...this.unsent.filter((other) => other.clientId !== item.clientId), item]);
  }

  dropUnsent(clientId: string): void {
    const before = this.unsent;
    const after = before.filter((item) => item.clientId !== clientId);
    if (after.length !== before.length) this.#writeUnsent(after);
  }

  forget(): void {
    this.token = undefined;
    this.seen = 0;
    this.draft = "";
    this.#writeUnsent([]);
  }

  #writeUnsent(items: readonly Outgoing[]): void {
    const kept = items.map(({ clientId, text, createdAt }) => ({ clientId, text, createdAt }));
    this.#local.set(`${this.#prefix}:unsent`, kept.length === 0 ? undefined : JSON.stringify(kept));
  }
}

function parseUnsent(text: string | undefined): readonly Outgoing[] {
  try {
    const items: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(items) ? items.filter(isUnsent).map((item) => ({ ...item, state: "pending" })) : [];
  } catch {
    return [];
  }
}

function isUnsent(item: unknown): item is { clientId: string; text: string; createdAt: string } {
  return (
    typeof item === "object" &&
    item !== null &&
    "clientId" in item &&
    typeof item.clientId === "string" &&
    "text" in item &&
    typeof item.text === "string" &&
    "createdAt" in item &&
    typeof item.createdAt === "string" &&
    !Number.isNaN(Date.parse(item.createdAt))
  );
}
