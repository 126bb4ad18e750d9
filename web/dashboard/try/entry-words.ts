import { duration } from "../ui/time.ts";
import { signalName, signalValue, spelledOut } from "../ui/words.ts";
import { ACTIONS } from "./action-words.ts";

const NAMES: Readonly<Record<string, string>> = {
  answerable: "The documents hold an answer",
  words: "Words looked for",
  lacking: "Not in the nearest sentence",
  timings: "Time",
  embedMs: "to understand the question",
  keywordMs: "to search by words",
  vectorMs: "to search by meaning",
  rerankMs: "to read the best with the question",
  totalMs: "in all",
  score: "How sure it is",
  threshold: "Needed to answer",
  level: "In a word",
  signals: "Because of",
  action: "What it did",
  answerer: "Written by",
  kind: "Result",
  promptTokens: "Tokens read",
  completionTokens: "Tokens written",
  truncated: "Cut short",
};

const SIGNALS: ReadonlySet<string> = new Set(["retrieval", "grounded", "smallTalk", "askedForPerson"]);

const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  level: { high: "sure", medium: "fairly sure", low: "unsure" },
  action: ACTIONS,
  answerer: { extractive: "quotes from the documents", ollama: "Ollama" },
  kind: { answered: "an answer", unknown: "no answer in the documents" },
};

/** What a step notes, with its name and its value in words; an unknown one is spelled out as it is. */
export function entryInWords(name: string, value: unknown): readonly [name: string, value: unknown] {
  if (SIGNALS.has(name) && typeof value === "number") return [signalName(name), signalValue(name, value)];
  const words = (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? spelledOut(name);
  if (name.endsWith("Ms") && typeof value === "number") return [words, duration(value)];
  const known = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (typeof value === "string" && known !== undefined && Object.hasOwn(known, value))
    return [words, known[value]];
  return [words, value];
}
