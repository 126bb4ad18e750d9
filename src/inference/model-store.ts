/** Finds models: those inside the executable, and those in `<data>/models/`. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { shippedFiles } from "../native/embedded.ts";
import { fileSha256, onDisk } from "../native/install.ts";
import {
  type AnyModel,
  type CompanionEntry,
  type ModelEntry,
  manifestSchema,
  type RerankerEntry,
} from "./model-manifest.ts";
import type { TokenizerFile } from "./tokenizer.ts";

export const defaultEmbedder = "multilingual-e5-small-int8";

export interface ModelFiles<Entry extends AnyModel = ModelEntry> {
  readonly entry: Entry;
  /** Path from which ONNX Runtime loads the graph. */
  readonly graph: string;
  readonly tokenizer: TokenizerFile;
}

const graphName = "model.onnx";
/** Of models whose weights lie in a file of their own. */
const weightsName = "model.onnx.data";

let shipped: readonly AnyModel[] | undefined;

/** All models inside the executable. */
export async function shippedModels(): Promise<readonly AnyModel[]> {
  const manifest = shippedFiles.models["manifest.json"];
  if (manifest === undefined) throw new Error("this executable was built without models/manifest.json");
  shipped ??= manifestSchema.parse(await Bun.file(manifest.path).json()).models;
  return shipped;
}

/** The embedding models inside the executable. */
export async function builtInModels(): Promise<readonly ModelEntry[]> {
  return (await shippedModels()).filter(isEmbedder);
}

const isEmbedder = (entry: AnyModel): entry is ModelEntry => entry.task === "embedding";
const isCompanion = (entry: AnyModel): entry is CompanionEntry => entry.task === "sentences";
const isReranker = (entry: AnyModel): entry is RerankerEntry => entry.task === "reranking";

const added = new Map<string, { readonly state: string; readonly models: readonly AnyModel[] }>();

/** Asked for by every search: the manifest is read again only when its file has changed. */
function addedModels(dataDir: string): readonly AnyModel[] {
  const path = join(dataDir, "models", "manifest.json");
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return [];
  const state = `${file.mtimeMs} ${file.size} ${file.ino}`;
  const known = added.get(path);
  if (known?.state === state) return known.models;
  const { models } = manifestSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  added.set(path, { state, models });
  return models;
}

/** @throws when there is no such model. */
export async function findModel(id: string, dataDir: string): Promise<ModelEntry> {
  const models = [...(await builtInModels()), ...addedModels(dataDir).filter(isEmbedder)];
  const entry = models.find((item) => item.id === id);
  if (entry === undefined) throw new Error(`there is no embedding model "${id}" on this server`);
  return entry;
}

/** @throws when there is no such model. */
export async function findCompanion(id: string, dataDir: string): Promise<CompanionEntry> {
  const models = [...(await shippedModels()), ...addedModels(dataDir)].filter(isCompanion);
  const entry = models.find((item) => item.id === id);
  if (entry === undefined) throw new Error(`there is no sentence model "${id}" on this server`);
  return entry;
}

/** The reranking models of the data folder; none is inside the executable. */
export function rerankers(dataDir: string): readonly RerankerEntry[] {
  return addedModels(dataDir).filter(isReranker);
}

/** @throws when there is no such model. */
export function findReranker(id: string, dataDir: string): RerankerEntry {
  const entry = rerankers(dataDir).find((item) => item.id === id);
  if (entry === undefined) throw new Error(`there is no reranking model "${id}" on this server`);
  return entry;
}

/** The files of an embedding model. @throws when there is none with this id, or a file is missing or damaged. */
export async function modelFiles(id: string, dataDir: string): Promise<ModelFiles> {
  return filesOf(await findModel(id, dataDir), dataDir);
}

/** Makes sure that a model's files are whole and where they can be loaded. @throws when one is missing or damaged. */
export async function filesOf<Entry extends AnyModel>(
  entry: Entry,
  dataDir: string,
): Promise<ModelFiles<Entry>> {
  const { id } = entry;
  const isShipped = (await shippedModels()).some((model) => model === entry);
  const find = (name: string) => entry.files.find((file) => file.path === `${id}/${name}`);
  const locate = async (name: string): Promise<string> => {
    const path = `${id}/${name}`;
    const listed = find(name);
    if (listed === undefined) throw new Error(`the manifest of ${id} lists no ${name}`);
    const file = shippedFiles.models[path];
    if (isShipped && file !== undefined)
      return name.startsWith(graphName) ? onDisk(file, dataDir, path) : file.path;
    const added = join(dataDir, "models", path);
    if ((await fileSha256(added)) !== listed.sha256)
      throw new Error(`${added} is missing or not what the manifest says`);
    return added;
  };
  const packed = find("tokenizer.bin") !== undefined;
  const tokenizer = packed
    ? { packed: await locate("tokenizer.bin") }
    : { json: await locate("tokenizer.json") };
  // ONNX Runtime finds the weights beside the graph and maps them into memory.
  if (find(weightsName) !== undefined) await locate(weightsName);
  return { entry, graph: await locate(graphName), tokenizer };
}

const anchorsSchema = z.object({
  languages: z.array(
    z.object({ language: z.string(), mean: z.array(z.number()), sentences: z.array(z.string()).default([]) }),
  ),
});
const anchorCache = new Map<string, readonly Anchor[]>();

export interface Anchor {
  /** ISO 639-1. */
  readonly language: string;
  readonly mean: Float32Array;
}

/**
 * Mean vectors of unrelated text, one a language; empty for a model that has none. A question's highest cosine with
 * them is the base above which a cosine begins to mean something.
 */
export async function anchorsOf(model: ModelEntry, dataDir: string): Promise<readonly Anchor[]> {
  const known = anchorCache.get(model.id);
  if (known !== undefined) return known;
  const path = `${model.id}/anchors.json`;
  const builtIn = (await builtInModels()).includes(model) ? shippedFiles.models[path]?.path : undefined;
  const file = Bun.file(builtIn ?? join(dataDir, "models", path));
  const anchors = (await file.exists())
    ? anchorsSchema
        .parse(await file.json())
        .languages.map(({ language, mean }) => ({ language, mean: new Float32Array(mean) }))
    : [];
  anchorCache.set(model.id, anchors);
  return anchors;
}

/** Sentences of no relevance to anything, by language: those of which the default model's base lines were made. */
export async function anchorSentences(): Promise<
  readonly { readonly language: string; readonly sentences: readonly string[] }[]
> {
  const file = shippedFiles.models[`${defaultEmbedder}/anchors.json`];
  if (file === undefined) throw new Error(`this executable was built without anchors of ${defaultEmbedder}`);
  return anchorsSchema.parse(await Bun.file(file.path).json()).languages;
}
