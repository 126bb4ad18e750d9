/** Options of a benchmark's command line. */
import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: Bun.argv.slice(2),
  options: { sample: { type: "string" } },
  strict: false,
});

/** `--sample N`: at most this many questions a measurement; without it `fallback`. */
export function sampleSize(fallback: number): number {
  const given = Number(values.sample);
  return Number.isInteger(given) && given > 0 ? given : fallback;
}
