/** What a ranking is worth: recall, reciprocal rank, discounted gain. */
import { mean, share } from "./stats.ts";

/** One question's ranking after it was judged. */
export interface Judged {
  /** Of each place, best first: whether it brought something right that no place before it had brought. */
  readonly right: readonly boolean[];
  /** How many right things there are to be found, 1 or more. */
  readonly relevant: number;
}

/**
 * @param found of each place the name of the right thing it brought, null where it brought none; a thing that comes
 * again (two passages of one document) counts at its first place
 */
export function judged(found: readonly (string | null)[], relevant: number): Judged {
  const seen = new Set<string>();
  const right = found.map((name) => {
    if (name === null || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
  return { right, relevant };
}

/** Share of the questions that have something right among the first `depth` places, 0..1. */
export function recallAt(rankings: readonly Judged[], depth: number): number {
  return share(rankings, ({ right }) => right.slice(0, depth).includes(true));
}

/** Mean of 1 / place of the first right one, 0 where there is none; 0..1. */
export function meanReciprocalRank(rankings: readonly Judged[]): number {
  return mean(
    rankings.map(({ right }) => {
      const place = right.indexOf(true);
      return place === -1 ? 0 : 1 / (place + 1);
    }),
  );
}

/** Mean of the discounted cumulative gain over the best possible one, a right place counting 1 / log2(place + 1); 0..1. */
export function ndcgAt(rankings: readonly Judged[], depth: number): number {
  return mean(
    rankings.map(({ right, relevant }) => {
      const best = Array.from({ length: relevant }, () => true);
      return discountedGain(right, depth) / discountedGain(best, depth);
    }),
  );
}

function discountedGain(right: readonly boolean[], depth: number): number {
  return right.slice(0, depth).reduce((sum, is, index) => sum + (is ? 1 / Math.log2(index + 2) : 0), 0);
}

export interface RankingFigures {
  readonly r1: number;
  readonly r5: number;
  readonly r10: number;
  readonly mrr: number;
  readonly ndcg10: number;
  readonly questions: number;
}

/** Of rankings of ten places. */
export function rankingFigures(rankings: readonly Judged[]): RankingFigures {
  return {
    r1: recallAt(rankings, 1),
    r5: recallAt(rankings, 5),
    r10: recallAt(rankings, 10),
    mrr: meanReciprocalRank(rankings),
    ndcg10: ndcgAt(rankings, 10),
    questions: rankings.length,
  };
}
