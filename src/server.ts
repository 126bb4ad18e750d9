/** The HTTP side's table of contents: middleware in order, all routes, and what happens to everything else. */
import { Elysia } from "elysia";
import type { App } from "./app.ts";
import { AppError, notFound } from "./errors.ts";
import { apiKeyRoutes } from "./http/api-keys.ts";
import { channelRoutes } from "./http/channels.ts";
import { chatRoutes } from "./http/chat.ts";
import { conversationRoutes } from "./http/conversations.ts";
import { callerOf, dispatch } from "./http/dispatch.ts";
import { documentPageRoutes } from "./http/document-pages.ts";
import { documentRoutes } from "./http/documents.ts";
import { jobRoutes } from "./http/jobs.ts";
import { operationRoutes } from "./http/operation.ts";
import { apiDocumentation, asset, dashboard, demo } from "./http/pages.ts";
import { problemResponse } from "./http/problem.ts";
import { providerRoutes } from "./http/providers.ts";
import type { Route } from "./http/route.ts";
import { searchRoutes } from "./http/search.ts";
import { sessionRoutes } from "./http/session.ts";
import { settingsRoutes } from "./http/settings.ts";
import { sourceRoutes } from "./http/sources.ts";
import { unansweredRoutes } from "./http/unanswered.ts";
import type { VisitorConnection } from "./live/visitor-connection.ts";

/** Every route of the API. The tests that prove isolation run over this list. */
export function allRoutes(app: App): Route[] {
  const routes: Route[] = [
    ...sessionRoutes(app),
    ...documentRoutes(app),
    ...documentPageRoutes(app),
    ...sourceRoutes(app),
    ...searchRoutes(app),
    ...chatRoutes(app),
    ...conversationRoutes(app),
    ...unansweredRoutes(app),
    ...settingsRoutes(app),
    ...providerRoutes(app),
    ...channelRoutes(app),
    ...apiKeyRoutes(app),
    ...jobRoutes(app),
  ];
  routes.push(...operationRoutes(app, () => routes));
  return routes;
}

const securityHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

function secured(response: Response, secure: boolean): Response {
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  if (!response.headers.has("content-security-policy"))
    response.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  if (secure) response.headers.set("strict-transport-security", "max-age=31536000");
  return response;
}

const maxFrameBytes = 128 * 1024;
const maxSocketBacklog = 1024 * 1024;
const idleSeconds = 60;

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/** Starts to listen. @throws when the address is taken or not ours. */
export function startServer(app: App): RunningServer {
  const elysia = new Elysia({
    websocket: {
      maxPayloadLength: maxFrameBytes,
      backpressureLimit: maxSocketBacklog,
      closeOnBackpressureLimit: true,
      idleTimeout: idleSeconds,
      sendPings: true,
      perMessageDeflate: false,
    },
  });
  // Before anything takes the address apart: a Host header that is none makes it unreadable.
  elysia.onRequest(({ request }) => {
    if (URL.canParse(request.url)) return;
    const problem = new AppError("invalid_request", "The Host header is missing or is not a host name.");
    return secured(problemResponse(problem, Bun.randomUUIDv7(), app.log), false);
  });
  const peerOf = (request: Request) => elysia.server?.requestIP(request)?.address ?? "";
  for (const route of allRoutes(app)) {
    const path = route.path.replace(/\{(\w+)\}/g, ":$1");
    const handle = async ({ request, params }: { request: Request; params?: Record<string, string> }) => {
      const peer = peerOf(request);
      return secured(
        await dispatch(app, route, request, params ?? {}, {
          peer,
          setPatience: (isPatient) => elysia.server?.timeout?.(request, isPatient ? 0 : idleSeconds),
        }),
        callerOf(app, request, peer).secure,
      );
    };
    elysia.route(route.method, path, handle, { parse: "none" });
  }
  mountVisitors(app, elysia);
  const others = async ({ request }: { request: Request }) =>
    secured(await answerOther(app, request), callerOf(app, request, peerOf(request)).secure);
  elysia.get("/", others, { parse: "none" });
  elysia.all("/*", others, { parse: "none" });
  elysia.onError(({ error, code, request }) => {
    const reason =
      code === "NOT_FOUND"
        ? notFound("page")
        : code === "PARSE"
          ? new AppError("invalid_request", "The request cannot be read.")
          : error;
    return secured(
      problemResponse(reason, Bun.randomUUIDv7(), app.log),
      callerOf(app, request, peerOf(request)).secure,
    );
  });
  listen(app, elysia);
  const { server } = elysia;
  if (server === null) throw new Error("the server did not start");
  const host = app.config.host.includes(":") ? `[${app.config.host}]` : app.config.host;
  return {
    url: `http://${host}:${server.port}`,
    port: server.port ?? 0,
    async [Symbol.asyncDispose]() {
      app.hub.closeAll();
      const closing = server.stop(false);
      await Promise.race([closing, Bun.sleep(2_000)]);
      await server.stop(true);
    },
  };
}

function listen(app: App, elysia: Elysia): void {
  const { host, port } = app.config;
  try {
    elysia.listen({
      hostname: host,
      port,
      // Else a second server could take half of the connections of the first.
      reusePort: false,
      idleTimeout: idleSeconds,
      // Limits are ours (http/body.ts): they answer with a reason, and they count what really arrives.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
    });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken) throw error;
    throw new AppError(
      "conflict",
      `The address ${host}:${port} is in use already. Stop what runs there, or choose another port with --port.`,
      { cause: error },
    );
  }
}

function mountVisitors(app: App, elysia: Elysia): void {
  const connections = new WeakMap<object, Promise<VisitorConnection | null>>();
  elysia.ws("/widget/v1/live", {
    open(ws) {
      const { request, query } = ws.data;
      // An upgrade passes the check of requests by.
      if (!URL.canParse(request.url)) {
        ws.raw.close(4400, "the Host header is not a host name");
        return;
      }
      const caller = callerOf(app, request, ws.remoteAddress);
      const socket = {
        send: (text: string) => void ws.raw.send(text),
        close: (code: number, reason: string) => void ws.raw.close(code, reason),
      };
      const arrival = {
        publicKey: query.channel ?? null,
        origin: request.headers.get("origin"),
        ownOrigin: caller.origin,
        address: caller.address,
      };
      connections.set(
        ws.raw,
        app.hub.accept(socket, arrival).catch(() => null),
      );
    },
    async message(ws, frame) {
      (await connections.get(ws.raw))?.receive(frame);
    },
    async close(ws) {
      const connection = await connections.get(ws.raw);
      if (connection !== null && connection !== undefined) app.hub.leave(connection);
    },
  });
}

async function answerOther(app: App, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const read = request.method === "GET" || request.method === "HEAD";
  if (read) {
    if (url.pathname === "/docs") return apiDocumentation();
    if (url.pathname === "/demo") return demo(app, url.searchParams.get("tenant"));
    const found = await asset(request, url.pathname);
    if (found !== null) return found;
    const wantsPage = request.headers.get("accept")?.includes("text/html") === true;
    const isApi = /^\/(api|v1|hooks|widget|health)(\/|$)/.test(url.pathname);
    if (url.pathname === "/" || (wantsPage && !isApi)) return dashboard();
  }
  return problemResponse(await otherProblem(app, request, url.pathname), Bun.randomUUIDv7(), app.log);
}

/** A known path with another method is a 405, not a 404. */
async function otherProblem(app: App, request: Request, path: string): Promise<AppError> {
  const methods = allRoutes(app)
    .filter((route) => new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(path))
    .map((route) => route.method);
  if (methods.length === 0) return new AppError("not_found", "There is nothing at this address.");
  return new AppError(
    "method_not_allowed",
    `${request.method} is not possible here, only ${methods.join(", ")}.`,
  );
}
