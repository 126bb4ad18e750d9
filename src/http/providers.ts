/** `/api/v1/providers` */
import { z } from "zod";
import type { App } from "../app.ts";
import { AppError, describeError } from "../errors.ts";
import { readProvider, type SettableProvider, writeProvider } from "../llm/provider-settings.ts";
import { readSettings } from "../tenants/settings.ts";
import { defineRoute, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

const byId = z.object({ id: schemas.providerId });

async function list(app: App, tenantId: string): Promise<schemas.ProviderBody[]> {
  const stored = await app.store.read(tenantId, (reader) => ({
    ollama: readProvider(reader, "ollama"),
    openai: readProvider(reader, "openai-compatible"),
    settings: readSettings(reader).settings,
  }));
  const active = (await app.models.providerFor(tenantId, stored.settings))?.id ?? "builtin";
  const operators = stored.ollama.url === null;
  return [
    {
      id: "builtin",
      url: null,
      model: "extractive",
      hasKey: false,
      source: "builtin",
      active: active === "builtin",
    },
    {
      id: "ollama",
      url: operators ? app.config.ollamaHost : stored.ollama.url,
      model: stored.ollama.model ?? (operators ? app.models.operatorModel() : null),
      hasKey: false,
      source: operators ? "operator" : "tenant",
      active: active === "ollama",
    },
    {
      id: "openai-compatible",
      url: stored.openai.url,
      model: stored.openai.model,
      hasKey: stored.openai.sealedKey !== null,
      source: "tenant",
      active: active === "openai-compatible",
    },
  ];
}

function settable(id: z.infer<typeof schemas.providerId>): SettableProvider {
  if (id === "builtin") throw new AppError("conflict", "The built-in answerer has nothing to set.");
  return id;
}

export function providerRoutes(app: App): Route[] {
  const one = async (tenantId: string, id: SettableProvider) =>
    (await list(app, tenantId)).find((provider) => provider.id === id);
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/providers",
      access: "tenant",
      tag: "Models",
      summary: "List what can write answers",
      responses: { 200: schemas.providerList },
      handle: async ({ tenantId }) => json(200, { items: await list(app, tenantId) }),
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/providers/{id}",
      access: "tenant",
      tag: "Models",
      summary: "Set address, model and key; a key is never given out again",
      params: byId,
      body: schemas.providerPatch,
      responses: { 200: schemas.provider },
      handle: async ({ params, body, tenantId, log }) => {
        const id = settable(params.id);
        await app.store.transact(tenantId, (writer) => {
          const before = readProvider(writer, id);
          const url = body.url === undefined ? before.url : body.url;
          // A key is for the server that it was given for: at a new address it is not sent along unasked.
          const moved = url !== before.url && body.key === undefined;
          const kept = moved ? null : before.sealedKey;
          const sealedKey =
            body.key === undefined
              ? kept
              : body.key === null
                ? null
                : app.tenants.sealSecret(tenantId, `provider:${id}`, body.key);
          writeProvider(writer, id, {
            url,
            model: body.model === undefined ? before.model : body.model,
            sealedKey,
          });
        });
        // What is set is set, whatever becomes of what waited for it.
        await app.upkeep.resume(tenantId).catch((error: unknown) => {
          log.warn("jobs that wait for a model server were not woken", { error: describeError(error) });
        });
        return json(200, await one(tenantId, id));
      },
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/providers/{id}/check",
      access: "tenant",
      tag: "Models",
      summary: "Test the connection now",
      params: byId,
      responses: { 200: schemas.providerCheck },
      handle: async ({ params, tenantId }) =>
        json(200, await app.models.check(tenantId, settable(params.id))),
    }),
  ];
}
