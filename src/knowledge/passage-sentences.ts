/** The sentences of a passage: which of them are headings, and what heading stands above each. */
import { type Span, splitSentences } from "./sentences.ts";

export interface SentenceSpan extends Span {
  /** It is a heading itself: found by, but not quoted. */
  readonly isHeading: boolean;
  /** Index of the heading in the passage under which it stands; -1: none in the passage. */
  readonly under: number;
}

const longestHeading = 90;

/** In the order of the text. @param heading the passage's path of headings, joined by " › " */
export function passageSentences(text: string, heading: string | null): SentenceSpan[] {
  const headings = new Set(heading?.split(" › "));
  let under = -1;
  return splitSentences(text).map((span, index) => {
    const isHeading = headings.has(text.slice(span.start, span.end)) || standsAlone(text, span);
    if (isHeading) under = index;
    return { ...span, isHeading, under: isHeading ? -1 : under };
  });
}

/** A short line of its own without an end mark, with more below it: a heading of a later section in the passage. */
function standsAlone(text: string, span: Span): boolean {
  const line = text.slice(span.start, span.end);
  const before = span.start === 0 || text.slice(0, span.start).endsWith("\n\n");
  return (
    before &&
    line.length <= longestHeading &&
    text.startsWith("\n\n", span.end) &&
    !/[.!?:;,。！？…]$/u.test(line)
  );
}

/**
 * What the embedder reads of each sentence: the heading above it says what it is about. Headings themselves are not
 * embedded: null.
 */
export function sentenceTexts(
  text: string,
  heading: string | null,
  sentences: readonly SentenceSpan[],
): (string | null)[] {
  const section = heading?.split(" › ").at(-1) ?? "";
  return sentences.map((sentence) => {
    if (sentence.isHeading) return null;
    const own = text.slice(sentence.start, sentence.end);
    const above = sentences[sentence.under];
    const title = above === undefined ? section : text.slice(above.start, above.end);
    return title === "" ? own : `${title}: ${own}`;
  });
}
