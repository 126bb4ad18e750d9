/** The front ends out of the executable: dashboard, widget, demo page, API documentation. */
import { eq } from "drizzle-orm";
import type { App } from "../app.ts";
import { channels } from "../db/tenant-schema.ts";
import { shippedFiles } from "../native/embedded.ts";
import { readSettings } from "../tenants/settings.ts";

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
  json: "application/json",
  map: "application/json",
};

const base = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'";
const policies = {
  page: `${base}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'`,
  demo: `${base}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'`,
} as const;

const assets = new Map<string, { body: Blob; etag: string }>();

async function load(path: string): Promise<{ body: Blob; etag: string } | null> {
  const known = assets.get(path);
  if (known !== undefined) return known;
  const file = shippedFiles.web[path];
  if (file === undefined) return null;
  const body = Bun.file(file.path);
  const etag = `"${file.sha256?.slice(0, 16) ?? Bun.hash(await body.bytes()).toString(16)}"`;
  const entry = { body, etag };
  assets.set(path, entry);
  return entry;
}

/** A file of a front end, or null when there is none at this path. */
export async function asset(request: Request, path: string): Promise<Response | null> {
  const found = path.endsWith(".html") ? null : await load(path);
  if (found === null) return null;
  const extension = path.split(".").at(-1) ?? "";
  const hashed = /[.-][a-z0-9]{8,}\.(js|css|svg|woff2|png)$/.test(path);
  const headers: Record<string, string> = {
    "content-type": types[extension] ?? "application/octet-stream",
    etag: found.etag,
    "cache-control": hashed ? "public, max-age=31536000, immutable" : "public, max-age=60, must-revalidate",
    // The widget is loaded by other sites; nothing else needs to be.
    ...(path === "/widget.js"
      ? { "cross-origin-resource-policy": "cross-origin", "access-control-allow-origin": "*" }
      : {}),
  };
  if (request.headers.get("if-none-match") === found.etag)
    return new Response(null, { status: 304, headers });
  return new Response(found.body, { headers });
}

function page(html: string | Blob, policy: keyof typeof policies, status = 200): Response {
  return new Response(html, {
    status,
    headers: {
      "content-type": types.html ?? "",
      "content-security-policy": policies[policy],
      "cache-control": "no-store",
    },
  });
}

export async function dashboard(): Promise<Response> {
  const found = await load("/index.html");
  return found === null ? notBuilt() : page(found.body, "page");
}

export async function apiDocumentation(): Promise<Response> {
  const found = await load("/docs/index.html");
  return found === null ? notBuilt() : page(found.body, "page");
}

function notBuilt(): Response {
  return new Response("The front end is not built. Run: bun build.ts\n", {
    status: 503,
    headers: { "content-type": "text/plain" },
  });
}

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
}

/** A page with the widget of the first web chat channel (or of `?tenant=<slug>`). */
export async function demo(app: App, tenantSlug: string | null): Promise<Response> {
  const template = await load("/demo.html");
  if (template === null) return notBuilt();
  const all = app.tenants.list().filter((tenant) => tenant.status === "active");
  const tenant = tenantSlug === null ? all[0] : all.find((item) => item.slug === tenantSlug);
  if (tenant === undefined)
    return new Response(
      "There is nothing to show yet. Set this server up first with the link that it printed at its start.\n",
      {
        status: 404,
        headers: { "content-type": "text/plain; charset=utf-8" },
      },
    );
  const shown = await app.store.read(tenant.id, (reader) => ({
    key:
      reader.db.select().from(channels).where(eq(channels.kind, "webchat")).orderBy(channels.id).get()
        ?.publicKey ?? "",
    assistantName: readSettings(reader).settings.assistant.name,
  }));
  const html = (await template.body.text())
    .replaceAll("{{channelKey}}", escapeHtml(shown.key))
    .replaceAll("{{assistantName}}", () => escapeHtml(shown.assistantName))
    .replaceAll("{{businessName}}", () => escapeHtml(tenant.name));
  return page(html, "demo");
}
