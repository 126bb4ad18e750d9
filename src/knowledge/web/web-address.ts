/** Addresses of pages: one way of writing each, and which of them a site's crawl has use for. Pure functions. */

/** Longer ones are made by machines for machines. */
export const maxAddress = 2_000;

/** Say where a visitor came from, not what he sees. */
const trackingNames =
  /^(?:utm_\w*|mtm_\w*|pk_\w*|hsa_\w*|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|phpsessid|jsessionid|sessionid)$/i;

/** Files that are no pages, by their names; what they really are is only known when they are fetched. */
const noPages =
  /\.(?:avif|bmp|gif|heic|ico|jpe?g|png|svgz?|tiff?|webp|css|m?js|map|json|xml|rss|atom|wasm|eot|otf|ttf|woff2?|aac|avi|flac|m4[av]|mkv|mov|mp[34]|mpe?g|og[gv]|wav|web[am]|wmv|7z|apk|bin|bz2|dmg|exe|gz|iso|jar|msi|rar|tar|tgz|xz|zip)$/i;

/**
 * The address of a page in the one form in which it is stored: no fragment, no tracking, parameters in order.
 * Null: it is no address of a page (another scheme, a user name in it, too long).
 */
export function normaliseAddress(text: string, base?: string): string | null {
  if (text.length > maxAddress) return null;
  const url = URL.parse(text.trim(), base);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  if (url.username !== "" || url.password !== "" || url.hostname === "") return null;
  url.hash = "";
  url.hostname = url.hostname.replace(/\.$/, "");
  url.pathname = evenEscapes(url.pathname.replace(/;jsessionid=[^/;]*/gi, ""));
  url.search = url.search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !trackingNames.test(part.split("=", 1)[0] ?? ""))
    .map(evenEscapes)
    .sort()
    .join("&");
  return url.href.length > maxAddress ? null : url.href;
}

/** `%7e` and `~` are the same to every server, as are `%c3` and `%C3`. */
function evenEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, (escaped) => {
    const letter = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[\w.~-]/.test(letter) ? letter : escaped.toUpperCase();
  });
}

/** Whether two addresses are of one site but for `www.` and for http in place of https. */
export function isSameSite(a: URL, b: URL): boolean {
  const bare = ({ hostname }: URL) => hostname.replace(/^www\./, "");
  if (bare(a) !== bare(b)) return false;
  return a.protocol === b.protocol ? a.port === b.port : a.port === "" && b.port === "";
}

export interface Scope {
  /** The site's own origin first, then those that lead to it. */
  readonly origins: readonly string[];
  /** Where there are any, a page's path must match one. */
  readonly include: readonly string[];
  /** … and none of these. */
  readonly exclude: readonly string[];
  /** Fetched for its links whatever `include` says. */
  readonly start: string;
}

/** The normalised address on the site's own origin; null: not of this site, or none that we read. */
export function addressOnSite(text: string, base: string, scope: Scope): string | null {
  const address = normaliseAddress(text, base);
  const [own] = scope.origins;
  if (address === null || own === undefined) return null;
  const { origin, pathname, search } = new URL(address);
  return scope.origins.includes(origin) ? `${own}${pathname}${search}` : null;
}

/** What the owner's patterns and a file's name say about a page of the site. */
export function isWanted(address: string, scope: Scope): boolean {
  const { pathname, search } = new URL(address);
  const path = pathname + search;
  if (noPages.test(pathname) || scope.exclude.some((pattern) => pathMatches(pattern, path))) return false;
  return address === scope.start || isIncluded(address, scope);
}

export function isIncluded(address: string, scope: Scope): boolean {
  const { pathname, search } = new URL(address);
  return (
    scope.include.length === 0 || scope.include.some((pattern) => pathMatches(pattern, pathname + search))
  );
}

/**
 * `/help/` matches every path that begins with it. With `*` (any letters) the whole path must match. No regular
 * expression: the time is at most the product of the two lengths.
 */
export function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes("*")) return path.startsWith(pattern);
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < path.length) {
    if (pattern[inPattern] === "*") {
      star = inPattern++;
      resume = at;
    } else if (pattern[inPattern] === path[at]) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}
