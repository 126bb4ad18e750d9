/** The dashboard's addresses. Pure, so that every path can be tested without a browser. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "knowledge" }
  | { readonly page: "try" }
  | { readonly page: "conversations"; readonly id?: string }
  | { readonly page: "settings" }
  | { readonly page: "sign-in"; readonly returnTo: string }
  | { readonly page: "setup"; readonly token: string }
  | { readonly page: "unknown" };

const PLAIN = { "": "home", knowledge: "knowledge", try: "try", settings: "settings" } as const;

function isPlain(name: string): name is keyof typeof PLAIN {
  return Object.hasOwn(PLAIN, name);
}

export function matchRoute(pathname: string, search = ""): Route {
  const [first = "", second, ...rest] = pathname.replace(/^\/+|\/+$/g, "").split("/");
  if (rest.length > 0) return { page: "unknown" };
  if (first === "conversations") {
    return second === undefined ? { page: "conversations" } : { page: "conversations", id: decode(second) };
  }
  if (second !== undefined) return { page: "unknown" };
  const parameters = new URLSearchParams(search);
  if (first === "sign-in") return { page: "sign-in", returnTo: safeReturnPath(parameters.get("return")) };
  if (first === "setup") return { page: "setup", token: parameters.get("token") ?? "" };
  return isPlain(first) ? { page: PLAIN[first] } : { page: "unknown" };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Only a path of this dashboard: a link to the sign-in page must not lead anywhere else afterwards. */
export function safeReturnPath(value: string | null): string {
  if (value === null || !/^\/(?![/\\])/.test(value)) return "/";
  const url = new URL(value, "http://dashboard.invalid");
  if (url.host !== "dashboard.invalid" || url.pathname.startsWith("//")) return "/";
  const page = matchRoute(url.pathname, url.search).page;
  return page === "sign-in" || page === "setup" ? "/" : url.pathname + url.search + url.hash;
}

export function signInPath(current: string): string {
  const target = safeReturnPath(current);
  return target === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(target)}`;
}

export function conversationPath(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`;
}
