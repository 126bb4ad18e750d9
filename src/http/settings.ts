/** `/api/v1/settings` */
import type { App } from "../app.ts";
import { AppError } from "../errors.ts";
import { patchSettings, readSettings, type VersionedSettings } from "../tenants/settings.ts";
import { defineRoute, iso, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

/** @throws AppError invalid_request for a model that is not on this server */
async function checkModel(app: App, model: string | null | undefined): Promise<void> {
  if (model === null || model === undefined) return;
  try {
    await app.search.findModel(model);
  } catch (error) {
    throw new AppError(
      "invalid_request",
      `body.retrieval.embeddingModel: there is no model "${model}" on this server. Put it into <data>/models/ first.`,
      { cause: error },
    );
  }
}

export function settingsRoutes(app: App): Route[] {
  const body = async (tenantId: string, stored: VersionedSettings) => {
    const model = await app.search.modelOf(tenantId);
    const defaults = { answerThreshold: model.retrieval.answerThreshold };
    return { ...stored.settings, version: stored.version, updatedAt: iso(stored.updatedAt), defaults };
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
        await checkModel(app, patch.retrieval?.embeddingModel);
        const stored = await app.store.transact(tenantId, (writer) => patchSettings(writer, patch, actor.id));
        await app.upkeep.applyModel(tenantId);
        return json(200, await body(tenantId, stored));
      },
    }),
  ];
}
