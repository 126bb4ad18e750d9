/** `/api/v1/api-keys` */
import { z } from "zod";
import type { App } from "../app.ts";
import type { ApiKey } from "../auth/api-keys.ts";
import { defineRoute, iso, json, noContent, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

function keyBody(key: ApiKey): schemas.ApiKeyBody {
  const { id, name, prefix, createdAt, lastUsedAt } = key;
  return {
    id,
    name,
    prefix,
    createdAt: iso(createdAt),
    lastUsedAt: lastUsedAt === null ? null : iso(lastUsedAt),
  };
}

export function apiKeyRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/api-keys",
      access: "tenant",
      tag: "Access",
      summary: "List API keys (never the keys themselves)",
      responses: { 200: schemas.apiKeyList },
      handle: ({ tenantId }) => json(200, { items: app.apiKeys.list(tenantId).map(keyBody) }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/api-keys",
      access: "tenant",
      tag: "Access",
      summary: "Make an API key; it is shown this once",
      body: schemas.apiKeyRequest,
      responses: { 201: schemas.apiKeyCreated },
      handle: ({ body, tenantId, actor }) => {
        const created = app.apiKeys.create(tenantId, body.name, actor.id);
        return json(201, { ...keyBody(created), key: created.key });
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/api-keys/{id}",
      access: "tenant",
      tag: "Access",
      summary: "Revoke an API key at once",
      params: z.object({ id: schemas.id }),
      responses: { 204: null },
      handle: ({ params, tenantId, actor }) => {
        app.apiKeys.revoke(tenantId, params.id, actor.id);
        return noContent();
      },
    }),
  ];
}
