import type { PdfLine } from "./pdf-lines.ts";
import type { PdfElement } from "./pdf-page.ts";

const LEAST_PAGES = 4;
const LEAST_SHARE = 0.4;

/**
 * Removes page numbers and the header and footer that repeat on the pages of a document; they would stand in the
 * middle of sentences. The first occurrence of a repeated text stays: it may be the only place that names the product.
 */
export function withoutRunningLines(
  pages: readonly (readonly PdfElement[])[],
): readonly (readonly PdfElement[])[] {
  const withText = pages.filter((elements) => elements.length > 0).length;
  if (withText < LEAST_PAGES) return pages;
  const counts = new Map<string, number>();
  for (const elements of pages) {
    for (const key of new Set(outerLines(elements).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const seen = new Set<string>();
  return pages.map((elements) => {
    const outer = new Set(outerLines(elements));
    return elements.filter((element) => {
      if (element.kind !== "line" || !outer.has(element.line)) return true;
      const key = keyOf(element.line);
      if ((counts.get(key) ?? 0) < Math.max(3, withText * LEAST_SHARE)) return true;
      const first = !seen.has(key);
      seen.add(key);
      return first && /\p{L}/u.test(element.line.text);
    });
  });
}

/** The two uppermost and the two lowest lines of a page. */
function outerLines(elements: readonly PdfElement[]): PdfLine[] {
  const upright = linesIn(elements)
    .filter((line) => line.angle === 0)
    .sort((a, b) => b.base - a.base);
  return upright.length <= 4 ? upright : [...upright.slice(0, 2), ...upright.slice(-2)];
}

export function linesIn(elements: readonly PdfElement[]): PdfLine[] {
  return elements.flatMap((element) => (element.kind === "line" ? [element.line] : []));
}

function keyOf(line: PdfLine): string {
  return line.text.replace(/\d+/g, "#").replace(/\s+/g, " ");
}
