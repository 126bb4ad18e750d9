export interface Highlight {
  readonly before: string;
  readonly quote: string;
  readonly after: string;
}

/**
 * Where `quote` stands in `text`. Line breaks and runs of spaces count as one space, because a quote is often told
 * on one line and stands on two. `undefined`: it is not there.
 */
export function findQuote(text: string, quote: string): Highlight | undefined {
  const words = quote.trim().split(/\s+/);
  if (words.length === 0 || words[0] === "") return undefined;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const found = new RegExp(pattern, "u").exec(text);
  if (found === null) return undefined;
  const end = found.index + found[0].length;
  return { before: text.slice(0, found.index), quote: found[0], after: text.slice(end) };
}
