/** Streamed text appears word by word, whatever pieces it arrives in. */

/** Longer than any word worth waiting for; also lets scripts without spaces through. */
const LONGEST_WORD = 24;

/**
 * How much of `text` to show next. Ends at the end of a word; the more there is to catch up, the more words at once,
 * so the display is never more than about a third of a second behind.
 *
 * @param shown characters shown so far
 * @returns characters to show, at least `shown`
 */
export function nextReveal(text: string, shown: number): number {
  const known = lastBoundary(text, shown);
  if (known <= shown) return shown;
  const step = Math.max(1, Math.ceil((known - shown) / 12));
  let end = shown + step;
  while (end < known && !isBoundary(text, end)) end++;
  return Math.min(end, known);
}

/** The end of the last complete word after `from`; of an endless one, everything. */
function lastBoundary(text: string, from: number): number {
  for (let at = text.length; at > from && text.length - at <= LONGEST_WORD; at--)
    if (isBoundary(text, at)) return at;
  return text.length - from > LONGEST_WORD ? text.length : from;
}

/** The end of a word: white space follows, or was the last to come; or a character of a script without spaces. */
function isBoundary(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  if (at === text.length && /\s/.test(before)) return true;
  return /\s/.test(text.charAt(at)) || /[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]/.test(before);
}
