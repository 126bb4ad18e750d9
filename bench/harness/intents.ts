/** Questions with what they are after, from the folder of public data beside the project. */
import { join } from "node:path";
import { z } from "zod";
import { shared } from "./paths.ts";

export interface IntentQuestion {
  readonly text: string;
  readonly intent: string;
}

/** 10,003 questions to a bank, 77 intents that lie close together. */
export async function banking77(): Promise<IntentQuestion[]> {
  const rows = await csv("banking77/train.csv");
  return rows.flatMap(([text, intent]) => question(text, intent));
}

/** 8,175 messages to a shop, 27 intents. */
export async function bitext(): Promise<IntentQuestion[]> {
  const rows = await csv("bitext/Bitext_Sample_Customer_Service_Training_Dataset.clean.csv");
  return rows.flatMap(([, text, , intent]) => question(text, intent));
}

const clincFile = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));

/** Requests to an assistant: 150 intents, and those that belong to none. */
export async function clinc150(): Promise<{ inScope: IntentQuestion[]; outOfScope: IntentQuestion[] }> {
  const file = clincFile.parse(await Bun.file(join(shared, "data", "clinc150", "dev.json")).json());
  const of = (...names: readonly string[]) =>
    names.flatMap((name) => file[name] ?? []).flatMap(([text, intent]) => question(text, intent));
  return { inScope: of("train"), outOfScope: of("oos_train", "oos_val") };
}

function question(text = "", intent = ""): IntentQuestion[] {
  return text.trim() === "" || intent === "" ? [] : [{ text: text.trim(), intent }];
}

/** The rows below the head. */
async function csv(path: string): Promise<string[][]> {
  const text = await Bun.file(join(shared, "data", path)).text();
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end !== ",") rows.push([]);
  }
  return rows.slice(1).filter((row) => row.length > 1);
}
