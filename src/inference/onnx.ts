/** Loads ONNX Runtime from where its library lies on disk. Only worker threads do this, on first use. */
import type * as Onnx from "onnxruntime-node";
import { shippedFiles } from "../native/embedded.ts";
import { onDisk } from "../native/install.ts";

export type { InferenceSession, Tensor } from "onnxruntime-node";

/**
 * Where the executable's copy of `onnxruntime-node` looks for its addon: `build.ts` replaces the library's own
 * `require` of a path below node_modules by a call of the function under this symbol.
 */
const bindingHook = Symbol.for("metachat.onnxruntime-binding");

let loaded: Promise<typeof Onnx> | undefined;

async function load(dataDir: string): Promise<typeof Onnx> {
  // The addon finds the library beside itself, so both must be there before it is loaded.
  await onDisk(shippedFiles.native.onnxruntime, dataDir, "libonnxruntime.so.1");
  const addon = await onDisk(shippedFiles.native.onnxruntimeBinding, dataDir, "onnxruntime_binding.node");
  Object.assign(globalThis, {
    [bindingHook]: () => {
      const module = { exports: {} };
      process.dlopen(module, addon);
      return module.exports;
    },
  });
  return import("onnxruntime-node");
}

/** ONNX Runtime, loaded once a thread. */
export function onnx(dataDir: string): Promise<typeof Onnx> {
  loaded ??= load(dataDir);
  return loaded;
}

/** A graph ready to run. @throws when it cannot be loaded. */
export async function openSession(
  graph: string,
  { dataDir, threads }: { readonly dataDir: string; readonly threads: number },
): Promise<Onnx.InferenceSession> {
  const { InferenceSession } = await onnx(dataDir);
  const session = await InferenceSession.create(graph, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  // Loading leaves about 80 MB of garbage, which an idle thread would keep.
  Bun.gc(true);
  return session;
}

/** Rows of token ids (or of anything that goes with them) as one tensor; shorter ones are filled up with 0. */
export async function paddedTensor(
  rows: readonly (readonly number[])[],
  dataDir: string,
): Promise<Onnx.Tensor> {
  const { Tensor } = await onnx(dataDir);
  const length = Math.max(...rows.map((row) => row.length));
  const values = new BigInt64Array(rows.length * length);
  for (const [index, row] of rows.entries())
    for (const [position, value] of row.entries()) values[index * length + position] = BigInt(value);
  return new Tensor("int64", values, [rows.length, length]);
}

/** 1 for each token of a row: the rest is filling. */
export function maskOf(rows: readonly (readonly number[])[]): number[][] {
  return rows.map((row) => row.map(() => 1));
}
