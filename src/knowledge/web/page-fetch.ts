/** Fetching a file of the web to disk, and saying in plain words why that did not work. */
import { open, rm } from "node:fs/promises";
import type { EgressFetch } from "../../egress/fetch.ts";
import { isDiskFull } from "../../errors.ts";
import { version } from "../../version.ts";
import { writeContent } from "../document-files.ts";
import { robotsAgent } from "./inspect-protocol.ts";
import { failureOf, type PageFailure, refusalOf, tooLarge } from "./page-failure.ts";

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
  const file = await open(path, "w", 0o600);
  try {
    return await writeContent(file, body ?? [], cutAt);
  } finally {
    await file.close();
  }
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
