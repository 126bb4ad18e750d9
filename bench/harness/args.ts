/** Options of a benchmark's command line. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: Bun.argv.slice(2),
  options: {
    sample: { type: "string" },
    binary: { type: "string" },
    sets: { type: "string" },
    sizes: { type: "string" },
  },
  strict: false,
});

/** `--sample N`: at most this many questions a measurement; without it `fallback`. */
export function sampleSize(fallback: number): number {
  const given = Number(values.sample);
  return Number.isInteger(given) && given > 0 ? given : fallback;
}

/** `--sets a,b`: only these parts of a benchmark; null: all. */
export const wantedSets = typeof values.sets === "string" ? values.sets.split(",") : null;

/** `--sizes 1000,10000`: these sizes, in this order; null: the benchmark's own. @throws when one is no positive number */
export function wantedSizes(): readonly number[] | null {
  if (typeof values.sizes !== "string") return null;
  return values.sizes.split(",").map((text) => {
    const size = Number(text);
    if (!Number.isInteger(size) || size <= 0) throw new Error(`--sizes: "${text}" is no size`);
    return size;
  });
}

/** `--binary PATH`: measure this executable instead of `dist/metachat`. */
export const otherBinary = typeof values.binary === "string" ? resolve(values.binary) : null;
