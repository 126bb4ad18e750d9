/**
 * What the two commands need before anything else is there: plain Node (18 or newer), nothing installed. Installs the
 * packages, finds Bun among them, builds the executable, and installs Chromium through apt for the browser tests.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const executable = join(root, "dist", "metachat");

export function fail(message) {
  console.error(message);
  process.exit(1);
}

export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) return { code: 127, error: result.error };
  return { code: result.status ?? 1 };
}

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/**
 * Installs the packages of the lock file unless exactly these are there. No install script is run. Not `npm ci`: that
 * refuses a lock file without the packages of other systems, which some registries do not carry.
 */
export function ensurePackages() {
  const stamp = join(root, "node_modules", ".metachat-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash()) return;
  console.log("Installing packages …");
  const { code } = run("npm", [
    "install",
    "--no-save",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  if (code !== 0) fail("The packages could not be installed. Is the npm registry reachable from here?");
  linkBun();
  writeFileSync(stamp, lockHash());
}

/** Does what the `bun` package's install script would: `npx bun` and `bun` in npm scripts are then the real one. */
function linkBun() {
  const bun = findBun();
  if (movedBuns.includes(bun)) return;
  for (const path of movedBuns) {
    rmSync(path, { force: true });
    symlinkSync(relative(dirname(path), bun), path);
  }
}

/** Where Bun lies after its package's own install script ran (`npm ci`, `npm install`): it moves it here. */
const movedBuns = ["bun.exe", "bunx.exe"].map((name) => join(root, "node_modules", "bun", "bin", name));

/** Path of the Bun that came with the packages. */
export function findBun() {
  const folder = join(root, "node_modules", "@oven");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("bun-")) : [];
  const paths = names.sort((a, b) => a.length - b.length).map((name) => join(folder, name, "bin", "bun"));
  for (const path of [...paths, ...movedBuns])
    if (existsSync(path) && spawnSync(path, ["--version"]).status === 0) return path;
  return fail(
    `Bun has no build for this machine (${process.platform} ${process.arch}) among its npm packages.`,
  );
}

function newest(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const sources = ["src", "web", "migrations", "models", "build.ts", "package.json", "package-lock.json"];

/** Builds the executable unless it is newer than everything it is made of. */
export function ensureExecutable(bun) {
  const built = statSync(executable, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > Math.max(...sources.map((name) => newest(join(root, name))))) return;
  console.log("Building dist/metachat …");
  if (run(bun, ["build.ts"]).code !== 0) fail("The executable could not be built; the reason stands above.");
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs Debian's Chromium when it is missing; one clear sentence when that is not possible. */
export function ensureChromium() {
  if (isExecutable("/usr/bin/chromium")) return;
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  console.log("Installing Chromium for the browser tests …");
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, "apt-get", "-qq", ...args];
    return run(command, rest, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).code;
  };
  apt("update");
  apt("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core");
  if (!isExecutable("/usr/bin/chromium"))
    fail(
      "The browser tests need Chromium, and this user cannot install it: ask an administrator to run `apt-get install chromium`, then run this again.",
    );
}
