/** Questions sorted by what they want: banking77's training part, bitext's sample and CLINC150. */
import { join } from "node:path";
import Papa from "papaparse";
import { z } from "zod";
import { shared } from "./paths.ts";
import { shuffled } from "./stats.ts";

export interface IntentQuestion {
  readonly text: string;
  readonly intent: string;
}

export interface IntentSplit {
  /** What the documents say. */
  readonly known: readonly IntentQuestion[];
  /** Other questions with the same intents. */
  readonly asked: readonly IntentQuestion[];
}

const files = {
  banking77: { path: "banking77/train.csv", text: "text", intent: "category" },
  bitext: {
    path: "bitext/Bitext_Sample_Customer_Service_Training_Dataset.clean.csv",
    text: "utterance",
    intent: "intent",
  },
} as const;

async function load(name: keyof typeof files): Promise<IntentQuestion[]> {
  const { path, text, intent } = files[name];
  const csv = await Bun.file(join(shared, "data", path)).text();
  const { data } = Papa.parse(csv.replace(/^\ufeff/, ""), { header: true, skipEmptyLines: true });
  return z
    .array(z.record(z.string(), z.string()))
    .parse(data)
    .map((row) => ({ text: (row[text] ?? "").trim(), intent: row[intent] ?? "" }));
}

/**
 * Of each intent, by chance and the same in every run, `known` questions to put into documents and `asked` other ones
 * to ask. A text that comes twice is taken once; upper and lower case and punctuation make no difference in that.
 */
export async function intentSplit(
  name: keyof typeof files,
  known: number,
  asked: number,
): Promise<IntentSplit> {
  const distinct = new Map<string, IntentQuestion>();
  for (const question of shuffled(await load(name), 3)) {
    const words = question.text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const key = words.join(" ");
    if (key !== "" && !distinct.has(key)) distinct.set(key, question);
  }
  const byIntent = Map.groupBy(distinct.values(), ({ intent }) => intent);
  const groups = [...byIntent.values()];
  return {
    known: groups.flatMap((group) => group.slice(0, known)),
    asked: shuffled(
      groups.flatMap((group) => group.slice(known, known + asked)),
      4,
    ),
  };
}

/** 10,003 questions to a bank, 77 intents that lie close together. */
export function banking77(): Promise<IntentQuestion[]> {
  return load("banking77");
}

/** 8,175 messages to a shop, 27 intents. */
export function bitext(): Promise<IntentQuestion[]> {
  return load("bitext");
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
