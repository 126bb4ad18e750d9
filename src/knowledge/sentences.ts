/** Sentences by Unicode's rules (UAX #29), mended where a reader would not end one. */

export interface Span {
  /** Offsets in the text that was split, UTF-16 code units; white space around the sentence is outside. */
  readonly start: number;
  readonly end: number;
}

const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });
/** Unicode's rules end a sentence after these when a capital follows. */
const abbreviation =
  /(?:^|[\s([“"'])(?:\p{L}|(?:\p{L}\.)+\p{L}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Inc|Ltd|Co|Corp|No|Nr|vs|etc|ca|approx|Fig|Vol|pp|al|cf|Art|Abs|bzw|usw|Sra|Dra|Ud|гг|др|стр|тыс|млн|млрд|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$/u;
const minLength = 12;

/**
 * The sentences of `text` in order; a line break ends one too. Empty for white space.
 *
 * @param least shorter ones are put together with the next: "No." says nothing alone
 */
export function splitSentences(text: string, least = minLength): Span[] {
  const spans: Span[] = [];
  let lineStart = 0;
  for (const line of text.split("\n")) {
    pushLine(line, lineStart, spans, least);
    lineStart += line.length + 1;
  }
  return spans;
}

function pushLine(line: string, offset: number, spans: Span[], least: number): void {
  let open: { start: number; end: number } | null = null;
  for (const { segment, index } of segmenter.segment(line)) {
    const body = segment.trim();
    if (body === "") continue;
    const start = offset + index + (segment.length - segment.trimStart().length);
    const end = start + body.length;
    if (open !== null && belongsTogether(line.slice(open.start - offset, open.end - offset), body, least))
      open.end = end;
    else {
      if (open !== null) spans.push(open);
      open = { start, end };
    }
  }
  if (open !== null) spans.push(open);
}

function belongsTogether(before: string, after: string, least: number): boolean {
  if (before.length < least || after.length < 3 || /^\p{Ll}/u.test(after)) return true;
  return abbreviation.test(before.slice(-16));
}
