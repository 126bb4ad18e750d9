/** One line of a message without the marks of its Markdown: quotes, emphasis and source numbers. */
export function preview(text: string): string {
  return text
    .replace(/^\s*(?:>\s?|#{1,6}\s|[-*]\s)+/gm, "")
    .replace(/\s*\[\d+\]/g, "")
    .replace(/(\*\*|__|`)/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
