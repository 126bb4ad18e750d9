/** One table on the screen and one JSON file in `bench/results/` for each benchmark. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { missing, results } from "./paths.ts";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "s" | "MB" | "KB" | "1/s" | "×" | "";
  /** What it should be; without it the figure is only reported. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  readonly note?: string;
}

/** Where a benchmark puts what it measured. */
export interface Report {
  add(figure: Figure): void;
  /** A line to read below the table. */
  say(line: string): void;
  /** More figures than the table has room for: kept in the JSON alone, under `data`. */
  keep(name: string, value: unknown): void;
}

export function isReached({ value, target }: Figure): boolean | null {
  if (target === undefined) return null;
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

/** Runs one benchmark; the exit code is 1 only when it broke, not when a target was missed. */
export async function benchmark(
  name: string,
  about: string,
  needs: { readonly binary?: true; readonly shared?: true },
  measure: (report: Report) => Promise<void>,
): Promise<void> {
  console.log(`\n${name}: ${about}`);
  const reason = missing(needs);
  if (reason !== null) {
    console.log(`  not run: ${reason}`);
    save(name, { name, about, notRun: reason });
    return;
  }
  const figures: Figure[] = [];
  const lines: string[] = [];
  const data: Record<string, unknown> = {};
  const started = performance.now();
  const loadBefore = loadavg()[0];
  const finish = (failure?: string) => {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    printTable(figures);
    for (const line of lines) console.log(`  ${line}`);
    if (failure !== undefined) console.log(`  broke off: ${failure}`);
    console.log(`  took ${seconds} s; load of the machine ${loadBefore} before, ${loadavg()[0]} after`);
    save(name, {
      name,
      about,
      at: new Date().toISOString(),
      seconds,
      cores: cpus().length,
      cpu: cpus()[0]?.model,
      memoryGb: Math.round(totalmem() / 1e8) / 10,
      options: Bun.argv.slice(2),
      loadBefore,
      loadAfter: loadavg()[0],
      figures: figures.map((figure) => ({ ...figure, reached: isReached(figure) })),
      lines,
      data,
      ...(failure === undefined ? {} : { failure }),
    });
  };
  // Ended because it took too long: what was measured until then is worth something.
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      finish(`ended by ${signal}`);
      process.exit(1);
    });
  try {
    await measure({
      add: (figure) => void figures.push(figure),
      say: (line) => void lines.push(line),
      keep: (key, value) => {
        data[key] = value;
      },
    });
    finish();
  } catch (error) {
    finish(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  }
}

function save(name: string, value: unknown): void {
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(value, null, 2)}\n`);
}

export const head = ["figure", "target", "measured", "reached", ""] as const;

/** The cells of a figure's row, under `head`. */
export function rowOf(figure: Figure): string[] {
  const reached = isReached(figure);
  return [
    figure.name,
    targetText(figure),
    withUnit(figure.value, figure.unit),
    reached === null ? "" : reached ? "yes" : "NO",
    figure.note ?? "",
  ];
}

function printTable(figures: readonly Figure[]): void {
  const rows = figures.map(rowOf);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows])
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

function targetText({ target, unit }: Figure): string {
  if (target === undefined) return "";
  return "atMost" in target ? `<= ${withUnit(target.atMost, unit)}` : `>= ${withUnit(target.atLeast, unit)}`;
}

export function withUnit(value: number, unit: Figure["unit"]): string {
  const digits = unit === "" || unit === "×" ? 3 : Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return unit === "" ? text : `${text} ${unit}`;
}
