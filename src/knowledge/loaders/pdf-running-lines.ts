import type { PdfLine } from "./pdf-lines.ts";

const LEAST_PAGES = 4;
const LEAST_SHARE = 0.4;

/**
 * Removes page numbers and the header and footer that repeat on the pages of a document; they would stand in the
 * middle of sentences. The first occurrence of a repeated text stays: it may be the only place that names the product.
 */
export function withoutRunningLines(pages: readonly (readonly PdfLine[])[]): readonly (readonly PdfLine[])[] {
  const withText = pages.filter((lines) => lines.length > 0).length;
  if (withText < LEAST_PAGES) return pages;
  const counts = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set(outerLines(lines).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const seen = new Set<string>();
  return pages.map((lines) => {
    const outer = new Set(outerLines(lines));
    return lines.filter((line) => {
      const key = keyOf(line);
      if (!outer.has(line) || (counts.get(key) ?? 0) < Math.max(3, withText * LEAST_SHARE)) return true;
      const first = !seen.has(key);
      seen.add(key);
      return first && /\p{L}/u.test(line.text);
    });
  });
}

/** The two uppermost and the two lowest lines of a page. */
function outerLines(lines: readonly PdfLine[]): PdfLine[] {
  const upright = lines.filter((line) => line.angle === 0).sort((a, b) => b.base - a.base);
  return upright.length <= 4 ? upright : [...upright.slice(0, 2), ...upright.slice(-2)];
}

function keyOf(line: PdfLine): string {
  return line.text.replace(/\d+/g, "#").replace(/\s+/g, " ");
}
