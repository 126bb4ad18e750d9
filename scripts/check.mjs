/** `bun run check`: format, lint, types, every test, and the self-test of the built executable. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePackages, executable, root, run } from "./toolchain.mjs";

ensurePackages();
const bin = (name) => join(root, "node_modules", ".bin", name);
const failures = [];

function step(name, command, args, options) {
  console.log(`\n== ${name}`);
  if (run(command, args, options).code !== 0) failures.push(name);
}

step("format and lint", bin("biome"), ["ci", "."]);
step("types", bin("tsc"), ["--noEmit"]);
step("tests", process.execPath, [join(root, "scripts", "test.mjs")]);
const folder = mkdtempSync(join(tmpdir(), "metachat-check-"));
step("self-test of the executable", executable, ["self-test", "--data", join(folder, "data")], {
  cwd: folder,
  env: {},
});
rmSync(folder, { recursive: true, force: true });

console.log(failures.length === 0 ? "\nAll checks passed." : `\nFailed: ${failures.join(", ")}`);
process.exit(failures.length === 0 ? 0 : 1);
