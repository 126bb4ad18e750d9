/** OpenAPI 3.1 out of the route list and the schemas that validate. */
import { z } from "zod";
import type { Route } from "./route.ts";
import * as schemas from "./schemas.ts";

type Json = Readonly<Record<string, unknown>>;

const reasons: Record<number, string> = { 200: "Done", 201: "Made", 204: "Done; no body", 503: "Not ready" };

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

function parameters(route: Route): Json[] {
  const from = (object: z.ZodObject | undefined, where: "path" | "query") => {
    if (object === undefined) return [];
    const { properties = {}, required = [] } = z.toJSONSchema(object, {
      io: "input",
      unrepresentable: "any",
    });
    return Object.entries(properties).map(([name, schema]) => ({
      name,
      in: where,
      required: where === "path" || required.includes(name),
      schema,
    }));
  };
  const tenant =
    route.access === "tenant"
      ? [
          {
            name: "X-MetaChat-Tenant",
            in: "header",
            required: false,
            schema: { type: "string" },
            description: "which tenant, for signed-in people; an API key belongs to one",
          },
        ]
      : [];
  const idempotency =
    route.path === "/api/v1/chat"
      ? [
          {
            name: "Idempotency-Key",
            in: "header",
            required: false,
            schema: { type: "string", maxLength: 200 },
          },
        ]
      : [];
  return [...from(route.params, "path"), ...from(route.query, "query"), ...tenant, ...idempotency];
}

function responses(route: Route): Json {
  const described = Object.entries(route.responses).map(([status, schema]) => {
    const description = reasons[Number(status)] ?? "Done";
    if (schema === null) return [status, { description }];
    if (typeof schema === "string") return [status, { description, content: { [schema]: {} } }];
    return [status, { description, content: { "application/json": { schema: schemaOf(schema, "output") } } }];
  });
  const problem = {
    description: "Problem",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
  return { ...Object.fromEntries(described), default: problem };
}

function operation(route: Route): Json {
  const content =
    route.rawBody ??
    (route.body === undefined
      ? undefined
      : { "application/json": { schema: schemaOf(route.body, "input") } });
  const security = { public: [], user: [{ session: [] }], tenant: [{ apiKey: [] }, { session: [] }] }[
    route.access
  ];
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^a-zA-Z0-9]+(.)?/g, (_match, next: string | undefined) => (next ?? "").toUpperCase())}`,
    tags: [route.tag],
    summary: route.summary,
    parameters: parameters(route),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: responses(route),
    security,
  };
}

/** The whole document. */
export function describeApi(routes: readonly Route[], origin: string, version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operation(route);
    paths[route.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "MetaChat",
      version,
      description: "Errors are application/problem+json with a stable `code` and a request id.",
    },
    servers: [{ url: origin }],
    paths,
    components: {
      schemas: { Problem: schemaOf(schemas.problem, "output") },
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "mc_key_…" },
        session: { type: "apiKey", in: "cookie", name: "metachat_session" },
      },
    },
  };
}
