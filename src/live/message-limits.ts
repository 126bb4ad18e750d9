/** How many messages a visitor, an address and a channel may send, in fixed windows, in memory. */

export interface Limit {
  readonly name: string;
  readonly max: number;
  readonly windowMs: number;
}

interface Window {
  count: number;
  until: number;
}

const sweepAt = 20_000;
const sweepEveryMs = 60_000;

export class MessageLimits {
  readonly #windows = new Map<string, Window>();
  #sweptAt = 0;

  /** Counts one message against all limits, or none of them. @returns 0, or milliseconds until it may be tried again */
  take(limits: readonly Limit[], now = Date.now()): number {
    if (this.#windows.size > sweepAt && now - this.#sweptAt > sweepEveryMs) this.#sweep(now);
    let wait = 0;
    for (const limit of limits) {
      const window = this.#windows.get(limit.name);
      if (window !== undefined && window.until > now && window.count >= limit.max)
        wait = Math.max(wait, window.until - now);
    }
    if (wait > 0) return wait;
    for (const limit of limits) {
      const window = this.#windows.get(limit.name);
      if (window === undefined || window.until <= now)
        this.#windows.set(limit.name, { count: 1, until: now + limit.windowMs });
      else window.count += 1;
    }
    return 0;
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [name, window] of this.#windows) if (window.until <= now) this.#windows.delete(name);
  }
}
