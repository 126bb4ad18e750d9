/** A tenant's settings: every change is a new version, the latest one is in force. */
import { z } from "zod";
import type { Reader, Writer } from "../db/transaction.ts";
import { appendEvent } from "../events/event-log.ts";

const text = (max: number) => z.string().trim().min(1).max(max);

const assistant = z.strictObject({
  name: text(80),
  greeting: text(500),
  instructions: z.string().trim().max(4000),
  language: z.enum(["auto", "en", "de", "es", "fr", "hr", "ru", "zh"]).describe("auto: the visitor's own"),
});
const models = z.strictObject({
  answerer: z
    .enum(["auto", "builtin", "ollama", "openai-compatible"])
    .describe("auto: a language model when one is set up and reachable, else quotes from the documents"),
});
const confidence = z.strictObject({
  answerThreshold: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("how sure it must be before it answers; null: the value measured for the embedding model"),
});
const retrieval = z.strictObject({
  embeddingModel: z
    .string()
    .max(220)
    .nullable()
    .describe(
      "model that makes the vectors: one in <data>/models/, `ollama:NAME` or `openai:NAME` at the provider's address; null: the built-in one. It is tried out at once, and takes effect when all documents are embedded anew",
    ),
  meaningShare: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      "weight of meaning against words: 0 only words, 1 only meaning, 0.5 or null the weights measured for the embedding model",
    ),
  reranker: z
    .string()
    .max(100)
    .nullable()
    .describe(
      "model in <data>/models/ that reads the best passages together with the question and puts them in order; null: none",
    ),
  passageTokens: z
    .int()
    .min(64)
    .max(512)
    .describe("length of a passage, for documents that are read from now on"),
  overlapTokens: z
    .int()
    .min(0)
    .max(256)
    .describe(
      "how much of the passage before is repeated, at most half a passage; for documents that are read from now on",
    ),
});
const channels = z.strictObject({
  messagesPerMinute: z.int().min(1).max(10_000).describe("of one visitor"),
  messagesPerDay: z.int().min(1).max(1_000_000).describe("of one visitor"),
});

export const settingsSchema = z.strictObject({ assistant, models, retrieval, confidence, channels });
export const settingsPatchSchema = z.strictObject({
  assistant: assistant.partial().optional(),
  models: models.partial().optional(),
  retrieval: retrieval.partial().optional(),
  confidence: confidence.partial().optional(),
  channels: channels.partial().optional(),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

export const defaultSettings: Settings = {
  assistant: {
    name: "Assistant",
    greeting: "Hello. Ask me about our products and services.",
    instructions: "",
    language: "auto",
  },
  models: { answerer: "auto" },
  retrieval: {
    embeddingModel: null,
    meaningShare: null,
    reranker: null,
    passageTokens: 512,
    overlapTokens: 64,
  },
  confidence: { answerThreshold: null },
  channels: { messagesPerMinute: 30, messagesPerDay: 1000 },
};

export interface VersionedSettings {
  readonly settings: Settings;
  readonly version: number;
  readonly updatedAt: number;
}

export function readSettings(reader: Reader): VersionedSettings {
  const row = reader.get<{ version: number; body: string; created_at: number }>(
    "SELECT version, body, created_at FROM settings_versions ORDER BY version DESC LIMIT 1",
  );
  if (row === undefined) return { settings: defaultSettings, version: 0, updatedAt: 0 };
  return {
    settings: withDefaults(JSON.parse(row.body)),
    version: row.version,
    updatedAt: row.created_at,
  };
}

/** Settings that were stored by an earlier release lack what came since. @throws ZodError when they are none */
export function withDefaults(stored: unknown): Settings {
  const known = settingsPatchSchema.parse(stored);
  return mergeSettings(defaultSettings, known);
}

function mergeSettings(settings: Settings, patch: SettingsPatch): Settings {
  return settingsSchema.parse({
    assistant: { ...settings.assistant, ...patch.assistant },
    models: { ...settings.models, ...patch.models },
    retrieval: { ...settings.retrieval, ...patch.retrieval },
    confidence: { ...settings.confidence, ...patch.confidence },
    channels: { ...settings.channels, ...patch.channels },
  });
}

export function writeSettings(writer: Writer, settings: Settings, author: string): VersionedSettings {
  const version = readSettings(writer).version + 1;
  const updatedAt = Date.now();
  writer.run(
    "INSERT INTO settings_versions (version, body, author, created_at) VALUES (?, ?, ?, ?)",
    version,
    JSON.stringify(settings),
    author,
    updatedAt,
  );
  appendEvent(writer, "settings.changed", { version, author });
  return { settings, version, updatedAt };
}

/** Changes only what the patch names. */
export function patchSettings(writer: Writer, patch: SettingsPatch, author: string): VersionedSettings {
  return writeSettings(writer, mergeSettings(readSettings(writer).settings, patch), author);
}
