/** Fetching a file of the web to disk, and saying in plain words why that did not work. */
import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { EgressDenied, type EgressFetch } from "../../egress/fetch.ts";
import { isDiskFull } from "../../errors.ts";
import { version } from "../../version.ts";
import { robotsAgent } from "./inspect-protocol.ts";

export interface FetchPage {
  readonly url: string;
  /** Where the content goes. Nothing is left there when there is none. */
  readonly path: string;
  /** Of the last time: the server may answer that nothing changed. */
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  /** Which redirects are followed; one that is not is the answer. */
  readonly mayFollow: (next: URL) => boolean;
  /** Whether content that is announced as this media type is worth fetching. */
  readonly takes?: (mediaType: string) => boolean;
  /** Only the beginning of it, in bytes; what goes beyond is left out. */
  readonly cutAt?: number;
  readonly signal: AbortSignal;
}

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

export interface PageContent {
  readonly kind: "content";
  /** After redirects. */
  readonly url: string;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, hex. */
  readonly checksum: string;
  readonly mediaType: string;
  readonly fileName: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly robotsTag: string;
}

export type Fetched =
  | PageContent
  | { readonly kind: "unchanged" }
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "unwanted"; readonly mediaType: string; readonly url: string }
  | PageFailure;

export interface PageFetcherOptions {
  readonly egress: EgressFetch;
  /** Of one page, unpacked. The egress has the same limit. */
  readonly maxBytes: number;
  /** From the request to the last byte. Default 60,000. */
  readonly timeoutMs?: number;
}

const userAgent = `${robotsAgent}/${version}`;
const maxHeader = 500;
const soonMs = 2_000;
const maxRetryMs = 60_000;
const hashSlice = 1 << 20;

export class PageFetcher {
  readonly #options: PageFetcherOptions;

  constructor(options: PageFetcherOptions) {
    this.#options = options;
  }

  /** @throws the signal's reason; what a full disk throws */
  async fetch(page: FetchPage): Promise<Fetched> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? 60_000);
    try {
      return await this.#fetch(page, AbortSignal.any([page.signal, timeout]));
    } catch (error) {
      await rm(page.path, { force: true });
      page.signal.throwIfAborted();
      if (isDiskFull(error)) throw error;
      return failureOf(error, page.url, this.#options.maxBytes);
    }
  }

  async #fetch(page: FetchPage, signal: AbortSignal): Promise<Fetched> {
    const headers = requestHeaders(page);
    const { response, url } = await this.#options.egress.follow(
      page.url,
      { headers, signal },
      page.mayFollow,
    );
    const give = async (answer: Fetched): Promise<Fetched> => {
      await response.body?.cancel().catch(() => undefined);
      return answer;
    };
    const location = response.headers.get("location");
    if (response.status === 304) return give({ kind: "unchanged" });
    if (response.status >= 300 && response.status < 400 && location !== null)
      return give({ kind: "moved", to: URL.parse(location, url)?.href ?? location.slice(0, maxHeader) });
    if (!response.ok) return give(refusalOf(response));
    const mediaType = mediaTypeOf(response);
    if (page.takes?.(mediaType) === false) return give({ kind: "unwanted", mediaType, url: url.href });
    const length = Number(response.headers.get("content-length") ?? 0);
    if (page.cutAt === undefined && length > this.#options.maxBytes)
      return give(tooLarge(this.#options.maxBytes));
    const { bytes, checksum } = await store(response.body, page.path, page.cutAt ?? Number.POSITIVE_INFINITY);
    return {
      ...{ kind: "content", url: url.href, path: page.path, bytes, checksum, mediaType },
      fileName: fileNameOf(url, mediaType),
      etag: shortHeader(response, "etag"),
      lastModified: shortHeader(response, "last-modified"),
      robotsTag: (response.headers.get("x-robots-tag") ?? "").slice(0, maxHeader).toLowerCase(),
    };
  }
}

function requestHeaders({ etag, lastModified }: FetchPage): Headers {
  const headers = new Headers({
    "user-agent": userAgent,
    accept: "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
  });
  if (etag) headers.set("if-none-match", etag);
  if (lastModified) headers.set("if-modified-since", lastModified);
  return headers;
}

/** Writes a body to a file as it comes. @returns its size and SHA-256 */
async function store(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  cutAt: number,
): Promise<{ bytes: number; checksum: string }> {
  const hash = createHash("sha256");
  const file = await open(path, "w", 0o600);
  let bytes = 0;
  try {
    for await (const piece of body ?? []) {
      // In slices, so that hashing a large piece does not hold the main thread.
      for (let from = 0; from < piece.length && bytes < cutAt; from += hashSlice) {
        const slice = piece.subarray(from, Math.min(from + hashSlice, from + cutAt - bytes));
        hash.update(slice);
        await file.write(slice);
        bytes += slice.length;
      }
      if (bytes >= cutAt) break;
    }
  } finally {
    await file.close();
  }
  return { bytes, checksum: hash.digest("hex") };
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase().slice(0, 100) ?? "";
}

/** One that is longer than any server's is not sent back. */
function shortHeader(response: Response, name: string): string | null {
  const value = response.headers.get(name);
  return value === null || value.length > maxHeader ? null : value;
}

const extensions: Readonly<Record<string, string>> = {
  "text/html": "html",
  "application/xhtml+xml": "html",
  "application/pdf": "pdf",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
};

/** Only texts are told apart by their names: `/about.php` that is announced as HTML becomes `about.html`. */
function fileNameOf(url: URL, mediaType: string): string {
  const last = url.pathname.split("/").findLast((part) => part !== "") ?? "";
  const decoded = decode(last).replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, "");
  const extension = extensions[mediaType];
  const bare = decoded.replace(/\.[a-z0-9]{1,5}$/i, "");
  const named = extension === undefined ? decoded : `${bare === "" ? "page" : bare}.${extension}`;
  return named === "" || named === "." || named === ".." ? "page" : named.slice(-200);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refusalOf(response: Response): PageFailure {
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

/** Seconds or a date. At most a minute: a site that wants more time is asked again at the next run. */
function retryAfter(response: Response): number {
  const header = response.headers.get("retry-after") ?? "";
  const ms = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? soonMs : Math.min(maxRetryMs, Math.max(soonMs, ms));
}

function tooLarge(maxBytes: number): PageFailure {
  const limit = Math.round(maxBytes / 1024 / 1024);
  const message = `It is larger than the limit of ${limit} MB for one document.`;
  return { kind: "failed", code: "too_large", message, retryAfterMs: null };
}

function failureOf(error: unknown, url: string, maxBytes: number): PageFailure {
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
