import { useEffect, useMemo, useSyncExternalStore } from "react";

/**
 * A small history router. Entries are numbered in `history.state`, so that "back" over unsaved changes can be
 * undone, asked about, and done again.
 */
interface Entry {
  readonly index: number;
}

const listeners = new Set<() => void>();
const blockers = new Map<symbol, string>();
let index = 0;
let current = "";
let ignoreNextPop = false;
let asked: { readonly what: string; readonly go: () => void } | null = null;

function here(): string {
  return window.location.pathname + window.location.search + window.location.hash;
}

function notify(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function indexOf(state: unknown): number {
  return typeof state === "object" && state !== null && "index" in state ? Number(state.index) : 0;
}

export function startRouter(): void {
  index = indexOf(window.history.state);
  current = here();
  window.history.replaceState({ index } satisfies Entry, "");
  window.addEventListener("popstate", (event) => {
    if (ignoreNextPop) {
      ignoreNextPop = false;
      return;
    }
    const steps = indexOf(event.state) - index;
    const arrive = () => {
      index += steps;
      current = here();
      notify();
    };
    const what = firstBlocker();
    if (what === undefined || steps === 0 || samePage(here())) return arrive();
    ignoreNextPop = true;
    window.history.go(-steps);
    ask(what, () => window.history.go(steps));
  });
}

function firstBlocker(): string | undefined {
  return blockers.values().next().value;
}

function ask(what: string, go: () => void): void {
  asked = { what, go };
  notify();
}

export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  const go = () => {
    if (to === here()) return;
    if (options.replace === true) {
      window.history.replaceState({ index } satisfies Entry, "", to);
    } else {
      index += 1;
      window.history.pushState({ index } satisfies Entry, "", to);
    }
    current = here();
    notify();
  };
  if (samePage(to)) go();
  else afterLeaving(go);
}

/** Moving within a page, to another part of it, loses nothing. */
function samePage(to: string): boolean {
  return new URL(to, window.location.origin).pathname === new URL(current, window.location.origin).pathname;
}

/** Runs `go` at once, or after the person has agreed to lose what is not saved. */
export function afterLeaving(go: () => void): void {
  const what = firstBlocker();
  if (what === undefined) go();
  else ask(what, go);
}

/** The address in view: path, query and fragment. */
export function useLocation(): string {
  return useSyncExternalStore(subscribe, () => current);
}

/** The part of the address behind its question mark. */
export function useSearchParameters(): URLSearchParams {
  const location = useLocation();
  return useMemo(() => new URL(location, window.location.origin).searchParams, [location]);
}

/** What the person must decide before the page changes; `null`: nothing. */
export function usePendingLeave() {
  return useSyncExternalStore(subscribe, () => asked);
}

export function decideLeave(leave: boolean): void {
  const question = asked;
  asked = null;
  if (leave) blockers.clear();
  notify();
  if (leave) question?.go();
}

/** Asks before the page is left while `active`; `what` names the part with unsaved changes. */
export function useLeaveGuard(active: boolean, what: string): void {
  useEffect(() => {
    if (!active) return;
    const key = Symbol(what);
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    blockers.set(key, what);
    window.addEventListener("beforeunload", warn);
    return () => {
      blockers.delete(key);
      window.removeEventListener("beforeunload", warn);
    };
  }, [active, what]);
}
