/** `/api/v1/session` and the one-time setup. */
import { z } from "zod";
import type { App } from "../app.ts";
import { sessionMs, type User } from "../auth/accounts.ts";
import { AppError } from "../errors.ts";
import { sessionCookie } from "./dispatch.ts";
import { defineRoute, json, noContent, type Route } from "./route.ts";
import * as schemas from "./schemas.ts";

function cookie(token: string, maxAgeMs: number, secure: boolean): string {
  return `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.floor(maxAgeMs / 1000)}${secure ? "; Secure" : ""}`;
}

function sessionBody(app: App, user: User): schemas.SessionBody {
  return {
    user: { ...user },
    tenants: app.accounts.memberships(user.id).map((tenant) => ({ ...tenant })),
    limits: { maxUploadBytes: app.config.maxUploadBytes },
  };
}

/** A form of another site cannot send JSON with a custom header; browsers name the site that sends. */
function refuseForeign(request: Request, origin: string): void {
  const from = request.headers.get("origin");
  if (from !== null && from !== origin && from !== new URL(request.url).origin)
    throw new AppError("origin_not_allowed", "This can be done only from the server's own pages.");
}

export function sessionRoutes(app: App): Route[] {
  return [
    defineRoute({
      method: "GET",
      path: "/api/v1/setup-state",
      access: "public",
      tag: "Session",
      summary: "Whether a setup link is valid",
      query: z.object({ token: z.string().max(200).default("") }),
      responses: { 200: schemas.setupState },
      handle: ({ query }) => json(200, { valid: app.accounts.isSetupTokenValid(query.token) }),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/setup",
      access: "public",
      tag: "Session",
      summary: "Make the first operator and tenant with the one-time setup link",
      body: schemas.setupRequest,
      responses: { 201: schemas.session },
      handle: async ({ body, address, origin, request }) => {
        refuseForeign(request, origin);
        app.signInLimit.begin("setup", address);
        const { user } = await app.setup.withToken(body);
        app.signInLimit.succeed("setup", address);
        const token = app.accounts.createSession(user.id, address);
        return json(201, sessionBody(app, user), {
          "set-cookie": cookie(token, sessionMs, origin.startsWith("https:")),
        });
      },
    }),
    defineRoute({
      method: "GET",
      path: "/api/v1/session",
      access: "user",
      tag: "Session",
      summary: "Who is signed in, and to which tenants he belongs",
      responses: { 200: schemas.session },
      handle: ({ user }) => json(200, sessionBody(app, user)),
    }),
    defineRoute({
      method: "POST",
      path: "/api/v1/session",
      access: "public",
      tag: "Session",
      summary: "Sign in",
      body: schemas.signInRequest,
      responses: { 200: schemas.session },
      handle: async ({ body, address, origin, request }) => {
        refuseForeign(request, origin);
        const name = body.email.toLowerCase();
        app.signInLimit.begin(name, address);
        const user = await app.accounts.authenticate(body.email, body.password);
        if (user === null)
          throw new AppError("unauthenticated", "The e-mail address or the password is not right.");
        app.signInLimit.succeed(name, address);
        const token = app.accounts.createSession(user.id, address);
        return json(200, sessionBody(app, user), {
          "set-cookie": cookie(token, sessionMs, origin.startsWith("https:")),
        });
      },
    }),
    defineRoute({
      method: "DELETE",
      path: "/api/v1/session",
      access: "user",
      tag: "Session",
      summary: "Sign out",
      responses: { 204: null },
      handle: ({ user, sessionToken, origin }) => {
        app.accounts.endSession(sessionToken, user.id);
        return noContent({ "set-cookie": cookie("", 0, origin.startsWith("https:")) });
      },
    }),
  ];
}
