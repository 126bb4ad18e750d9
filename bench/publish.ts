/**
 * Takes the newest results of all benchmarks over into `bench/last-run/`, which is committed: the JSON of each, and one
 * page with all tables. Run it after `bench/run.ts`. A run that broke off, or measured a part of the questions, sets or
 * sizes or another executable, does not take the place of a whole one.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lastRun, results } from "./harness/paths.ts";
import { type Figure, head, rowOf } from "./harness/report.ts";

const saved = z.object({
  name: z.string(),
  about: z.string(),
  at: z.string(),
  seconds: z.number(),
  cores: z.int(),
  cpu: z.string(),
  memoryGb: z.number(),
  loadBefore: z.number(),
  /** Of the command line; those published before this was kept have none. */
  options: z.array(z.string()).optional(),
  figures: z.array(z.custom<Figure>()),
  lines: z.array(z.string()),
  failure: z.string().optional(),
});
type Saved = z.infer<typeof saved>;

const row = (cells: readonly string[]) =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<=", "≤").replaceAll(">=", "≥")).join(" | ")} |`;

function section({ name, about, figures, lines, ...run }: Saved): string {
  const machine = `${run.cores} cores of an ${run.cpu}, ${run.memoryGb} GB; load ${run.loadBefore.toFixed(1)} before; took ${Math.round(run.seconds)} s`;
  return [
    `## ${name}`,
    "",
    `${about[0]?.toUpperCase()}${about.slice(1)}. ${run.at.slice(0, 10)}, ${machine}.`,
    "",
    row(head),
    row(head.map(() => "---")),
    ...figures.map((figure) => row(rowOf(figure))),
    ...lines.flatMap((line) => ["", line]),
    "",
  ].join("\n");
}

mkdirSync(lastRun, { recursive: true });
for (const file of existsSync(results) ? readdirSync(results) : []) {
  const { data: run } = saved.safeParse(JSON.parse(readFileSync(join(results, file), "utf8")));
  const isWhole = run !== undefined && run.failure === undefined && run.options?.length === 0;
  if (isWhole) copyFileSync(join(results, file), join(lastRun, file));
  else console.log(`${file} is no whole run: the one published before stays`);
}
const runs = readdirSync(lastRun)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file) => saved.parse(JSON.parse(readFileSync(join(lastRun, file), "utf8"))));
const page = [
  "<!-- Written by bench/publish.ts. Do not edit. -->",
  "# The last run of the benchmarks",
  "",
  "What each measures and how: [bench/README.md](../README.md). The JSON beside this page has more.",
  "",
  ...runs.map(section),
].join("\n");
writeFileSync(join(lastRun, "README.md"), page);
console.log(`${runs.length} benchmarks in ${lastRun}`);
