/** `/api/v1/search` */
import type { App } from "../app.ts";
import type { Passage } from "../knowledge/search-thread.ts";
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
    ...(heading === null ? {} : { heading }),
    ...(page === null ? {} : { page }),
    ...(url === null ? {} : { url }),
    ...(cosine === null ? {} : { vectorScore: round(cosine) }),
    ...(bm25 === null ? {} : { keywordScore: round(bm25) }),
  };
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
        const { query, limit, minScore, mode } = body;
        const { passages, timings, notes } = await app.search.search(tenantId, {
          question: query,
          limit,
          minScore,
          mode,
        });
        const rounded = Object.fromEntries(
          Object.entries(timings).map(([name, ms]) => [name, Math.round(ms * 100) / 100]),
        );
        return json(200, { items: passages.map(hitBody), timings: rounded, notes });
      },
    }),
  ];
}
