/** Channels, API keys, the session and the setup. */
import { z } from "zod";
import { id, text, timestamp } from "./common.ts";

export const channel = z.object({
  id,
  kind: z.enum(["webchat", "api"]),
  name: z.string(),
  publicKey: z.string().nullable(),
  allowedOrigins: z.array(z.string()),
  snippet: z.string().nullable(),
  createdAt: timestamp,
});
export const channelList = z.object({ items: z.array(channel) });
export const channelPatch = z.strictObject({
  name: text(100).optional(),
  allowedOrigins: z
    .array(z.string().trim().max(300))
    .max(50)
    .optional()
    .describe(
      "`https://shop.example` or `https://*.shop.example`; the appliance's own pages are always allowed",
    ),
});

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  createdAt: timestamp,
  lastUsedAt: timestamp.nullable(),
});
export const apiKeyList = z.object({ items: z.array(apiKey) });
export const apiKeyRequest = z.strictObject({ name: text(100) });
export const apiKeyCreated = apiKey.extend({ key: z.string().describe("shown this once") });

export const password = z.string().min(10).max(200).describe("at least 10 characters");
export const setupRequest = z.strictObject({
  token: z.string().min(1).max(200),
  email: z.email().max(320),
  password,
  tenant: text(100).describe("name of the business"),
});
export const signInRequest = z.strictObject({
  email: z.email().max(320),
  password: z.string().min(1).max(200),
});
export const session = z.object({
  user: z.object({ id, email: z.string(), operator: z.boolean() }),
  tenants: z.array(z.object({ id, slug: z.string(), name: z.string(), role: z.string() })),
  limits: z.object({ maxUploadBytes: z.int().describe("largest file that is taken as a document") }),
});
export const setupState = z.object({ valid: z.boolean() });

export type ChannelBody = z.infer<typeof channel>;
export type ApiKeyBody = z.infer<typeof apiKey>;
export type SessionBody = z.infer<typeof session>;
