/** Options of a benchmark's command line. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: Bun.argv.slice(2),
  options: { sample: { type: "string" }, binary: { type: "string" } },
  strict: false,
});

/** `--sample N`: at most this many questions a measurement; without it `fallback`. */
export function sampleSize(fallback: number): number {
  const given = Number(values.sample);
  return Number.isInteger(given) && given > 0 ? given : fallback;
}

/** `--binary PATH`: measure this executable instead of `dist/metachat`. */
export const otherBinary = typeof values.binary === "string" ? resolve(values.binary) : null;
