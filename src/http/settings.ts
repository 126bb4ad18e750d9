/** `/api/v1/settings` */
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { findReranker, rerankers } from "../inference/model-store.ts";
import { type MeasuredEmbedder, putRemoteEmbedder } from "../knowledge/remote-embedders.ts";
import { patchSettings, readSettings, type VersionedSettings } from "../tenants/settings.ts";
import { defineRoute, iso, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

/**
 * What was found of a model at a model server; null for one on this server.
 * @throws AppError invalid_request for a model that is not there, provider_failed when its server is of no use
 */
async function tryModel(app: App, tenantId: string, model: string): Promise<MeasuredEmbedder | null> {
  if (/^(ollama|openai):/.test(model)) return app.remoteEmbedding.measure(tenantId, model);
  try {
    await app.search.findModel(model);
    return null;
  } catch (error) {
    throw new AppError(
      "invalid_request",
      `body.retrieval.embeddingModel: there is no model "${model}" on this server. Put it into <data>/models/ first.`,
      { cause: error },
    );
  }
}

function rerankerIds(app: App): string[] {
  return rerankers(app.config.data).map((model) => model.id);
}

/** @throws AppError invalid_request for a model that is not there */
function requireReranker(app: App, id: string): void {
  try {
    findReranker(id, app.config.data);
  } catch (error) {
    const there = rerankerIds(app);
    const list = there.length === 0 ? "There are none yet" : `There are: ${there.join(", ")}`;
    throw new AppError(
      "invalid_request",
      `body.retrieval.reranker: there is no reranking model "${id}" on this server. ${list}; put one into <data>/models/ first.`,
      { cause: error },
    );
  }
}

export function settingsRoutes(app: App): Route[] {
  const body = async (tenantId: string, stored: VersionedSettings) => {
    const [model, learning] = await Promise.all([
      app.search.modelOf(tenantId),
      app.upkeep.learning(tenantId),
    ]);
    const defaults = { answerThreshold: model.retrieval.answerThreshold };
    return {
      ...stored.settings,
      version: stored.version,
      updatedAt: iso(stored.updatedAt),
      defaults,
      choices: { rerankers: rerankerIds(app) },
      learning,
    };
  };
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/settings",
      access: "tenant",
      tag: "Settings",
      summary: "Get the settings in force",
      responses: { 200: schemas.settingsResponse },
      handle: async ({ tenantId }) =>
        json(200, await body(tenantId, await app.store.read(tenantId, readSettings))),
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/settings",
      access: "tenant",
      tag: "Settings",
      summary: "Change settings; what is left out stays. Visitors see it at once",
      body: schemas.settingsPatch,
      responses: { 200: schemas.settingsResponse },
      handle: async ({ body: patch, tenantId, actor }) => {
        const chosen = patch.retrieval?.embeddingModel;
        const found = typeof chosen === "string" ? await tryModel(app, tenantId, chosen) : null;
        const reranker = patch.retrieval?.reranker;
        if (typeof reranker === "string") requireReranker(app, reranker);
        const stored = await app.store.transact(tenantId, (writer) => {
          if (found !== null) putRemoteEmbedder(writer, found);
          return patchSettings(writer, patch, actor.id);
        });
        // The same model once more means to try again.
        if (chosen === undefined) await app.upkeep.applyModel(tenantId);
        else await app.upkeep.resume(tenantId);
        return json(200, await body(tenantId, stored));
      },
    }),
  ];
}
