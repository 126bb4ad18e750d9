import type { BlockKind } from "./loader.ts";
import type { PdfLine } from "./pdf-lines.ts";

export interface PdfParagraph {
  readonly kind: BlockKind;
  readonly text: string;
  readonly level?: number;
  /** Font size of its first line. */
  readonly size: number;
}

/** Typical measures of a document, from which a line's role is guessed. */
export interface PdfMeasures {
  /** Font size of most of the text. */
  readonly bodySize: number;
  /** Usual distance of base lines, in font sizes. */
  readonly leading: number;
  /** Sizes clearly above the body's, largest first. */
  readonly headingSizes: readonly number[];
  /** Width that three quarters of the lines do not exceed: about a column. */
  readonly lineWidth: number;
  /** Lower-case words with a hyphen inside, as they stand within lines. */
  readonly hyphenated: ReadonlySet<string>;
}

const LIST_MARK = /^(?:[•‣▪●○◦■□➢✓✔\uF0B7\uF0A7·–*-]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S/;
const HEADING_RATIO = 1.15;
/** "Vor- und Nachname": a hyphen before these is a part left out, not a divided word. */
const COORDINATORS: ReadonlySet<string> = new Set("und oder and or to bis et ou en of y o".split(" "));

/** Words of a text that goes on elsewhere are joined like the lines of a paragraph. */
export function joinTexts(first: string, second: string, measures: PdfMeasures): string {
  return joinLines([{ text: first }, { text: second }], measures.hyphenated);
}

export function measure(pages: readonly (readonly PdfLine[])[]): PdfMeasures {
  const lines = pages.flat();
  const charactersBySize = new Map<number, number>();
  for (const line of lines) {
    const size = halves(line.size);
    charactersBySize.set(size, (charactersBySize.get(size) ?? 0) + line.text.length);
  }
  const bodySize = [...charactersBySize].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 10;
  const headingSizes = [...charactersBySize.keys()].filter((size) => size >= bodySize * HEADING_RATIO);
  const hyphenated = new Set<string>();
  for (const { text } of lines) {
    for (const [word] of text.toLowerCase().matchAll(/\p{L}{2,}-\p{L}{2,}/gu)) hyphenated.add(word);
  }
  const widths = lines.map((line) => line.right - line.left).sort((a, b) => a - b);
  return {
    bodySize,
    lineWidth: widths[Math.floor(widths.length * 0.75)] ?? 0,
    leading: usualLeading(pages),
    headingSizes: headingSizes.sort((a, b) => b - a),
    hyphenated,
  };
}

/** Groups the lines of one page to paragraphs, list items and headings. */
export function paragraphsOf(lines: readonly PdfLine[], measures: PdfMeasures): readonly PdfParagraph[] {
  const groups: PdfLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const previous = group?.at(-1);
    if (group && previous && !startsParagraph(previous, line, group, measures)) group.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => toParagraph(group, measures));
}

function startsParagraph(
  previous: PdfLine,
  line: PdfLine,
  group: readonly PdfLine[],
  measures: PdfMeasures,
): boolean {
  const size = Math.max(previous.size, line.size);
  if (Math.abs(previous.size - line.size) > size * 0.12 || previous.angle !== line.angle) return true;
  const down = previous.base - line.base;
  if (LIST_MARK.test(line.text)) return true;
  // Up, or far to the side: the next column or box. A sentence may go on there.
  if (down < -size * 0.5 || line.left > previous.right + size) return !continuesSentence(previous, line);
  if (down > size * measures.leading * 1.35) return true;
  if (down < size * 0.3) return false;
  const ended = /[.!?:…。！？؟]["”»’)\]]?$/.test(previous.text);
  const widest = Math.max(...group.map((member) => member.right));
  const short = previous.right < widest - size * 4;
  const indented = line.left > previous.left + size * 0.8 && !LIST_MARK.test(group[0]?.text ?? "");
  // A line that ends early on purpose: an address, a list without marks, a line of a table.
  const broken =
    previous.right - previous.left < measures.lineWidth * 0.7 && /^[\p{Lu}\p{N}]/u.test(line.text);
  return (ended && (indented || short)) || (broken && !isHeadingSize(line, measures));
}

function isHeadingSize(line: PdfLine, measures: PdfMeasures): boolean {
  return measures.headingSizes.includes(halves(line.size));
}

/** The first text ends within a sentence, and the second does not begin one. */
export function continuesSentence(
  first: { readonly text: string },
  second: { readonly text: string },
): boolean {
  return !/[.!?:;…]["”»’)\]]?$/.test(first.text) && /^\p{Ll}/u.test(second.text) && first.text.length > 20;
}

function toParagraph(group: readonly PdfLine[], measures: PdfMeasures): PdfParagraph {
  const text = joinLines(group, measures.hyphenated);
  const size = group[0]?.size ?? 0;
  const rank = measures.headingSizes.indexOf(halves(size));
  if (rank !== -1 && group.length <= 4 && text.length <= 250 && /\p{L}{2}/u.test(text)) {
    return { kind: "heading", text, level: Math.min(rank + 1, 6), size };
  }
  if (LIST_MARK.test(text))
    return { kind: "list-item", text: text.replace(/^[•‣▪●○◦■□➢\uF0B7\uF0A7·–*-]\s+/, ""), size };
  return { kind: "paragraph", text, size };
}

/** A word divided at the end of a line is joined, unless the document writes it with a hyphen elsewhere. */
function joinLines(group: readonly { readonly text: string }[], hyphenated: ReadonlySet<string>): string {
  const parts: string[] = [];
  let last = "";
  for (const { text } of group) {
    const divided = /(\p{L}{2,})[-\u00AD\u2010]$/u.exec(last)?.[1];
    const rest = /^[\p{L}\p{N}]+/u.exec(text)?.[0] ?? "";
    if (divided && rest !== "" && !COORDINATORS.has(rest)) {
      const compound = !/^\p{Ll}/u.test(rest) || hyphenated.has(`${divided}-${rest}`.toLowerCase());
      if (!compound) parts.push(parts.pop()?.slice(0, -1) ?? "");
      parts.push(text);
    } else if (last !== "") {
      parts.push(" ", text);
    } else {
      parts.push(text);
    }
    last = text;
  }
  return parts.join("");
}

function usualLeading(pages: readonly (readonly PdfLine[])[]): number {
  const distances: number[] = [];
  for (const lines of pages) {
    for (let at = 1; at < lines.length && distances.length < 20_000; at++) {
      const previous = lines[at - 1];
      const line = lines[at];
      if (!previous || !line || Math.abs(previous.size - line.size) > 0.5) continue;
      const distance = (previous.base - line.base) / line.size;
      if (distance > 0.8 && distance < 3) distances.push(distance);
    }
  }
  const middle = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1.2;
  return Math.max(1.1, middle);
}

function halves(size: number): number {
  return Math.round(size * 2) / 2;
}
