/** The one mapper of errors to answers: problem+json with a stable code; causes stay inside. */
import type { z } from "zod";
import { AppError, describeError, type FieldError, isDiskFull } from "../errors.ts";
import type { Logger } from "../log.ts";

const titles: Record<number, string> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  410: "Gone",
  413: "Too large",
  415: "Unsupported media type",
  422: "Cannot be processed",
  429: "Too many requests",
  500: "Internal error",
  502: "A server we depend on failed",
  503: "Not available",
  507: "Disk full",
};

function known(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDiskFull(error))
    return new AppError("storage_full", "The disk of this server is full; nothing was changed.", {
      cause: error,
    });
  return new AppError(
    "internal",
    "Something went wrong on the server. The request id leads the operator to the reason.",
    {
      cause: error,
    },
  );
}

export function problemResponse(error: unknown, requestId: string, log: Logger): Response {
  const mapped = known(error);
  if (mapped.status >= 500) log.error("request failed", { code: mapped.code, error: describeError(error) });
  const body = {
    type: `urn:metachat:error:${mapped.code}`,
    title: titles[mapped.status] ?? "Error",
    status: mapped.status,
    code: mapped.code,
    detail: mapped.message,
    requestId,
    ...(mapped.fields === undefined ? {} : { errors: mapped.fields }),
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json; charset=utf-8" };
  if (mapped.retryAfterMs !== undefined)
    headers["retry-after"] = String(Math.ceil(mapped.retryAfterMs / 1000));
  if (mapped.status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(body), { status: mapped.status, headers });
}

/** Checks what came in. @throws AppError with every mistake by its path */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields: FieldError[] = result.error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path.map(String)].join("."),
    message: issue.message,
  }));
  const first = fields[0];
  throw new AppError(
    "invalid_request",
    first === undefined ? "The request is not valid." : `${first.path}: ${first.message}`,
    { fields },
  );
}
