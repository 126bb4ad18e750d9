/** Health, metrics and the API's description. */
import type { App } from "../app.ts";
import { isReachable } from "../egress/addresses.ts";
import { notFound } from "../errors.ts";
import { checkReadiness } from "../ops/readiness.ts";
import { version } from "../version.ts";
import { describeApi } from "./openapi.ts";
import { defineRoute, json, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

export function operationRoutes(app: App, allRoutes: () => readonly Route[]): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/health/live",
      access: "public",
      tag: "Operation",
      summary: "The process answers",
      responses: { 200: schemas.live },
      handle: () => json(200, { status: "ok", version }, { "cache-control": "no-store" }),
    }),
    defineRoute({
      method: "GET",
      path: "/health/ready",
      access: "public",
      tag: "Operation",
      summary: "A real round trip through database, disk, queue and models; 503 when one fails",
      responses: { 200: schemas.ready, 503: schemas.ready },
      handle: async () => {
        const checks = await checkReadiness({
          dataDir: app.config.data,
          control: app.control,
          queue: app.queue,
          searchThread: app.searchThread,
        });
        const ok = checks.every((check) => check.ok);
        return json(
          ok ? 200 : 503,
          { status: ok ? "ok" : "failed", checks },
          { "cache-control": "no-store" },
        );
      },
    }),
    defineRoute({
      method: "GET",
      path: "/metrics",
      access: "public",
      tag: "Operation",
      summary: "Prometheus metrics; answered to callers on the machine itself and on private networks only",
      responses: { 200: "text/plain" },
      handle: async ({ address }) => {
        if (isReachable(address, [])) throw notFound("page");
        return new Response(await app.metrics.text(), {
          headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
        });
      },
    }),
    defineRoute({
      method: "GET",
      path: "/openapi.json",
      access: "public",
      tag: "Operation",
      summary: "This description",
      responses: { 200: "application/json" },
      handle: ({ origin }) => json(200, describeApi(allRoutes(), origin, version)),
    }),
  ];
}
