/** A real web site on loopback, whose pages a test sets and changes. Never imported by the product. */

export interface FakePage {
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without it pages are HTML. */
  readonly type?: string;
  /** Answers this itself, e.g. with a stream. */
  readonly answer?: (request: Request) => Response | Promise<Response>;
}

export interface FakeSite extends Disposable {
  readonly url: string;
  readonly port: number;
  /** By path and query, e.g. `/prices?page=2`; may be changed at any time. */
  readonly pages: Map<string, FakePage>;
  /** Every request so far: path, and whether it was answered with 304. */
  readonly requests: {
    readonly path: string;
    readonly status: number;
    readonly agent: string;
    readonly host: string;
  }[];
  /** Everything is answered with this status while it is set. */
  down: number | null;
  /** Before each answer. */
  delayMs: number;
  /** Requests that were answered at the same time at most. */
  mostAtOnce(): number;
  forgetMost(): void;
  set(path: string, body: string, more?: Omit<FakePage, "body">): void;
  /** How often a path was asked for. */
  hits(path: string): number;
  forget(): void;
}

/** A page with a title, a heading and text; `more` is put into its body as it is. */
export function html(title: string, text: string, more = "", head = ""): string {
  return `<!doctype html><html><head><title>${title}</title>${head}</head><body><main><h1>${title}</h1><p>${text}</p>${more}</main></body></html>`;
}

export function links(...paths: readonly string[]): string {
  return `<nav>${paths.map((path) => `<a href="${path}">${path}</a>`).join(" ")}</nav>`;
}

export function sitemap(...urls: readonly string[]): string {
  const entries = urls.map((url) => `<url><loc>${url}</loc></url>`).join("");
  return `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries}</urlset>`;
}

/** Sends an ETag with every page, and 304 to whoever has that version. */
export function startFakeSite(): FakeSite {
  const pages = new Map<string, FakePage>();
  const requests: FakeSite["requests"] = [];
  let atOnce = 0;
  let most = 0;
  const answer = async (request: Request, path: string): Promise<Response> => {
    if (site.down !== null) return new Response("down", { status: site.down });
    const page = pages.get(path);
    if (page === undefined) return new Response("not here", { status: 404 });
    if (page.answer !== undefined) return page.answer(request);
    const etag = `"${Bun.hash(page.body ?? "").toString(36)}"`;
    const headers = { etag, "content-type": page.type ?? "text/html; charset=utf-8", ...page.headers };
    if (request.headers.get("if-none-match") === etag && page.status === undefined)
      return new Response(null, { status: 304, headers });
    return new Response(page.body ?? null, { status: page.status ?? 200, headers });
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 60,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      atOnce += 1;
      most = Math.max(most, atOnce);
      try {
        if (site.delayMs > 0) await Bun.sleep(site.delayMs);
        const response = await answer(request, pathname + search);
        requests.push({
          path: pathname + search,
          status: response.status,
          agent: request.headers.get("user-agent") ?? "",
          host: request.headers.get("host") ?? "",
        });
        return response;
      } finally {
        atOnce -= 1;
      }
    },
  });
  const port = server.port ?? 0;
  const site: FakeSite = {
    url: `http://127.0.0.1:${port}`,
    port,
    pages,
    requests,
    down: null,
    delayMs: 0,
    mostAtOnce: () => most,
    set: (path, body, more = {}) => void pages.set(path, { body, ...more }),
    hits: (path) => requests.filter((request) => request.path === path).length,
    forgetMost: () => {
      most = 0;
    },
    forget: () => void requests.splice(0),
    [Symbol.dispose]: () => void server.stop(true),
  };
  return site;
}
