/** Slows down guessing: a fixed window of failures per name, in memory. */

interface Window {
  failures: number;
  until: number;
}

export class AttemptLimit {
  readonly #windows = new Map<string, Window>();

  constructor(
    readonly max: number,
    readonly windowMs: number,
  ) {}

  /** Milliseconds until another attempt is allowed; 0 when it is allowed now. */
  waitMs(name: string): number {
    const window = this.#windows.get(name);
    if (window === undefined || window.failures < this.max) return 0;
    return Math.max(0, window.until - Date.now());
  }

  fail(name: string): void {
    const now = Date.now();
    if (this.#windows.size > 10_000)
      for (const [key, window] of this.#windows) if (window.until < now) this.#windows.delete(key);
    const window = this.#windows.get(name);
    if (window === undefined || window.until < now)
      this.#windows.set(name, { failures: 1, until: now + this.windowMs });
    else window.failures += 1;
  }

  /** It was none after all. */
  takeBack(name: string): void {
    const window = this.#windows.get(name);
    if (window !== undefined) window.failures = Math.max(0, window.failures - 1);
  }

  succeed(name: string): void {
    this.#windows.delete(name);
  }
}
