/** Figures from samples. */

/** The value that `share` (0..1) of the samples do not exceed (nearest rank); NaN without samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.max(0, Math.min(sorted.length - 1, rank))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

export function mean(samples: readonly number[]): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

/** Share of the items for which `test` holds, 0..1. */
export function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.filter(test).length / items.length;
}

/**
 * Area under the ROC curve: how often a positive scores above a negative, ties counted half (the Mann-Whitney
 * statistic from ranks).
 */
export function auroc(positives: readonly number[], negatives: readonly number[]): number {
  const all = [
    ...positives.map((value) => ({ value, positive: true })),
    ...negatives.map((value) => ({ value, positive: false })),
  ].sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    // Ranks from + 1 .. to share their mean.
    const rank = (from + 1 + to) / 2;
    for (let index = from; index < to; index += 1) if (all[index]?.positive === true) rankSum += rank;
    from = to;
  }
  const p = positives.length;
  return (rankSum - (p * (p + 1)) / 2) / (p * negatives.length);
}

/** A probability that was given, and whether it came true. */
export interface Forecast {
  /** 0..1 */
  readonly probability: number;
  readonly happened: boolean;
}

/**
 * Expected calibration error, 0..1: the forecasts in bins of equal width by their probability; in each, how far the
 * mean probability is from the share that came true; the mean of that, weighted by the bins' sizes. NaN without any.
 */
export function calibrationError(forecasts: readonly Forecast[], bins = 10): number {
  const sums = Array.from({ length: bins }, () => 0);
  for (const { probability, happened } of forecasts) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(probability * bins)));
    sums[bin] = (sums[bin] ?? 0) + probability - (happened ? 1 : 0);
  }
  return sums.reduce((sum, value) => sum + Math.abs(value), 0) / forecasts.length;
}

/** Numbers in 0..1 that are the same in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The items in an order of chance that is the same in every run. */
export function shuffled<T>(items: readonly T[], seed = 1): T[] {
  const random = seededRandom(seed);
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
