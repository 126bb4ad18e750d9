/** A route is data: the server mounts it, OpenAPI describes it, and the isolation tests try it, all from this one value. */

import type { z } from "zod";
import type { User } from "../auth/accounts.ts";
import { AppError } from "../errors.ts";
import type { Logger } from "../log.ts";

/**
 * Who may call it. `public`: anyone. `user`: a signed-in person, no tenant involved. `tenant`: an API key, or a
 * signed-in person who names one of his tenants.
 */
export type Access = "public" | "user" | "tenant";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Actor {
  /** `user:<id>` or `key:<id>` */
  readonly id: string;
  /** What the other side of a conversation sees. */
  readonly name: string;
}

interface BaseContext<Params, Query, Body> {
  readonly request: Request;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly requestId: string;
  /** Address of the caller, behind trusted proxies the one they report. */
  readonly address: string;
  /** Scheme and host under which the caller reached us. */
  readonly origin: string;
  readonly log: Logger;
  /** Whether the caller would still be let in: asked again and again while a stream is open. */
  readonly stillAllowed: () => boolean;
}

export interface PublicContext<P, Q, B> extends BaseContext<P, Q, B> {
  readonly access: "public";
}
export interface UserContext<P, Q, B> extends BaseContext<P, Q, B> {
  readonly access: "user";
  readonly user: User;
  readonly sessionToken: string;
}
export interface TenantContext<P, Q, B> extends BaseContext<P, Q, B> {
  readonly access: "tenant";
  readonly tenantId: string;
  readonly actor: Actor;
}

type ContextOf<A extends Access, P, Q, B> = A extends "tenant"
  ? TenantContext<P, Q, B>
  : A extends "user"
    ? UserContext<P, Q, B>
    : PublicContext<P, Q, B>;

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface RouteOptions<
  A extends Access,
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends z.ZodType | undefined,
> {
  readonly method: Method;
  /** With `{name}` for parameters, as OpenAPI writes them. */
  readonly path: string;
  readonly access: A;
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The body is read by the handler itself (multipart): it is described here. */
  readonly rawBody?: Readonly<Record<string, unknown>>;
  /** Largest JSON body in bytes. */
  readonly maxBody?: number;
  /** Answers by status; null: no body. Errors are the same everywhere. */
  readonly responses: Readonly<Record<number, z.ZodType | string | null>>;
  readonly handle: (context: ContextOf<A, Output<P>, Output<Q>, Output<B>>) => Promise<Response> | Response;
}

/** A route whose handler's types have been checked and can be forgotten. */
export interface Route
  extends Omit<
    RouteOptions<Access, z.ZodObject | undefined, z.ZodObject | undefined, z.ZodType | undefined>,
    "handle"
  > {
  readonly handle: (context: never) => Promise<Response> | Response;
}

export function defineRoute<
  A extends Access,
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(options: RouteOptions<A, P, Q, B>): Route {
  return options as Route;
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

export function noContent(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers });
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** One page of a list that was asked for with one item more than the limit. */
export function pageOf<T, B>(
  rows: readonly T[],
  limit: number,
  cursor: (last: T) => string,
  body: (row: T) => B,
): { items: B[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(body),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursor(last)) : null,
  };
}

export function encodeCursor(text: string): string {
  return Buffer.from(text).toString("base64url");
}

export function decodeCursor(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, "base64url").toString("utf8");
}

/** The id in a cursor of a list that is ordered by id. @throws AppError invalid_request when it is none */
export function decodeIdCursor(cursor: string | undefined): string | undefined {
  const id = decodeCursor(cursor);
  if (id !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))
    throw new AppError("invalid_request", "query.cursor: not a cursor of this list");
  return id;
}
