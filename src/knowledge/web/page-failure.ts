/** Why a page could not be had, in words for its owner. */
import { EgressDenied } from "../../egress/fetch.ts";
import { retryAfterMs } from "../../egress/retry-after.ts";

/** Public codes of a page that could not be read. */
export type PageFailureCode =
  | "not_found"
  | "refused"
  | "unreachable"
  | "address_not_allowed"
  | "too_large"
  | "server_error";

export interface PageFailure {
  readonly kind: "failed";
  readonly code: PageFailureCode;
  /** For the owner. */
  readonly message: string;
  /** It may be better in a moment: after this many milliseconds. Null: it will not. */
  readonly retryAfterMs: number | null;
}

const soonMs = 2_000;
const maxRetryMs = 60_000;

/** Of an answer that is no success. */
export function refusalOf(response: Response): PageFailure {
  const { status } = response;
  const failed = (code: PageFailureCode, message: string, retryAfterMs: number | null = null) =>
    ({ kind: "failed", code, message, retryAfterMs }) as const;
  if (status === 404 || status === 410)
    return failed("not_found", `The page is not there (${status}). Check the address.`);
  if (status === 429 || status === 503)
    return failed("server_error", `The site is too busy to answer (${status}).`, retryAfter(response));
  if (status >= 500)
    return failed("server_error", `The site answers with an error of its own (${status}).`, soonMs);
  if (status === 401 || status === 403)
    return failed(
      "refused",
      `The site does not show this page to everybody (${status}): it may need a sign-in.`,
    );
  return failed("refused", `The site refuses the page (${status}).`);
}

/** At most a minute: a site that wants more time is asked again at the next run. */
function retryAfter(response: Response): number {
  return Math.min(maxRetryMs, Math.max(soonMs, retryAfterMs(response) ?? soonMs));
}

export function tooLarge(maxBytes: number): PageFailure {
  const limit = Math.round(maxBytes / 1024 / 1024);
  const message = `It is larger than the limit of ${limit} MB for one document.`;
  return { kind: "failed", code: "too_large", message, retryAfterMs: null };
}

/** Of what was thrown while the page was fetched. */
export function failureOf(error: unknown, url: string, maxBytes: number): PageFailure {
  const failed = (code: PageFailureCode, message: string, retryAfterMs: number | null) =>
    ({ kind: "failed", code, message, retryAfterMs }) as const;
  const host = URL.parse(url)?.host ?? "the site";
  if (error instanceof EgressDenied) {
    if (error.kind === "size") return tooLarge(maxBytes);
    return failed(error.kind === "address" ? "address_not_allowed" : "unreachable", error.message, null);
  }
  if (error instanceof Error && error.name === "TimeoutError")
    return failed("unreachable", `${host} took too long to answer.`, soonMs);
  return failed("unreachable", `${host} cannot be reached: ${reasonOf(error)}.`, soonMs);
}

const reasons: Readonly<Record<string, string>> = {
  ConnectionRefused: "nothing answers there",
  ECONNREFUSED: "nothing answers there",
  ConnectionClosed: "it broke the connection off",
  ECONNRESET: "it broke the connection off",
  ZlibError: "what it sends is damaged",
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/CERT|TLS|SSL/i.test(code)) return "its certificate is not valid";
  return reasons[code] ?? "the connection failed";
}
