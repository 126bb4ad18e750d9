/**
 * Cuts a document into passages: at headings first, then between blocks, then between sentences, then between words.
 * A passage is one unbroken stretch of the document's text, so a quote from it stands in the original word for word.
 */
import type { Block } from "./loaders/loader.ts";
import { splitSentences } from "./sentences.ts";

export interface ChunkerOptions {
  /** Tokens a passage may have, everything that the embedder adds included. */
  readonly maxTokens: number;
  /** Tokens of the passage before that the next one repeats, at most, when a section is cut. */
  readonly overlapTokens: number;
  /** Counts with the embedder's own tokenizer. */
  readonly countTokens: (text: string) => number;
}

export interface ChunkDraft {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokens: number;
  /** Headings above the passage, outermost first. */
  readonly headings: readonly string[];
  readonly page: number | undefined;
}

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
  readonly block: number;
  readonly startsSection: boolean;
  readonly headings: readonly string[];
  readonly page: number | undefined;
}

/** Below this a section is too small to stand alone and is joined with the next. */
const smallSection = 48;
/** Tokens kept free for what the embedder adds (special tokens, prefix) and for pieces that do not add up exactly. */
const reserve = 16;
const maxContextTokens = 64;

/** Passages in document order. Empty for a document without text. */
export function chunkDocument(
  text: string,
  blocks: readonly Block[],
  title: string,
  options: ChunkerOptions,
): ChunkDraft[] {
  const context = Math.min(maxContextTokens, options.countTokens(title) + 24);
  const budget = Math.max(32, options.maxTokens - reserve - context);
  const units = toUnits(text, blocks, budget, options);
  // Of a short passage little is left beside its context: it must not be all repetition.
  const overlap = Math.min(options.overlapTokens, Math.floor(budget / 2));
  const chunks: ChunkDraft[] = [];
  let from = 0;
  while (from < units.length) {
    const to = endOfChunk(units, from, budget);
    chunks.push(toChunk(text, units, from, to));
    if (to >= units.length) break;
    from = units[to]?.startsSection === true ? to : withOverlap(units, from, to, overlap);
  }
  return chunks;
}

function toUnits(text: string, blocks: readonly Block[], budget: number, options: ChunkerOptions): Unit[] {
  const units: Unit[] = [];
  const path: { level: number; text: string }[] = [];
  for (const [index, block] of blocks.entries()) {
    const isHeading = block.kind === "heading";
    if (isHeading) {
      const level = block.level ?? 1;
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      path.push({ level, text: block.text });
    }
    const headings = path.map((item) => item.text);
    const pieces = splitSentences(block.text).flatMap((span) =>
      splitLong(block.text, span.start, span.end, budget, options),
    );
    for (const [position, piece] of pieces.entries())
      units.push({
        start: block.start + piece.start,
        end: block.start + piece.end,
        tokens: piece.tokens,
        block: index,
        startsSection: isHeading && position === 0 && units.length > 0,
        headings,
        page: block.page,
      });
  }
  return units.filter((unit) => text.slice(unit.start, unit.end).trim() !== "");
}

/** Halves a sentence at a space near its middle until each piece fits. */
function splitLong(
  text: string,
  start: number,
  end: number,
  budget: number,
  options: ChunkerOptions,
): { start: number; end: number; tokens: number }[] {
  // A token is at least one code unit of text nearly always: what is much longer need not be counted to be cut.
  const length = end - start;
  const tokens = length > budget * 24 ? budget + 1 : options.countTokens(text.slice(start, end));
  if (tokens <= budget || length < 2) return [{ start, end, tokens: Math.max(1, tokens) }];
  const middle = cutNear(text, start, end);
  return [
    ...splitLong(text, start, middle, budget, options),
    ...splitLong(text, middle, end, budget, options),
  ];
}

/** A place near the middle, after a space when there is one in the middle half, never inside a surrogate pair. */
function cutNear(text: string, start: number, end: number): number {
  const middle = (start + end) >> 1;
  const reach = (end - start) >> 2;
  for (let distance = 0; distance < Math.min(reach, 2000); distance += 1) {
    if (text[middle + distance] === " ") return middle + distance + 1;
    if (text[middle - distance] === " ") return middle - distance + 1;
  }
  const code = text.charCodeAt(middle);
  return code >= 0xdc00 && code <= 0xdfff && middle - 1 > start ? middle - 1 : middle;
}

function endOfChunk(units: readonly Unit[], from: number, budget: number): number {
  let tokens = 0;
  let to = from;
  for (; to < units.length; to += 1) {
    const unit = units[to];
    if (unit === undefined) break;
    if (unit.startsSection && to > from && tokens >= smallSection) return to;
    if (to > from && tokens + unit.tokens > budget) break;
    tokens += unit.tokens;
  }
  if (to >= units.length) return to;
  return atBlockStart(units, from, to, budget);
}

/** Moves a cut inside a block back to the block's start, if at least half of the passage is left. */
function atBlockStart(units: readonly Unit[], from: number, to: number, budget: number): number {
  const block = units[to]?.block;
  let start = to;
  while (start > from && units[start - 1]?.block === block) start -= 1;
  if (start === from) return to;
  let kept = 0;
  for (let index = from; index < start; index += 1) kept += units[index]?.tokens ?? 0;
  // A heading at the end of a passage belongs to what follows.
  while (start - 1 > from && units[start - 1]?.startsSection === true) start -= 1;
  return kept >= budget / 2 ? start : to;
}

function withOverlap(units: readonly Unit[], from: number, to: number, overlap: number): number {
  let start = to;
  let tokens = 0;
  while (start - 1 > from) {
    tokens += units[start - 1]?.tokens ?? 0;
    if (tokens > overlap) break;
    start -= 1;
  }
  return start;
}

function toChunk(text: string, units: readonly Unit[], from: number, to: number): ChunkDraft {
  const first = units[from];
  const last = units[to - 1];
  if (first === undefined || last === undefined) throw new Error("a passage has at least one unit");
  let tokens = 0;
  for (let index = from; index < to; index += 1) tokens += units[index]?.tokens ?? 0;
  return {
    start: first.start,
    end: last.end,
    text: text.slice(first.start, last.end),
    tokens,
    headings: first.headings,
    page: first.page,
  };
}
