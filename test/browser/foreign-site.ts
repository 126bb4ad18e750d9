/** A shop's own site on another address: one page with the snippet, under a policy as strict as the widget can bear. */

export interface ForeignSite extends AsyncDisposable {
  readonly origin: string;
}

export function startForeignSite(snippet: string, appliance: string): ForeignSite {
  const policy = [
    "default-src 'none'",
    "img-src 'self'",
    `script-src ${appliance}`,
    `connect-src ${appliance.replace(/^http/, "ws")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const html = `<!doctype html><html lang="en"><head><title>The shop</title></head><body><main><h1>The shop</h1></main>${snippet}</body></html>`;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) =>
      new URL(request.url).pathname === "/"
        ? new Response(html, { headers: { "content-type": "text/html", "content-security-policy": policy } })
        : new Response(null, { status: 204 }),
  });
  return {
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
