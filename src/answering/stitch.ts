/** Passages that overlap or follow one another in their document, without saying anything twice. */
import type { Passage } from "../knowledge/search-protocol.ts";

type Place = Pick<Passage, "documentId" | "text" | "start" | "end">;

/**
 * The text of each passage without what an earlier one in the list says already: where a section was cut, neighbours
 * repeat some sentences. Empty for one that lies wholly within others.
 */
export function withoutOverlap(passages: readonly Place[]): string[] {
  return passages.map((passage, index) => {
    let { start, end } = passage;
    for (const other of passages.slice(0, index)) {
      if (other.documentId !== passage.documentId) continue;
      if (other.start <= start && other.end > start) start = Math.min(other.end, end);
      if (other.end >= end && other.start < end) end = Math.max(other.start, start);
    }
    return passage.text.slice(start - passage.start, end - passage.start).trim();
  });
}
