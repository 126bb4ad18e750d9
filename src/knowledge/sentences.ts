/** Sentences by Unicode's rules (UAX #29), in any language. */

export interface Span {
  /** Offsets in the text that was split, UTF-16 code units; white space around the sentence is outside. */
  readonly start: number;
  readonly end: number;
}

const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });
/** Unicode's rules break after these when a capital follows; a reader does not. */
const abbreviation =
  /(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|Prof|St|vs|No|Nr|bzw|ca|approx|e\.g|i\.e|z\.B|d\.h|etc|Inc|Ltd|Co|Jr|Sr|p|pp|Fig|[A-Z])\.\s*$/u;

/** The sentences of `text` in order; line breaks end one too. Empty for white space. */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  let lineStart = 0;
  for (const line of text.split("\n")) {
    pushLine(line, lineStart, spans);
    lineStart += line.length + 1;
  }
  return spans;
}

function pushLine(line: string, offset: number, spans: Span[]): void {
  let open: { start: number; end: number } | null = null;
  for (const { segment, index } of segmenter.segment(line)) {
    const lead = segment.length - segment.trimStart().length;
    const body = segment.trim();
    if (body === "") continue;
    const start = offset + index + lead;
    const end = start + body.length;
    if (open === null) open = { start, end };
    else open.end = end;
    if (!abbreviation.test(line.slice(Math.max(0, open.end - offset - 12), open.end - offset))) {
      spans.push(open);
      open = null;
    }
  }
  if (open !== null) spans.push(open);
}
