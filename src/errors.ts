/** The one error family. `code` is public and stable, `message` is public and for people, `cause` never leaves the process. */

const statusOf = {
  invalid_request: 400,
  invalid_json: 400,
  tenant_required: 400,
  unauthenticated: 401,
  forbidden: 403,
  csrf_required: 403,
  origin_not_allowed: 403,
  tenant_suspended: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  quota_exceeded: 403,
  setup_done: 409,
  idempotency_mismatch: 409,
  setup_link_invalid: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  provider_failed: 502,
  unavailable: 503,
  tenant_unavailable: 503,
  storage_full: 507,
} as const;

export type ErrorCode = keyof typeof statusOf;

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export class AppError extends Error {
  override readonly name = "AppError";
  readonly status: number;
  readonly fields: readonly FieldError[] | undefined;
  /** When the caller may try again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: readonly FieldError[]; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = statusOf[code];
    this.fields = options.fields;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function notFound(what: string): AppError {
  return new AppError("not_found", `There is no such ${what} here.`);
}

/** A sentence for the log out of anything that was thrown. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` <- ${describeError(error.cause)}`;
  return `${error.name}: ${error.message}${cause}`;
}

/** SQLite's "the disk is full" in any of its forms (also a file size limit, which SQLite reports as an I/O error). */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EFBIG" || code === "EDQUOT") return true;
  return code.startsWith("SQLITE_IOERR_WRITE") || isDiskFull(error.cause);
}
