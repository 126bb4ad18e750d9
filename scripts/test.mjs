/**
 * `npm test`: installs what it needs, builds the executable and runs every test. Arguments name files or folders to
 * run instead of all. The last line is `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { ensureChromium, ensureExecutable, ensurePackages, findBun, root } from "./toolchain.mjs";

/** Files of one process each: they start servers, kill them, and measure what is left behind. */
function storyFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? storyFiles(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => relative(root, path))
    .sort();
}

function runTests(bun, paths) {
  return new Promise((resolve) => {
    const child = spawn(bun, ["test", "--timeout", "120000", ...paths.map((path) => `./${path}`)], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        output += data;
        process.stdout.write(data);
      });
    child.on("exit", (code) => {
      const count = (word) => Number(output.match(new RegExp(`^\\s*(\\d+) ${word}$`, "m"))?.[1] ?? 0);
      const notRun = [...output.matchAll(/^not run: (\d+) tests?.*$/gm)].map((match) => match[0]);
      const failed = count("fail");
      // A file that does not even load counts as one failure.
      resolve({ passed: count("pass"), failed: code !== 0 && failed === 0 ? 1 : failed, notRun });
    });
  });
}

ensurePackages();
const bun = findBun();
ensureExecutable(bun);
ensureChromium();

const wanted = process.argv.slice(2);
const groups =
  wanted.length > 0
    ? [wanted]
    : [["src", "web", "scripts", "bench"], ...storyFiles(join(root, "test")).map((path) => [path])];
const totals = { passed: 0, failed: 0, notRun: [] };
for (const group of groups) {
  console.log(`\n# ${group.join(" ")}`);
  const result = await runTests(bun, group);
  totals.passed += result.passed;
  totals.failed += result.failed;
  totals.notRun.push(...result.notRun);
}
console.log("");
for (const line of totals.notRun) console.log(line);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);
