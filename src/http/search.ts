/** `/api/v1/search` */
import type { App } from "../app.ts";
import type { DocumentFilter } from "../knowledge/document-filter.ts";
import { bestSentence } from "../knowledge/found-passages.ts";
import type { QueryWords } from "../knowledge/query-words.ts";
import type { Passage } from "../knowledge/search-protocol.ts";
import { defineRoute, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

function hitBody(passage: Passage): schemas.SearchHitBody {
  const { chunkId, documentId, title, text, heading, page, url, cosine, bm25, match } = passage;
  return {
    chunkId,
    documentId,
    title,
    text,
    score: round(passage.score),
    match,
    reasons: reasonsOf(passage),
    ...bestSentenceBody(passage),
    ...(heading === null ? {} : { heading }),
    ...(page === null ? {} : { page }),
    ...(url === null ? {} : { url }),
    ...(cosine === null ? {} : { vectorScore: round(cosine) }),
    ...(bm25 === null ? {} : { keywordScore: round(bm25) }),
  };
}

function filterOf(filter: NonNullable<schemas.SearchRequest["filter"]>): DocumentFilter {
  const { documentIds: ids, since, until, ...rest } = filter;
  const time = (value: string | undefined) => (value === undefined ? undefined : Date.parse(value));
  return { ...rest, ids, since: time(since), until: time(until) };
}

function reasonsOf({
  features,
  sentences,
  byCompanion,
  reranked,
}: Passage): schemas.SearchHitBody["reasons"] {
  const cosines = sentences.flatMap(({ cosine }) => (cosine === null ? [] : [cosine]));
  return {
    meaning: round(features.cosine),
    words: round(features.keyword),
    coverage: round(features.sentence),
    ...(reranked === null ? {} : { reranked: round(reranked) }),
    ...(byCompanion === null
      ? cosines.length > 0 && { nearestSentence: round(Math.max(...cosines)) }
      : { nearestUnderTitle: round(byCompanion) }),
  };
}

function bestSentenceBody(passage: Passage): Pick<schemas.SearchHitBody, "bestSentence"> {
  const best = bestSentence(passage);
  return best === null ? {} : { bestSentence: { start: best.start, end: best.end } };
}

function wordsBody({ all, searched }: QueryWords): schemas.SearchResponse["words"] {
  return all.map((word) => ({
    word: word.surface,
    passages: word.documents,
    searched: searched.includes(word),
  }));
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;

export function searchRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "POST",
      path: "/api/v1/search",
      access: "tenant",
      tag: "Search",
      summary: "Search the documents by words and by meaning",
      body: schemas.searchRequest,
      responses: { 200: schemas.searchResponse },
      handle: async ({ body, tenantId }) => {
        const { query, limit, minScore, mode, filter } = body;
        const { passages, timings, notes, words } = await app.search.search(tenantId, {
          question: query,
          limit,
          minScore,
          mode,
          ...(filter === undefined ? {} : { filter: filterOf(filter) }),
        });
        const rounded = Object.fromEntries(
          Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 100) / 100]),
        );
        return json(200, { items: passages.map(hitBody), timings: rounded, notes, words: wordsBody(words) });
      },
    }),
  ];
}
