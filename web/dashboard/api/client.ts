import { tenantId } from "./tenant.ts";
import type { FieldErrors, Problem } from "./types.ts";

export const API = "/api/v1";

/** What went wrong in words for people; `requestId` finds it in the server's log. `status` 0: no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly errors: FieldErrors;

  constructor(problem: Pick<Problem, "status" | "code" | "detail" | "requestId" | "errors">) {
    super(problem.detail);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.errors = problem.errors ?? [];
  }
}

export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: "unreachable",
    detail: "The server did not answer. Check the connection, or whether MetaChat is running.",
    requestId: "",
  });
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "detail" in value && typeof value.detail === "string";
}

/** Turns any error answer into an `ApiError`, also one that a proxy in between wrote as HTML. */
export function errorFrom(status: number, body: string): ApiError {
  try {
    const value: unknown = JSON.parse(body);
    if (isProblem(value)) return new ApiError({ ...value, status, requestId: value.requestId ?? "" });
  } catch {
    // Not JSON: the sentence below says what is known.
  }
  return new ApiError({
    status,
    code: "unknown",
    detail: `The server answered with status ${status} and no explanation.`,
    requestId: "",
  });
}

export function requestHeaders(method: string): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-metachat-csrf"] = "1";
  const tenant = tenantId();
  if (tenant !== null) headers["x-metachat-tenant"] = tenant;
  return headers;
}

const onSignedOut = new Set<() => void>();

/** Calls `listener` whenever the server says that nobody is signed in; returns how to stop. */
export function whenSignedOut(listener: () => void): () => void {
  onSignedOut.add(listener);
  return () => onSignedOut.delete(listener);
}

export function reportSignedOut(): void {
  for (const listener of onSignedOut) listener();
}

export interface RequestOptions {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly accept?: string;
}

/** The raw answer of a successful call; throws `ApiError` otherwise and `AbortError` when aborted. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  const method = options.method ?? "GET";
  const headers = requestHeaders(method);
  if (options.accept !== undefined) headers.accept = options.accept;
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(options.body);
  }
  if (options.signal !== undefined) init.signal = options.signal;
  let response: Response;
  try {
    response = await fetch(API + path, init);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  const failure = errorFrom(response.status, await response.text().catch(() => ""));
  // `/session` answers 401 for a wrong password too: that is the form's business.
  if (failure.status === 401 && !path.startsWith("/session")) reportSignedOut();
  throw failure;
}

/** The server validates its own answers against `schemas.ts`; the dashboard ships with that server and trusts them. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

export function query(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
