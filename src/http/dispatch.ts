/** From a request to a route's handler: request id, credentials, parameters, body; and from an error to its answer. */
import { parse as parseCookies } from "cookie";
import type { App } from "../app.ts";
import { isInRanges } from "../egress/addresses.ts";
import { AppError } from "../errors.ts";
import { checkLength, defaultMaxJson, readJson } from "./body.ts";
import { parseInput, problemResponse } from "./problem.ts";
import type { Actor, Route } from "./route.ts";

export const sessionCookie = "metachat_session";

export interface Caller {
  readonly address: string;
  readonly origin: string;
  readonly secure: boolean;
}

/** Who calls, and under which address he reached us; forwarded headers count only from trusted proxies. */
export function callerOf(app: App, request: Request, peer: string): Caller {
  const { trustedProxies } = app.config;
  const trusted = trustedProxies.length > 0 && isInRanges(peer, trustedProxies);
  const url = new URL(request.url);
  const forwardedFor = trusted ? request.headers.get("x-forwarded-for") : null;
  const scheme =
    (trusted ? request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim() : null) ??
    url.protocol.replace(":", "");
  const address = forwardedFor === null ? peer : lastUntrusted(forwardedFor, trustedProxies, peer);
  const host = request.headers.get("host") ?? url.host;
  return {
    address,
    origin: app.config.publicUrl ?? `${scheme}://${host}`,
    secure: scheme === "https" || app.config.publicUrl?.startsWith("https:") === true,
  };
}

/** Proxies append: the last address that is not one of ours is the caller's. */
function lastUntrusted(list: string, proxies: readonly string[], fallback: string): string {
  const addresses = list.split(",").map((item) => item.trim());
  return addresses.findLast((address) => !isInRanges(address, proxies)) ?? fallback;
}

export function sessionTokenOf(request: Request): string | undefined {
  return parseCookies(request.headers.get("cookie") ?? "")[sessionCookie];
}

function bearerOf(request: Request): string | null {
  const header = request.headers.get("authorization");
  if (header === null) return null;
  const match = /^Bearer\s+(\S+)$/i.exec(header.trim());
  return match?.[1] ?? "";
}

const unauthenticated = () =>
  new AppError(
    "unauthenticated",
    "Sign in, or send an API key in the header Authorization: Bearer mc_key_….",
  );

/** A page of another site cannot send this header along with our cookie without our consent. */
function checkCsrf(request: Request, caller: Caller): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  const foreign = origin !== null && origin !== caller.origin && origin !== new URL(request.url).origin;
  if (foreign || request.headers.get("x-metachat-csrf") !== "1")
    throw new AppError(
      "csrf_required",
      "Requests with a session cookie that change something need the header X-MetaChat-CSRF: 1 and our own origin.",
    );
}

interface Identity {
  readonly tenantId?: string;
  readonly actor?: Actor;
  readonly user?: { readonly id: string; readonly email: string; readonly operator: boolean };
  readonly sessionToken?: string;
}

/** @throws AppError unauthenticated, forbidden, tenant_required, csrf_required, tenant_suspended */
function identify(app: App, route: Pick<Route, "access">, request: Request, caller: Caller): Identity {
  if (route.access === "public") return {};
  const bearer = bearerOf(request);
  if (bearer !== null) {
    const key = app.apiKeys.authenticate(bearer);
    if (key === null) throw unauthenticated();
    if (route.access === "user")
      throw new AppError("forbidden", "This is for signed-in people; an API key cannot do it.");
    checkActive(app, key.tenantId);
    return { tenantId: key.tenantId, actor: { id: `key:${key.keyId}`, name: key.name } };
  }
  const sessionToken = sessionTokenOf(request);
  const user = app.accounts.sessionUser(sessionToken);
  if (user === null || sessionToken === undefined) throw unauthenticated();
  checkCsrf(request, caller);
  if (route.access === "user") return { user, sessionToken };
  const tenantId =
    request.headers.get("x-metachat-tenant") ?? new URL(request.url).searchParams.get("tenant");
  if (tenantId === null)
    throw new AppError("tenant_required", "Say which tenant this is for, in the header X-MetaChat-Tenant.");
  // A tenant that is not his looks exactly like one that does not exist.
  if (app.accounts.roleIn(user.id, tenantId) === null)
    throw new AppError("not_found", "There is no such tenant here.");
  checkActive(app, tenantId);
  return {
    user,
    sessionToken,
    tenantId,
    actor: { id: `user:${user.id}`, name: user.email.split("@")[0] ?? "Agent" },
  };
}

function checkActive(app: App, tenantId: string): void {
  if (app.tenants.get(tenantId).status === "suspended")
    throw new AppError(
      "tenant_suspended",
      "This tenant is suspended. The operator of the server can resume it.",
    );
}

/** Whether the same credentials would be let in now: a key may have been revoked, a tenant suspended. */
function isAllowed(app: App, route: Route, request: Request, caller: Caller): boolean {
  try {
    identify(app, route, request, caller);
    return true;
  } catch {
    return false;
  }
}

/** The connection that a request came by. */
export interface Connection {
  /** Address of the other end. */
  readonly peer: string;
  /** Whether a body may come as slowly as it likes, or has to come at 17 KB a second, as for a stranger's. */
  setPatience(isPatient: boolean): void;
}

/** Answers one request of a route. Never throws. */
export async function dispatch(
  app: App,
  route: Route,
  request: Request,
  params: Readonly<Record<string, string>>,
  connection: Connection,
): Promise<Response> {
  const started = performance.now();
  const requestId = Bun.randomUUIDv7();
  const log = app.log.with({ requestId, route: `${route.method} ${route.path}` });
  let response: Response;
  try {
    const caller = callerOf(app, request, connection.peer);
    const identity = identify(app, route, request, caller);
    if (route.rawBody !== undefined) connection.setPatience(true);
    else checkLength(request, route.maxBody ?? defaultMaxJson);
    const query = new URL(request.url).searchParams;
    query.delete("tenant");
    const context = {
      access: route.access,
      request,
      requestId,
      address: caller.address,
      origin: caller.origin,
      log,
      stillAllowed: () => isAllowed(app, route, request, caller),
      ...identity,
      params: route.params === undefined ? undefined : parseParams(route, params),
      query:
        route.query === undefined ? undefined : parseInput(route.query, Object.fromEntries(query), "query"),
      body:
        route.body === undefined ? undefined : parseInput(route.body, await bodyOf(request, route), "body"),
    };
    response = await route.handle(context as never);
  } catch (error) {
    response = problemResponse(error, requestId, log);
  }
  if (route.rawBody !== undefined) connection.setPatience(false);
  response.headers.set("x-request-id", requestId);
  app.metrics.request(route.method, route.path, response.status, performance.now() - started);
  return response;
}

/** No body at all counts as an empty object: the schema then says what is missing, if anything. */
async function bodyOf(request: Request, route: Route): Promise<unknown> {
  const empty = request.body === null || request.headers.get("content-length") === "0";
  return empty ? {} : readJson(request, route.maxBody ?? defaultMaxJson);
}

/** A malformed id is an id that does not exist. */
function parseParams(route: Route, params: Readonly<Record<string, string>>): unknown {
  const result = route.params?.safeParse(params);
  if (result?.success !== true) throw new AppError("not_found", "There is nothing at this address.");
  return result.data;
}
