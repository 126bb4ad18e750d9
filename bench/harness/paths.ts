/** Where things are, seen from the benchmarks. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otherBinary } from "./args.ts";

export const root = join(import.meta.dir, "..", "..");
export const binary = otherBinary ?? join(root, "dist", "metachat");
export const results = join(root, "bench", "results");
/** Results of whole runs, committed by `publish.ts`. */
export const lastRun = join(root, "bench", "last-run");
/** Made once and kept between runs; ignored by git. */
export const cache = join(root, ".cache", "bench");
/** Public data beside the project; a fresh clone does not have it. */
export const shared = join(root, "..", "shared");

/** Why a benchmark that needs them cannot run, or null. */
export function missing(needs: { readonly binary?: true; readonly shared?: true }): string | null {
  if (needs.binary === true && !existsSync(binary)) return `${binary} is not built (bun build.ts)`;
  if (needs.shared === true && !existsSync(join(shared, "data"))) return `${shared}/data is not there`;
  return null;
}

/** A new empty folder that is removed when it goes out of scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "metachat-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
