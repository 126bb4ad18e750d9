/** The four hooks, as React and Preact have them. */
import { afterDrawing, drawAgain, nextHook } from "./render.ts";

export interface Ref<T> {
  current: T | null;
}

/** A value that stays from drawing to drawing; setting it draws again. */
export function useState<T>(initial: T | (() => T)): readonly [T, (next: T | ((before: T) => T)) => void] {
  const { hook, isNew, fiber } = nextHook();
  if (isNew) hook.value = isFunction(initial) ? initial() : initial;
  const set = (next: T | ((before: T) => T)): void => {
    const before = hook.value as T;
    hook.value = isFunction(next) ? next(before) : next;
    if (hook.value !== before) drawAgain(fiber);
  };
  return [hook.value as T, set];
}

/** A box that stays from drawing to drawing; as `ref` of an element it holds the element. */
export function useRef<T>(initial: T | null): Ref<T> {
  return useState<Ref<T>>(() => ({ current: initial }))[0];
}

/** Runs after drawing when one of the dependencies has changed; what it returns runs before the next time. */
export function useEffect(effect: () => unknown, dependencies?: readonly unknown[]): void {
  const { hook } = nextHook();
  const before = hook.dependencies;
  const same = before !== undefined && dependencies?.every((value, index) => Object.is(value, before[index]));
  hook.dependencies = dependencies;
  if (same) return;
  afterDrawing(() => {
    if (typeof hook.cleanup === "function") hook.cleanup();
    hook.cleanup = effect();
  });
}

function isFunction(value: unknown): value is (...args: unknown[]) => never {
  return typeof value === "function";
}
