export const MOST_TAGS = 20;

/** The tags with one more; the same list when it is there already, in capitals or not, or is nothing. */
export function withTag(tags: readonly string[], text: string): readonly string[] {
  const tag = text.trim().replace(/\s+/g, " ");
  const known = tags.some((item) => item.toLowerCase() === tag.toLowerCase());
  return tag === "" || known || tags.length >= MOST_TAGS ? tags : [...tags, tag];
}
