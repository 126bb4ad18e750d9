import { useState } from "react";
import type { SearchHit } from "../api/search.ts";
import type { SearchResponse } from "../api/types.ts";
import { Link } from "../router/link.tsx";
import { documentPath } from "../router/routes.ts";
import { type Mark, MarkedText } from "../ui/marked-text.tsx";
import { excerptOf, markedWords } from "./marks.ts";
import { whyChosen, wordsToMark } from "./search-request.ts";

const EXCERPT = 420;
const WORD =
  "bg-transparent font-semibold text-ink underline decoration-accent decoration-2 underline-offset-2";
const SENTENCE = "bg-accent-soft text-ink";

interface HitProps {
  readonly hit: SearchHit;
  /** 1, 2, 3… */
  readonly place: number;
  readonly words: SearchResponse["words"];
}

/** A passage that was found: where it stands, how well it fits, and why it was chosen. */
export function SearchHitCard({ hit, place, words }: HitProps) {
  const best = hit.bestSentence;
  const at = {
    chunk: hit.chunkId,
    ...(best && { quote: hit.text.slice(best.start, best.end) }),
  };
  return (
    <li className="rounded-card border border-line bg-raised p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <h3 className="font-medium break-words">
            <span className="mr-2 text-muted tabular-nums">{place}</span>
            <Link href={documentPath(hit.documentId, at)} className="text-accent-text hover:underline">
              {hit.title}
            </Link>
          </h3>
          <p className="flex flex-wrap gap-x-3 text-xs break-words text-muted">
            {hit.heading && <span>{hit.heading}</span>}
            {hit.page !== undefined && <span className="tabular-nums">page {hit.page}</span>}
          </p>
        </div>
        <Score score={hit.score} />
      </div>
      <HitText hit={hit} words={wordsToMark(words)} />
      <p className="mt-2 text-sm text-pretty break-words">{whyChosen(hit, words).join(" ")}</p>
      <Figures hit={hit} />
    </li>
  );
}

function Score({ score }: { readonly score: number }) {
  const percent = Math.round(score * 100);
  return (
    <div className="grid w-28 gap-1 text-xs text-muted tabular-nums">
      <span>
        fits <span className="font-medium text-ink">{percent}</span> of 100
      </span>
      <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
    </div>
  );
}

function HitText({ hit, words }: { readonly hit: SearchHit; readonly words: readonly string[] }) {
  const [whole, setWhole] = useState(false);
  const marked = markedWords(hit.text, words);
  const part = excerptOf(hit.text, hit.bestSentence ?? marked[0], EXCERPT);
  const isCut = part.start > 0 || part.end < hit.text.length;
  const { start, end } = whole ? { start: 0, end: hit.text.length } : part;
  const shift = (span: { start: number; end: number }, look: string): Mark => ({
    start: span.start - start,
    end: span.end - start,
    look,
  });
  const marks = [
    ...(hit.bestSentence ? [shift(hit.bestSentence, SENTENCE)] : []),
    ...marked.map((span) => shift(span, WORD)),
  ];
  return (
    <div className="mt-2">
      <p className="text-base break-words whitespace-pre-line">
        {start > 0 && "… "}
        <MarkedText tight text={hit.text.slice(start, end)} marks={marks} />
        {end < hit.text.length && " …"}
      </p>
      {isCut && (
        <button
          type="button"
          onClick={() => setWhole(!whole)}
          aria-expanded={whole}
          className="mt-1 text-xs font-medium text-accent-text hover:underline"
        >
          {whole ? "Show less" : "Show the whole passage"}
        </button>
      )}
    </div>
  );
}

/** The numbers behind it, for who wants them. */
function Figures({ hit }: { readonly hit: SearchHit }) {
  const figures = [
    ["score", hit.score],
    ["meaning (cosine)", hit.vectorScore],
    ["nearest sentence", hit.reasons.nearestSentence],
    ["nearest under its title", hit.reasons.nearestUnderTitle],
    ["words (BM25)", hit.keywordScore],
    ["second model", hit.reasons.reranked],
  ] as const;
  return (
    <dl className="mt-2 flex flex-wrap gap-x-4 gap-y-1 border-t border-line pt-2 text-xs text-muted tabular-nums">
      {figures.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name} className="flex gap-1.5">
              <dt>{name}</dt>
              <dd className="font-medium text-ink">{value.toFixed(2)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
