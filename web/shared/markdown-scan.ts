/**
 * Finding links, addresses and citations in a line of text. Each scan stops at the next bracket, so however many
 * brackets a text has, no part of it is read more than a few times.
 */

export interface FoundLink {
  /** What is between the brackets. */
  readonly label: string;
  /** Whether there is a `]`, and whether a `(` follows it. */
  readonly closed: boolean;
  readonly opened: boolean;
  /** Only of a complete `[label](address)`. */
  readonly address?: string;
  /** After what was found. */
  readonly end: number;
}

/** Reads `[label](address "title")` from the bracket at `open`, as far as it goes. */
export function linkAt(text: string, open: number): FoundLink {
  let at = open + 1;
  while (at < text.length && text.charAt(at) !== "[" && text.charAt(at) !== "]") {
    at += text.charAt(at) === "\\" ? 2 : 1;
  }
  at = Math.min(at, text.length);
  const label = text.slice(open + 1, at);
  const closed = text.charAt(at) === "]";
  if (!closed) return { label, closed, opened: false, end: at };
  const opened = text.charAt(at + 1) === "(";
  if (!opened) return { label, closed, opened, end: at + 1 };
  return addressAt(text, at + 2, label);
}

function addressAt(text: string, start: number, label: string): FoundLink {
  const stop = addressEnd(text, start);
  const address = text.slice(start, stop).replace(/^<|>$/g, "");
  let end = stop;
  // A title in quotes may follow; it is not shown.
  if (text.charAt(end) === " ") while (end < text.length && !"[)\n".includes(text.charAt(end))) end++;
  const complete = text.charAt(end) === ")" && address !== "" && titleIsQuoted(text.slice(stop, end));
  if (complete) return { label, closed: true, opened: true, address, end: end + 1 };
  // `[1](see below)` is a citation and a remark: only the brackets are taken.
  const unfinished = end === text.length;
  return { label, closed: true, opened: unfinished, end: unfinished ? end : start - 1 };
}

/** The end of an address: white space, a closing parenthesis without an opening one, or the next bracket. */
function addressEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "(") depth++;
    if (char === ")" && depth-- === 0) return at;
    if (char === "[" || char === "]" || isSpace(char)) return at;
  }
  return text.length;
}

function titleIsQuoted(rest: string): boolean {
  const title = rest.trim();
  return title === "" || (title.length > 1 && /^["']/.test(title) && title.endsWith(title.charAt(0)));
}

/** `1` and `1, 3` as in `[1, 3]`; empty when it is anything else. */
export function citationNumbers(label: string): readonly number[] {
  if (label.length === 0 || label.length > 40) return [];
  const parts = label.split(",").map((part) => part.trim());
  return parts.every((part) => /^[1-9]\d{0,2}$/.test(part)) ? parts.map(Number) : [];
}

/** Where the `http(s)://` address that starts at `start` ends, without the punctuation of the sentence. */
export function bareUrlEnd(text: string, start: number): number | undefined {
  const head = text.slice(start, start + 8).toLowerCase();
  if (!head.startsWith("http://") && head !== "https://") return undefined;
  let end = start;
  let depth = 0;
  while (end < text.length && !isUrlStop(text.charAt(end))) {
    const char = text.charAt(end);
    if (char === "(") depth++;
    if (char === ")" && depth-- === 0) break;
    end++;
  }
  while (end > start && ".,;:!?*_~'".includes(text.charAt(end - 1))) end--;
  return end > start + 8 ? end : undefined;
}

/** The mail address around the `@` at `at`, or undefined. */
export function emailAround(
  text: string,
  at: number,
): { readonly name: string; readonly domain: string } | undefined {
  let start = at;
  while (start > 0 && at - start < 64 && /[\w.+-]/.test(text.charAt(start - 1))) start--;
  let end = at + 1;
  while (end < text.length && end - at < 255 && /[\w.-]/.test(text.charAt(end))) end++;
  while (end > at && ".-_".includes(text.charAt(end - 1))) end--;
  const name = text.slice(start, at);
  const domain = text.slice(at + 1, end);
  return name === "" || !domain.includes(".") ? undefined : { name, domain };
}

function isUrlStop(char: string): boolean {
  return isSpace(char) || '<>"`[]{}|\\^，。；：！？、）」』”'.includes(char);
}

function isSpace(char: string): boolean {
  return char.trim() === "" && char !== "";
}
