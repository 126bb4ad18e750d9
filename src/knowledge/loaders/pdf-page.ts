import { MAX_FRAGMENTS, regionsOf } from "./pdf-columns.ts";
import { fragmentsOf, mirrored, type PdfFragment } from "./pdf-fragments.ts";
import { linesOf, type PdfLine, paintedLines } from "./pdf-lines.ts";
import type { PdfTextItem } from "./pdf-runs.ts";
import { type PdfTable, stretchesIn, tablesIn } from "./pdf-tables.ts";

/** What stands on a page, in reading order. */
export type PdfElement =
  | { readonly kind: "line"; readonly line: PdfLine }
  | { readonly kind: "table"; readonly table: PdfTable }
  /** What lies over the page: a value of a form, or a note. */
  | { readonly kind: "note"; readonly text: string };

interface Placed {
  readonly element: PdfElement;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly order: number;
}

/** Share of steps up the page from which the order of painting is no order of reading. */
const MOST_JUMPS = 0.4;

/** Reads a page: columns one after the other, tables as tables. @param rotation of the page, degrees clockwise */
export function elementsOf(items: readonly PdfTextItem[], rotation = 0): readonly PdfElement[] {
  const groups = Map.groupBy(fragmentsOf(items, rotation), (fragment) => fragment.angle);
  // Text at the angle of most of the page first; a stamp in the margin must not stand within its sentences.
  return [...groups.values()].sort((a, b) => charactersOf(b) - charactersOf(a)).flatMap(elementsOfGroup);
}

function elementsOfGroup(fragments: readonly PdfFragment[]): readonly PdfElement[] {
  const rightToLeft = fragments.filter((fragment) => fragment.rightToLeft);
  const isMirrored = charactersOf(rightToLeft) > charactersOf(fragments) / 2;
  return regionsOf(isMirrored ? fragments.map(mirrored) : fragments).flatMap(elementsOfRegion);
}

function elementsOfRegion(fragments: readonly PdfFragment[]): readonly PdfElement[] {
  // A drawing of countless pieces: sorting them out could take any time, and there is nothing to win.
  if (fragments.length > MAX_FRAGMENTS)
    return paintedLines(fragments).map((line) => ({ kind: "line", line }));
  const tables = tablesIn(stretchesIn(fragments), "any");
  const inTables = new Set(tables.flatMap((table) => [...table.fragments]));
  const rest = fragments.filter((fragment) => !inTables.has(fragment));
  const placed: Placed[] = [
    ...tables.map((table) => ({ ...table, element: { kind: "table" as const, table } })),
    ...linesOf(rest).map((line) => ({
      element: { kind: "line" as const, line },
      left: line.left,
      right: line.right,
      top: line.base + line.size * 0.7,
      bottom: line.base - line.size * 0.2,
      order: line.order,
    })),
  ];
  return inOrder(placed).map(({ element }) => element);
}

/**
 * From the top down, unless things stand side by side that are no columns (boxes, labels in a drawing): then in the
 * order of painting, which knows more about them, if that is any order at all.
 */
function inOrder(placed: readonly Placed[]): readonly Placed[] {
  const down = placed.toSorted((a, b) => b.top - a.top || a.left - b.left);
  const painted = placed.toSorted((a, b) => a.order - b.order);
  return standSideBySide(down) && jumpsUp(painted) <= painted.length * MOST_JUMPS ? painted : down;
}

function standSideBySide(down: readonly Placed[]): boolean {
  return down.some((upper, index) => {
    for (let at = index + 1; at < down.length; at++) {
      const lower = down[at];
      if (!lower || lower.top <= upper.bottom) return false;
      if (lower.left >= upper.right || lower.right <= upper.left) return true;
    }
    return false;
  });
}

function jumpsUp(painted: readonly Placed[]): number {
  return painted.filter((element, index) => {
    const before = painted[index - 1];
    return before !== undefined && element.bottom > before.top;
  }).length;
}

function charactersOf(fragments: readonly PdfFragment[]): number {
  return fragments.reduce((sum, { text }) => sum + text.length, 0);
}
