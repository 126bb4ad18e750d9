/** The sentences of a passage: which of them are headings, and what heading stands above each. */
import { type Span, splitSentences } from "./sentences.ts";

export interface SentenceSpan extends Span {
  /** It is a heading itself: found by, but not quoted. */
  readonly isHeading: boolean;
  /** Index of the heading in the passage under which it stands; -1: none in the passage. */
  readonly under: number;
  /** It begins by referring to the sentence before it, in the same paragraph ("They cost 25 euros."). */
  readonly leans: boolean;
}

const longestHeading = 90;

/** In the order of the text. @param heading the passage's path of headings, joined by " › " */
export function passageSentences(text: string, heading: string | null): SentenceSpan[] {
  const headings = new Set(heading?.split(" › "));
  let under = -1;
  let before: Span | null = null;
  return splitSentences(text).map((span, index) => {
    const own = text.slice(span.start, span.end);
    const isHeading = headings.has(own) || standsAlone(text, span);
    if (isHeading) under = index;
    const beside = before !== null && !text.slice(before.end, span.start).includes("\n");
    before = isHeading ? null : span;
    const leans = !isHeading && beside && refersBack.test(own);
    return { ...span, isHeading, under: isHeading ? -1 : under, leans };
  });
}

/** German "Sie" and "Das" are left out: they begin sentences that stand alone far more often. */
const refersBack =
  /^(?:They|It|He|She|This|That|These|Those|Er|Es|Dies|Diese|Dieser|Dieses|Ellos|Ellas|Esto|Estos|Estas|Il|Elle|Ils|Elles|Cela|Он|Она|Оно|Они|Это|On|Ona|Ono|Oni)(?=[\s,'’])/u;

/**
 * A short line of its own without an end mark, with more below it: a heading of a later section in the passage. One
 * that is numbered or in capitals may have its text right below, as in plain text.
 */
function standsAlone(text: string, span: Span): boolean {
  const line = text.slice(span.start, span.end);
  const before = span.start === 0 || text.slice(0, span.start).endsWith("\n\n");
  if (!before || line.length > longestHeading || /[.!?:;,。！？…]$/u.test(line)) return false;
  if (text.startsWith("\n\n", span.end)) return true;
  const isTitle =
    /^\d+(?:\.\d+)*[.)]?\s+\p{Lu}/u.test(line) || (/\p{Lu}{3}/u.test(line) && !/\p{Ll}/u.test(line));
  return isTitle && text.startsWith("\n", span.end);
}

/**
 * What the embedder reads of each sentence: the heading above it says what it is about. Headings themselves are not
 * embedded: null.
 *
 * @param document its title, where that is to stand before the heading
 */
export function sentenceTexts(
  text: string,
  heading: string | null,
  sentences: readonly SentenceSpan[],
  document = "",
): (string | null)[] {
  const section = heading?.split(" › ").at(-1) ?? "";
  return sentences.map((sentence, index) => {
    if (sentence.isHeading) return null;
    const own = text.slice(sentence.start, sentence.end);
    const above = sentences[sentence.under];
    const title = above === undefined ? section : text.slice(above.start, above.end);
    const before = sentence.leans ? sentences[index - 1] : undefined;
    const whole = before === undefined ? own : text.slice(before.start, sentence.end);
    return [...new Set([document, title, whole])].filter((part) => part !== "").join(": ");
  });
}
