/**
 * Where the files that ship with the product are. From a source checkout they lie in `node_modules`, `models/` and
 * `dist/web`; in the compiled executable `build.ts` replaces this module by one whose paths lead into the executable.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

export interface ShippedFile {
  /** Readable through `Bun.file`. */
  readonly path: string;
  /** SHA-256 in hex, when known (always in the executable). */
  readonly sha256: string | null;
}

export interface ShippedFiles {
  /** True in the executable: native files must be put on disk before they can be loaded. */
  readonly compiled: boolean;
  /** Names the set of native files: a new one means a new folder. */
  readonly nativeVersion: string;
  readonly native: {
    readonly sqlite: ShippedFile;
    readonly vec0: ShippedFile;
    readonly onnxruntime: ShippedFile;
    readonly onnxruntimeBinding: ShippedFile;
  };
  /** Text recognition: Tesseract as WebAssembly, and what it knows of English. */
  readonly ocr: { readonly engine: ShippedFile; readonly english: ShippedFile };
  /** Built-in models, by path below `models/`. */
  readonly models: Readonly<Record<string, ShippedFile>>;
  /** Front ends, by URL path, e.g. "/widget.js". */
  readonly web: Readonly<Record<string, ShippedFile>>;
}

const root = join(import.meta.dir, "..", "..");
const modules = join(root, "node_modules");
const platform = `${process.platform}-${process.arch}`;

function files(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function listed(folder: string, prefix: string): Record<string, ShippedFile> {
  return Object.fromEntries(
    files(folder).map((path) => [prefix + relative(folder, path), { path, sha256: null }]),
  );
}

function shipped(path: string): ShippedFile {
  return { path, sha256: null };
}

const onnxruntime = join(modules, "onnxruntime-node", "bin", "napi-v6", process.platform, process.arch);

export const shippedFiles: ShippedFiles = {
  compiled: false,
  nativeVersion: "source",
  native: {
    sqlite: shipped(join(modules, "better-sqlite3", "prebuilds", `${platform}.node`)),
    vec0: shipped(join(modules, `sqlite-vec-${platform}`, "vec0.so")),
    onnxruntime: shipped(join(onnxruntime, "libonnxruntime.so.1")),
    onnxruntimeBinding: shipped(join(onnxruntime, "onnxruntime_binding.node")),
  },
  ocr: {
    engine: shipped(join(modules, "tesseract-wasm", "dist", "tesseract-core.wasm")),
    english: shipped(join(modules, "@tesseract.js-data", "eng", "4.0.0_best_int", "eng.traineddata.gz")),
  },
  models: listed(join(root, "models"), ""),
  web: listed(join(root, "dist", "web"), "/"),
};
