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
