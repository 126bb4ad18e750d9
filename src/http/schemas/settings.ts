/** `/api/v1/settings` and `/api/v1/providers`. */
import { z } from "zod";
import { settingsPatchSchema, settingsSchema } from "../../tenants/settings.ts";
import { text, timestamp } from "./common.ts";

export const settings = settingsSchema;
export const settingsPatch = settingsPatchSchema;
export const settingsResponse = settings.extend({
  version: z.int(),
  updatedAt: timestamp,
  defaults: z.object({ answerThreshold: z.number() }),
  choices: z.object({
    rerankers: z.array(z.string()).describe("reranking models that the operator has put on this server"),
  }),
  learning: z
    .object({
      state: z
        .enum(["ready", "learning", "waiting", "failed"])
        .describe("`waiting`: its server gives nothing at present; `failed`: the model before stays in use"),
      progress: z.number().min(0).max(1),
      problem: z.string().nullable().describe("why it waits or failed, and what to do"),
    })
    .describe("how far the documents are learnt with `retrieval.embeddingModel`"),
});

export const providerId = z.enum(["builtin", "ollama", "openai-compatible"]);
export const provider = z.object({
  id: providerId,
  url: z.string().nullable(),
  model: z.string().nullable(),
  hasKey: z.boolean().describe("the key itself is never given out"),
  source: z.enum(["builtin", "operator", "tenant"]).describe("whose setting `url` is"),
  active: z.boolean().describe("answers the next question"),
});
export const providerList = z.object({ items: z.array(provider) });
export const providerPatch = z.strictObject({
  url: z
    .union([
      z
        .url({ protocol: /^https?$/ })
        .max(500)
        .regex(/^[^?#]*$/, "an address without ? and #"),
      z.null(),
    ])
    .optional(),
  model: z.union([text(200), z.null()]).optional(),
  key: z
    .union([text(1000), z.null()])
    .optional()
    .describe("write-only; null removes it"),
});
export const providerCheck = z.object({
  ok: z.boolean(),
  detail: z.string().describe("what is right or wrong and what to do"),
  models: z.array(z.string()),
  latencyMs: z.number(),
});

export type SettingsBody = z.infer<typeof settings>;
export type SettingsResponse = z.infer<typeof settingsResponse>;
export type SettingsPatch = z.infer<typeof settingsPatch>;
export type ProviderBody = z.infer<typeof provider>;
export type ProviderCheck = z.infer<typeof providerCheck>;
