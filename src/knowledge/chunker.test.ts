import { expect, test } from "bun:test";
import { type ChunkerOptions, chunkDocument } from "./chunker.ts";
import type { Block, BlockKind } from "./loaders/loader.ts";
import { splitSentences } from "./sentences.ts";

/** A word is a token: enough to see where cuts fall. */
const options: ChunkerOptions = {
  maxTokens: 120,
  overlapTokens: 20,
  countTokens: (text) => text.match(/\S+/g)?.length ?? 0,
};

function documentOf(parts: readonly (readonly [BlockKind, string, number?])[]): {
  text: string;
  blocks: Block[];
} {
  const blocks: Block[] = [];
  let text = "";
  for (const [kind, body, level] of parts) {
    if (text !== "") text += "\n\n";
    blocks.push({ kind, text: body, start: text.length, ...(level === undefined ? {} : { level }) });
    text += body;
  }
  return { text, blocks };
}

const sentence = (n: number) => `Sentence number ${n} says something about the goods of this shop.`;
const sentences = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => sentence(from + index)).join(" ");
const cut = (parts: Parameters<typeof documentOf>[0]) => {
  const { text, blocks } = documentOf(parts);
  return { text, chunks: chunkDocument(text, blocks, "Shop", options) };
};

test("a passage is one stretch of the document, word for word, and every sentence is in one", () => {
  const { text, chunks } = cut([
    ["heading", "Goods", 1],
    ["paragraph", sentences(0, 40)],
    ["paragraph", sentences(40, 70)],
  ]);
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks) expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
  for (let n = 0; n < 70; n += 1) expect(chunks.some((chunk) => chunk.text.includes(sentence(n)))).toBe(true);
});

test("no passage has more tokens than fit, what the embedder adds included", () => {
  const { chunks } = cut([
    ["paragraph", sentences(0, 100)],
    ["code", "x".repeat(10_000)],
    ["paragraph", "word ".repeat(3000).trim()],
  ]);
  for (const chunk of chunks) expect(options.countTokens(chunk.text)).toBeLessThanOrEqual(options.maxTokens);
});

test("a section begins a passage of its own and names the headings above it", () => {
  const { chunks } = cut([
    ["heading", "Returns", 1],
    ["paragraph", sentences(0, 6)],
    ["heading", "Costs", 2],
    ["paragraph", sentences(6, 12)],
  ]);
  expect(
    chunks.map((chunk) => [chunk.headings.join("/"), chunk.text.startsWith(chunk.headings.at(-1) ?? "?")]),
  ).toEqual([
    ["Returns", true],
    ["Returns/Costs", true],
  ]);
});

test("tiny sections share a passage instead of making one of a few words each", () => {
  const { chunks } = cut([
    ["heading", "Mon", 2],
    ["paragraph", "Open."],
    ["heading", "Tue", 2],
    ["paragraph", "Closed."],
  ]);
  expect(chunks).toHaveLength(1);
});

test("where a section is cut, the next passage repeats the end of the one before", () => {
  const { chunks } = cut([["paragraph", sentences(0, 40)]]);
  for (const [index, chunk] of chunks.slice(1).entries())
    expect(chunk.start).toBeLessThan(chunks[index]?.end ?? 0);
});

test("a word without end and a pair of surrogates are cut without losing or breaking anything", () => {
  const { text, chunks } = cut([["paragraph", `${"😀".repeat(9000)}`]]);
  expect(chunks.map((chunk) => chunk.text.isWellFormed())).not.toContain(false);
  expect(chunks.at(-1)?.end).toBe(text.length);
});

test("an empty document has no passages", () => {
  expect(cut([]).chunks).toEqual([]);
});

test("sentences end where a reader would end them", () => {
  const of = (text: string) => splitSentences(text).map((span) => text.slice(span.start, span.end));
  expect(of("Dr. Smith paid $3.50. He left at 5 p.m. and came back. Why?\nA new line")).toEqual([
    "Dr. Smith paid $3.50.",
    "He left at 5 p.m. and came back.",
    "Why?",
    "A new line",
  ]);
  expect(of("我们九点开门。星期天休息，请您谅解我们的安排。")).toEqual([
    "我们九点开门。星期天休息，请您谅解我们的安排。",
  ]);
  expect(of("Lieferung dauert z. B. zwei Tage. Danach kommt die Rechnung.")).toEqual([
    "Lieferung dauert z. B. zwei Tage.",
    "Danach kommt die Rechnung.",
  ]);
  expect(of(" \n ")).toEqual([]);
});

test("however short passages are, at most half of one is repeated in the next", () => {
  const { text, blocks } = documentOf([["paragraph", sentences(0, 120)]]);
  const count = (maxTokens: number, overlapTokens: number) =>
    chunkDocument(text, blocks, "Shop", { ...options, maxTokens, overlapTokens }).length;
  for (const maxTokens of [64, 128, 512])
    expect(count(maxTokens, 256)).toBeLessThanOrEqual(2 * count(maxTokens, 0) + 1);
});
