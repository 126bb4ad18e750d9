/** The setting `retrieval.embeddingModel` as the form shows it. */

/** `folder`: a model that the operator put into the data folder. */
export type MeaningMaker = "builtin" | "folder" | "ollama" | "openai";

export interface MeaningChoice {
  readonly maker: MeaningMaker;
  readonly name: string;
}

export function choiceOf(setting: string | null): MeaningChoice {
  if (setting === null) return { maker: "builtin", name: "" };
  for (const maker of ["ollama", "openai"] as const)
    if (setting.startsWith(`${maker}:`)) return { maker, name: setting.slice(maker.length + 1) };
  return { maker: "folder", name: setting };
}

export function settingOf({ maker, name }: MeaningChoice): string | null {
  if (maker === "builtin") return null;
  return maker === "folder" ? name.trim() : `${maker}:${name.trim()}`;
}
