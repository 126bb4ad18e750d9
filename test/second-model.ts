/** A second embedding model, put into a data folder as an operator would: for tests that change models. */
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtInModels } from "../src/inference/model-store.ts";

export const secondModel = "all-MiniLM-L6-v2-int8";
export const secondModelFolder = join(import.meta.dir, "..", "..", "shared", "models", secondModel);

/** Puts the second model into the data folder with a manifest of its own. Its figures are rough: only the change is tested. */
export async function addSecondModel(dataDir: string): Promise<void> {
  const folder = join(dataDir, "models", secondModel);
  mkdirSync(folder, { recursive: true });
  const files = ["model.onnx", "tokenizer.json"].map((name) => {
    copyFileSync(join(secondModelFolder, name), join(folder, name));
    // Whoever owns the model that was copied, this copy is ours to change.
    chmodSync(join(folder, name), 0o600);
    const sha256 = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
    return { path: `${secondModel}/${name}`, bytes: statSync(join(folder, name)).size, sha256 };
  });
  const [base] = await builtInModels();
  const entry = {
    ...base,
    id: secondModel,
    files,
    dims: 384,
    maxTokens: 512,
    prefixes: { query: "", passage: "" },
    licence: "Apache-2.0",
  };
  writeFileSync(join(dataDir, "models", "manifest.json"), JSON.stringify({ models: [entry] }));
}
