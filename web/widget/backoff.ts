/** How long to wait before the next attempt to connect. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Exponential back-off with full jitter: anything from 0 to 0.5 s · 2^attempt, at most 30 s. The jitter spreads the
 * visitors of a restarted server over the whole time, so that they do not all come back at once.
 *
 * @param attempt failed attempts so far, from 0
 * @param random 0..1
 * @returns milliseconds
 */
export function backoffDelay(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(random() * ceiling);
}

/** The wait a server asked for (milliseconds as text in a close reason), kept within 1 s and 15 min. */
export function askedDelay(reason: string): number {
  const asked = Number.parseInt(reason, 10);
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 1000), 900_000) : LONGEST_MS;
}
