/** The dashboard's addresses. Pure, so that every path can be tested without a browser. */
export type KnowledgePart = "documents" | "sites" | "unanswered" | "search";

export type Route =
  | { readonly page: "home" }
  | { readonly page: "knowledge"; readonly part: KnowledgePart }
  | { readonly page: "knowledge"; readonly part: "document"; readonly id: string }
  | { readonly page: "try" }
  | { readonly page: "conversations"; readonly id?: string }
  | { readonly page: "settings" }
  | { readonly page: "sign-in"; readonly returnTo: string }
  | { readonly page: "setup"; readonly token: string }
  | { readonly page: "unknown" };

const PLAIN = { "": "home", try: "try", settings: "settings" } as const;
const KNOWLEDGE_PARTS: readonly KnowledgePart[] = ["sites", "unanswered", "search"];

function isPlain(name: string): name is keyof typeof PLAIN {
  return Object.hasOwn(PLAIN, name);
}

export function matchRoute(pathname: string, search = ""): Route {
  const [first = "", second, ...rest] = pathname.replace(/^\/+|\/+$/g, "").split("/");
  if (rest.length > 0) return { page: "unknown" };
  if (first === "conversations") {
    return second === undefined ? { page: "conversations" } : { page: "conversations", id: decode(second) };
  }
  if (first === "knowledge") return knowledgeRoute(second);
  if (second !== undefined) return { page: "unknown" };
  const parameters = new URLSearchParams(search);
  if (first === "sign-in") return { page: "sign-in", returnTo: safeReturnPath(parameters.get("return")) };
  if (first === "setup") return { page: "setup", token: parameters.get("token") ?? "" };
  return isPlain(first) ? { page: PLAIN[first] } : { page: "unknown" };
}

function knowledgeRoute(second: string | undefined): Route {
  if (second === undefined) return { page: "knowledge", part: "documents" };
  const part = KNOWLEDGE_PARTS.find((name) => name === second);
  if (part !== undefined) return { page: "knowledge", part };
  return { page: "knowledge", part: "document", id: decode(second) };
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

export function knowledgePath(part: KnowledgePart): string {
  return part === "documents" ? "/knowledge" : `/knowledge/${part}`;
}

/** Of the document, or of a passage in its text; `quote` is marked in the passage. */
export function documentPath(
  id: string,
  at: { readonly chunk?: string; readonly quote?: string } = {},
): string {
  const parameters = new URLSearchParams();
  if (at.chunk !== undefined) parameters.set("chunk", at.chunk);
  if (at.quote !== undefined && at.quote.length <= LONGEST_QUOTE) parameters.set("quote", at.quote);
  const search = parameters.toString();
  return `/knowledge/${encodeURIComponent(id)}${search === "" ? "" : `?${search}`}`;
}

/** Longer ones make addresses that proxies refuse. */
const LONGEST_QUOTE = 600;
