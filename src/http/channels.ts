/** `/api/v1/channels` */
import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { App } from "../app.ts";
import { normaliseOrigin } from "../channels/origins.ts";
import { channels } from "../db/tenant-schema.ts";
import { AppError, notFound } from "../errors.ts";
import { defineRoute, iso, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

type Row = typeof channels.$inferSelect;

function channelBody(row: Row, origin: string): schemas.ChannelBody {
  const snippet =
    row.publicKey === null
      ? null
      : `<script async src="${origin}/widget.js" data-channel="${row.publicKey}"></script>`;
  const { id, kind, name, publicKey } = row;
  return {
    id,
    kind,
    name,
    publicKey,
    allowedOrigins: [...row.allowedOrigins],
    snippet,
    createdAt: iso(row.createdAt),
  };
}

export function channelRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/channels",
      access: "tenant",
      tag: "Channels",
      summary: "List channels with what to put on your site",
      responses: { 200: schemas.channelList },
      handle: async ({ tenantId, origin }) => {
        const rows = await app.store.read(tenantId, (reader) =>
          reader.db.select().from(channels).orderBy(asc(channels.id)).all(),
        );
        return json(200, { items: rows.map((row) => channelBody(row, origin)) });
      },
    }),
    defineRoute({
      method: "PATCH",
      path: "/api/v1/channels/{id}",
      access: "tenant",
      tag: "Channels",
      summary: "Change a channel's name or the sites that may show it",
      params: z.object({ id: schemas.id }),
      body: schemas.channelPatch,
      responses: { 200: schemas.channel },
      handle: async ({ params, body, tenantId, origin }) => {
        const allowedOrigins = body.allowedOrigins?.map((text, index) => {
          const normal = normaliseOrigin(text);
          if (normal === null)
            throw new AppError(
              "invalid_request",
              `body.allowedOrigins.${index}: write it like https://shop.example or https://*.shop.example`,
            );
          return normal;
        });
        const row = await app.store.transact(tenantId, (writer) => {
          const change = {
            ...(body.name === undefined ? {} : { name: body.name }),
            ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
          };
          if (Object.keys(change).length > 0)
            writer.db.update(channels).set(change).where(eq(channels.id, params.id)).run();
          return writer.db.select().from(channels).where(eq(channels.id, params.id)).get() ?? null;
        });
        if (row === null) throw notFound("channel");
        return json(200, channelBody(row, origin));
      },
    }),
  ];
}
