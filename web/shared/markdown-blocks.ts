/** The blocks of a Markdown text: headings, lists, quotes, code, tables, paragraphs. */
import type { Block, Cell } from "./markdown-ast.ts";
import { parseInline } from "./markdown-inline.ts";
import type { ListMarker } from "./markdown-lines.ts";
import {
  fenceOf,
  headingOf,
  indentOf,
  isBlank,
  isRule,
  isTableRule,
  listMarkerOf,
  splitRow,
} from "./markdown-lines.ts";
import type { Hosts } from "./markdown-links.ts";

/** Deeper lists and quotes are shown as text: nobody writes them, and nesting must have an end. */
const MAX_DEPTH = 8;

export interface BlockContext {
  readonly hosts: Hosts;
  readonly partial: boolean;
  readonly depth: number;
  /** Anything of the text may still come, its sources included. */
  readonly growing: boolean;
}

interface Taken {
  readonly block: Block;
  /** The line after the block. */
  readonly next: number;
}

export function parseBlocks(lines: readonly string[], context: BlockContext): readonly Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    if (isBlank(lines[at] ?? "")) {
      at++;
      continue;
    }
    const taken = takeBlock(lines, at, context);
    blocks.push(taken.block);
    at = taken.next;
  }
  return blocks;
}

function takeBlock(lines: readonly string[], at: number, context: BlockContext): Taken {
  const line = lines[at] ?? "";
  if (fenceOf(line) !== undefined) return takeCode(lines, at);
  const heading = headingOf(line);
  if (heading !== undefined) {
    const children = inline(heading.text, lines, at + 1, context);
    return { block: { type: "heading", level: heading.level, children }, next: at + 1 };
  }
  if (isRule(line)) return { block: { type: "rule" }, next: at + 1 };
  if (context.depth < MAX_DEPTH) {
    if (isQuote(line)) return takeQuote(lines, at, context);
    const marker = listMarkerOf(line);
    if (marker !== undefined) return takeList(lines, at, marker, context);
  }
  if (startsTable(lines, at, context)) return takeTable(lines, at, context);
  return takeParagraph(lines, at, context);
}

function takeCode(lines: readonly string[], at: number): Taken {
  const open = fenceOf(lines[at] ?? "");
  const indent = indentOf(lines[at] ?? "");
  const body: string[] = [];
  let next = at + 1;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    const close = fenceOf(line);
    if (close !== undefined && close.char === open?.char && close.size >= open.size && close.info === "")
      break;
    body.push(line.slice(Math.min(indent, indentOf(line))));
  }
  return { block: { type: "code", language: open?.info ?? "", text: body.join("\n") }, next: next + 1 };
}

function takeQuote(lines: readonly string[], at: number, context: BlockContext): Taken {
  const inner: string[] = [];
  let next = at;
  for (; next < lines.length && isQuote(lines[next] ?? ""); next++) {
    const text = (lines[next] ?? "").trimStart().slice(1);
    inner.push(text.startsWith(" ") ? text.slice(1) : text);
  }
  const children = parseBlocks(inner, within(context, lines, next));
  return { block: { type: "quote", children }, next };
}

function takeList(lines: readonly string[], at: number, first: ListMarker, context: BlockContext): Taken {
  const items: (readonly Block[])[] = [];
  let next = at;
  let marker: ListMarker | undefined = first;
  while (marker !== undefined && marker.ordered === first.ordered && !isRule(lines[next] ?? "")) {
    const end = endOfItem(lines, next, marker);
    items.push(parseBlocks(itemLines(lines, next, end, marker), within(context, lines, end)));
    next = end;
    const following = skipBlank(lines, next);
    marker = listMarkerOf(lines[following] ?? "");
    if (marker !== undefined && marker.ordered === first.ordered) next = following;
  }
  return { block: { type: "list", ordered: first.ordered, start: first.start, items }, next };
}

/** The line after an item: its own line, lines indented below it, and a paragraph that simply runs on. */
function endOfItem(lines: readonly string[], at: number, marker: ListMarker): number {
  let end = at + 1;
  for (let next = at + 1; next < lines.length; next++) {
    const line = lines[next] ?? "";
    if (isBlank(line)) continue;
    const indented = indentOf(line) >= marker.indent + 2;
    const runsOn = next === end && !startsBlock(line);
    if (!indented && !runsOn) break;
    end = next + 1;
  }
  return end;
}

/** An item's lines without its marker and indentation. Models indent by two or by three; the first line decides. */
function itemLines(lines: readonly string[], at: number, end: number, marker: ListMarker): readonly string[] {
  const own = [(lines[at] ?? "").slice(marker.content)];
  let cut = -1;
  for (let next = at + 1; next < end; next++) {
    const line = lines[next] ?? "";
    const indent = indentOf(line);
    if (cut < 0 && !isBlank(line)) cut = Math.min(indent, marker.content);
    own.push(line.slice(Math.min(indent, Math.max(cut, 0))));
  }
  return own;
}

function startsTable(lines: readonly string[], at: number, context: BlockContext): boolean {
  const line = lines[at] ?? "";
  if (!line.includes("|")) return false;
  const rule = lines[at + 1];
  if (rule !== undefined && isTableRule(rule)) return true;
  // While it is being written, a first row is taken for a table before its rule is complete.
  return (
    context.partial &&
    line.trimStart().startsWith("|") &&
    at + 2 >= lines.length &&
    !/[^\s|:-]/.test(rule ?? "")
  );
}

function takeTable(lines: readonly string[], at: number, context: BlockContext): Taken {
  let next = at + 2;
  while (next < lines.length && (lines[next] ?? "").includes("|") && !startsBlock(lines[next] ?? "")) next++;
  const cells = (line: string): Cell[] => splitRow(line).map((cell) => inline(cell, lines, next, context));
  const head = cells(lines[at] ?? "");
  const rows = lines.slice(at + 2, next).map((line) => cells(line).slice(0, head.length));
  return { block: { type: "table", head, rows }, next };
}

function takeParagraph(lines: readonly string[], at: number, context: BlockContext): Taken {
  const own = [(lines[at] ?? "").trim()];
  let next = at + 1;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    if (isBlank(line) || startsBlock(line) || startsTable(lines, next, context)) break;
    own.push(line.trim());
  }
  return { block: { type: "paragraph", children: inline(own.join("\n"), lines, next, context) }, next };
}

function inline(text: string, lines: readonly string[], next: number, context: BlockContext): Cell {
  return parseInline(text, { ...within(context, lines, next), links: true });
}

/** One level deeper; only what ends with the text itself can still be unfinished. */
function within(context: BlockContext, lines: readonly string[], next: number): BlockContext {
  return { ...context, partial: context.partial && next >= lines.length, depth: context.depth + 1 };
}

function startsBlock(line: string): boolean {
  return (
    fenceOf(line) !== undefined ||
    headingOf(line) !== undefined ||
    isRule(line) ||
    isQuote(line) ||
    listMarkerOf(line) !== undefined
  );
}

function isQuote(line: string): boolean {
  return line.charAt(indentOf(line)) === ">";
}

function skipBlank(lines: readonly string[], at: number): number {
  let next = at;
  while (next < lines.length && isBlank(lines[next] ?? "")) next++;
  return next;
}
