/** All benchmarks, one after the other, each in a process of its own: `bun bench/run.ts [NAME ...] [--sample N] [--binary PATH] [--sizes N,N] [--sets NAME,NAME]`. */
import { join } from "node:path";
import { parseArgs } from "node:util";

/** Name, and seconds after which it is ended: twice what it takes on two quiet cores. */
const benchmarks = [
  ["start", 200],
  ["search", 700],
  ["turns", 600],
  ["ingest", 300],
  ["growth", 150],
  ["formats", 300],
  ["knows", 900],
  ["stems", 60],
  ["retrieval", 4_500],
  ["businesses", 400],
  ["questions", 400],
  ["scale", 7_200],
] as const;

const { values, positionals } = parseArgs({
  args: Bun.argv.slice(2),
  options: {
    sample: { type: "string" },
    binary: { type: "string" },
    sizes: { type: "string" },
    sets: { type: "string" },
  },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => !benchmarks.some(([known]) => known === name));
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(", ")}; there are: ${benchmarks.map(([name]) => name).join(", ")}.`,
  );
  process.exit(2);
}

const started = performance.now();
for (const [name, seconds] of benchmarks) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const script = join(import.meta.dir, `${name}.ts`);
  const passedOn = Object.entries(values).flatMap(([option, value]) => [`--${option}`, value]);
  const child = Bun.spawn([process.execPath, script, ...passedOn], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
    timeout: seconds * 1000,
  });
  if ((await child.exited) !== 0) {
    console.error(`  ${name} did not end well${child.signalCode === null ? "" : ` (${child.signalCode})`}`);
    process.exitCode = 1;
  }
}
console.log(`\nall together: ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
