/**
 * Answers without a language model: the best sentence of the best passages, word for word, with its source, and a second
 * one when it may as well be the answer. Sentences of the top five passages compete. How often the quotes are right is
 * measured by bench/knows.ts and written down in bench/README.md.
 */
import type { Citation } from "../conversations/messages.ts";
import { phrase } from "../conversations/phrases.ts";
import type { RetrievalFigures } from "../inference/model-manifest.ts";
import type { Passage, PassageSentence } from "../knowledge/search-protocol.ts";
import type { Answer, Answerer, AnswerRequest } from "./answerer.ts";

const fromPassages = 5;
const mostQuotes = 2;
/** A second sentence is quoted when it is at least so likely to be the answer as the first. */
const secondLikelihood = 0.35;
const maxQuoteLength = 700;

type QuoteFigures = Pick<RetrievalFigures, "quote" | "quoteWithSentences" | "companion">;

interface Choice {
  readonly passage: Passage;
  readonly start: number;
  readonly end: number;
  /** Log of its likelihood, up to what all share. */
  readonly value: number;
  /** As `PassageSentence`. */
  readonly needsHeading: boolean;
}

export class ExtractiveAnswerer implements Answerer {
  readonly name = "extractive";
  readonly provider = "builtin";
  readonly model = "extractive";

  /** @param figures of the embedding model */
  constructor(readonly figures: QuoteFigures) {}

  async answer(request: AnswerRequest): Promise<Answer> {
    const chosen = chooseSentences(request.passages, this.figures);
    const citations: Citation[] = [];
    const lines = chosen.map((choice) => {
      const quote = choice.passage.text.slice(choice.start, choice.end);
      const n = citations.length + 1;
      const { documentId, chunkId, title, page, url } = choice.passage;
      const where = { ...(page === null ? {} : { page }), ...(url === null ? {} : { url }) };
      citations.push({ n, documentId, chunkId, title, quote, ...where });
      const heading = headingAbove(choice);
      return `> ${heading === null ? "" : `${heading} `}${quote} [${n}]`;
    });
    const text = `${phrase(request.language, "found")}\n\n${lines.join("\n>\n")}`;
    for (const piece of text.match(/\S+\s*/g) ?? []) request.onText(piece);
    const usage = { promptTokens: 0, completionTokens: 0 };
    return { kind: "answered", text, citations, usage, prompt: [], truncated: false };
  }
}

/**
 * "Do you repair lamps?" above "Yes, in our workshop.", "Breakfast, until 11:30" above "Pancakes: 7 €": a quote says
 * little, and may mislead, without them. The heading right above the quote, where it is a question, or where it holds
 * words of the visitor's that the quote does not (one that stands in the passage, as quotes do).
 */
function headingAbove({ passage, start, needsHeading }: Choice): string | null {
  const inside = passage.sentences.filter((sentence) => sentence.isHeading && sentence.end <= start).at(-1);
  const heading =
    inside === undefined
      ? (passage.heading?.split(" › ").at(-1) ?? "")
      : passage.text.slice(inside.start, inside.end);
  if (/[?？؟]$/u.test(heading)) return heading;
  if (inside === undefined || !needsHeading) return null;
  // A short first line may be taken for a heading: it stands for what is right below it, not for all that follows.
  const isOfSection = passage.heading?.split(" › ").includes(heading) ?? false;
  const between = passage.text.slice(inside.end, start).trimStart();
  if (!isOfSection && between.includes("\n\n")) return null;
  return /\p{P}$/u.test(heading) ? heading : `${heading}:`;
}

/** The sentences to quote, the best first. */
export function chooseSentences(passages: readonly Passage[], figures: QuoteFigures): Choice[] {
  const candidates = passages.slice(0, fromPassages).flatMap((passage) =>
    passage.sentences.flatMap((sentence, index) => {
      if (sentence.isHeading) return [];
      // What refers to the sentence before it is quoted together with that.
      const before = sentence.leans ? passage.sentences[index - 1] : undefined;
      return [{ passage, sentence, start: before?.start ?? sentence.start }];
    }),
  );
  const weights = quoteWeights(candidates, figures);
  const choices = candidates
    .map(({ passage, sentence, start }) => ({
      passage,
      start,
      end: Math.min(sentence.end, start + maxQuoteLength),
      value:
        weights.rescored * passage.rescored +
        weights.cosine * (sentence.cosine ?? 0) +
        weights.coverage * sentence.quoteCoverage,
      needsHeading: sentence.needsHeading,
    }))
    .sort((a, b) => b.value - a.value);
  const least = (choices[0]?.value ?? 0) + Math.log(secondLikelihood);
  const chosen: Choice[] = [];
  const seen = new Set<string>();
  for (const choice of choices) {
    if (chosen.length === mostQuotes || choice.value < least) break;
    const words = choice.passage.text.slice(choice.start, choice.end).toLowerCase();
    if (seen.has(words)) continue;
    const same = chosen.findIndex((item) => belongTogether(item, choice));
    const known = chosen[same];
    if (known === undefined) {
      seen.add(words);
      chosen.push(choice);
    } else
      chosen[same] = {
        ...known,
        start: Math.min(known.start, choice.start),
        end: Math.max(known.end, choice.end),
      };
  }
  return chosen;
}

function quoteWeights(
  candidates: readonly { readonly passage: Passage; readonly sentence: PassageSentence }[],
  figures: QuoteFigures,
): QuoteFigures["quote"] {
  if (candidates.some(({ sentence }) => sentence.cosine === null)) return figures.quote;
  const byCompanion = candidates.every(({ passage }) => passage.byCompanion !== null);
  return (byCompanion ? figures.companion?.quote : undefined) ?? figures.quoteWithSentences ?? figures.quote;
}

/** They overlap, or follow one another in a paragraph: quoted as one, in the order in which they were written. */
function belongTogether(a: Choice, b: Choice): boolean {
  if (a.passage.chunkId !== b.passage.chunkId) return false;
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  return /^[^\S\n]*$/.test(a.passage.text.slice(first.end, second.start));
}
