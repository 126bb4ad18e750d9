/**
 * The one way out: every request to an address that is not ours goes through `EgressFetch`. The name is resolved
 * here, every address it has is checked, and the connection is made to the checked address itself, so that a second
 * look-up cannot give another one. Redirects are checked the same way.
 */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isReachable } from "./addresses.ts";
import { acceptedEncodings, EgressDenied, limited } from "./body.ts";

export { type DenialKind, EgressDenied } from "./body.ts";

export interface EgressFetchOptions {
  /** Ranges beyond the public internet that the operator allows. */
  readonly allow: readonly string[];
  /** Replaced in tests that play a resolver which changes its mind. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** Bytes of an answer's body at most, unpacked; reading on throws `EgressDenied`. */
  readonly maxBytes?: number;
}

/** An answer, and the address that gave it after all redirects. */
export interface Followed {
  readonly response: Response;
  readonly url: URL;
}

const maxRedirects = 3;
/** More than any answer that is of use here; what comes without end must not fill the memory. */
const defaultMaxBytes = 8 * 1024 * 1024;

async function resolveSystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address);
}

export class EgressFetch {
  readonly #options: EgressFetchOptions;

  constructor(options: EgressFetchOptions) {
    this.#options = options;
  }

  /** Like `fetch`. @throws EgressDenied with a sentence that says what to do; TypeError when nothing answers. */
  async fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    return (await this.follow(input, init)).response;
  }

  /**
   * The same, and says which address answered. Where `mayFollow` says no, the redirect is the answer.
   * @throws like `fetch`
   */
  async follow(
    input: string | URL,
    init: RequestInit = {},
    mayFollow: (next: URL) => boolean = () => true,
  ): Promise<Followed> {
    let url = new URL(input);
    let request: RequestInit = init;
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.#once(url, request);
      const next = redirectOf(response, url);
      if (next === null || !mayFollow(next)) return { response: this.#limited(response, url.host), url };
      await response.body?.cancel();
      if (redirects >= maxRedirects) throw new EgressDenied("answer", `${url.host} redirects too often.`);
      request = redirected(request, response.status, url, next);
      url = next;
    }
  }

  /**
   * For an address that the operator set himself, wherever it is: never for one that a tenant has a say in. Redirects
   * are not followed. @throws TypeError when nothing answers
   */
  async fetchForOperator(input: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    headers.set("accept-encoding", acceptedEncodings);
    const request: BunFetchRequestInit = { ...init, headers, redirect: "manual", decompress: false };
    return this.#limited(await fetch(url, request), url.host);
  }

  #limited(response: Response, host: string): Response {
    return limited(response, host, this.#options.maxBytes ?? defaultMaxBytes);
  }

  async #once(url: URL, init: RequestInit): Promise<Response> {
    if (url.protocol !== "http:" && url.protocol !== "https:")
      throw new EgressDenied("address", `Only http and https addresses can be used, not ${url.protocol}//.`);
    if (url.username !== "" || url.password !== "")
      throw new EgressDenied("address", "An address with a user name in it cannot be used.");
    const plain: BunFetchRequestInit = { ...init, redirect: "manual", decompress: false };
    const address = await this.#checkedAddress(url);
    const pinned = new URL(url);
    pinned.hostname = address.includes(":") ? `[${address}]` : address;
    const headers = new Headers(init.headers);
    headers.set("host", url.host);
    headers.set("accept-encoding", acceptedEncodings);
    const tls = url.protocol === "https:" ? { tls: { serverName: url.hostname } } : {};
    return fetch(pinned, { ...plain, headers, ...tls });
  }

  async #checkedAddress(url: URL): Promise<string> {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const addresses = isIP(host) === 0 ? await this.#resolve(host) : [host];
    const denied = addresses.find((address) => !isReachable(address, this.#options.allow));
    const first = addresses[0];
    if (first === undefined) throw new EgressDenied("name", `The name ${host} has no address.`);
    if (denied !== undefined)
      throw new EgressDenied(
        "address",
        `${url.host} is on a private network, which this server does not reach on a tenant's word. The operator can allow it with METACHAT_EGRESS_ALLOW.`,
      );
    return first;
  }

  async #resolve(host: string): Promise<readonly string[]> {
    try {
      return await (this.#options.resolve ?? resolveSystem)(host);
    } catch (error) {
      throw new EgressDenied("name", `The name ${host} cannot be found. Is it spelt right?`, {
        cause: error,
      });
    }
  }
}

/** Where a response sends us on to; null when it does not. @throws EgressDenied when that is no address */
function redirectOf(response: Response, from: URL): URL | null {
  const location = response.headers.get("location");
  if (response.status < 300 || response.status > 399 || location === null) return null;
  const next = URL.parse(location, from);
  if (next === null)
    throw new EgressDenied("answer", `${from.host} redirects to something that is no address.`);
  return next;
}

/** What a browser does: 303 (and 301/302 after a POST) turn into GET; keys do not follow to another origin. */
function redirected(init: RequestInit, status: number, from: URL, to: URL): RequestInit {
  const headers = new Headers(init.headers);
  if (from.origin !== to.origin)
    for (const name of ["authorization", "cookie", "x-api-key"]) headers.delete(name);
  const becomesGet = status === 303 || ((status === 301 || status === 302) && init.method === "POST");
  if (!becomesGet) return { ...init, headers };
  headers.delete("content-type");
  const { body: _body, ...rest } = init;
  return { ...rest, method: "GET", headers };
}
