/**
 * Which addresses in a model's answer may become links.
 *
 * A planted document can make the model write a link that carries the conversation away (the visitor's words in a
 * query string) or runs script. So a link needs a known host, loses its query, and is always written from the parsed
 * address, never from the model's own characters: what was checked is what is opened.
 */

const MAX_ADDRESS = 2000;

/** The hosts links may lead to; undefined: any host, because a person wrote the text. */
export type Hosts = ReadonlySet<string> | undefined;

/** Hosts without their leading `www.`, lower case, as `isAllowedHost` compares them. */
export function normaliseHosts(hosts: readonly string[]): ReadonlySet<string> {
  return new Set(hosts.map((host) => withoutWww(host.trim().toLowerCase())).filter((host) => host !== ""));
}

/** The address to open, or undefined when it must stay plain text. Allowed: http, https, mailto, tel. */
export function safeHref(address: string, hosts: Hosts): string | undefined {
  const url = parseUrl(address);
  if (url === undefined) return undefined;
  if (hosts === undefined) return openHref(url);
  if (url.protocol === "https:" || url.protocol === "http:") return webHref(url, hosts);
  if (url.protocol === "mailto:") return mailHref(url, hosts);
  if (url.protocol === "tel:") return telephoneHref(url);
  return undefined;
}

/** An address of the server's own data (a cited source): only the scheme is checked, the query is kept. */
export function sourceHref(address: string): string | undefined {
  const url = parseUrl(address);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}

/** The host of a web address as `allowedHosts` wants it, or undefined. */
export function hostOf(address: string): string | undefined {
  const url = parseUrl(address);
  return url === undefined || url.host === "" ? undefined : url.host;
}

/** An address for reading: no query, no invisible or direction-changing characters, not endless. */
export function shownAddress(address: string): string {
  const end = firstOf(address, "?#");
  let shown = "";
  for (const char of address.slice(0, Math.min(end, 200))) if (!isInvisible(char)) shown += char;
  return end > 200 && address.length > 200 ? `${shown}…` : shown;
}

const OPEN_SCHEMES = ["https:", "http:", "mailto:", "tel:"];

function openHref(url: URL): string | undefined {
  return OPEN_SCHEMES.includes(url.protocol) && url.username === "" && url.password === ""
    ? url.href
    : undefined;
}

function webHref(url: URL, hosts: ReadonlySet<string>): string | undefined {
  // "https://bank.example@evil.example" shows one name and opens another.
  if (url.username !== "" || url.password !== "") return undefined;
  if (!hosts.has(withoutWww(url.host))) return undefined;
  url.search = "";
  // A plain anchor is useful; anything longer is a second place to hide data or a client-side redirect.
  if (!/^#[\w-]{1,80}$/.test(url.hash)) url.hash = "";
  return url.href;
}

function mailHref(url: URL, hosts: ReadonlySet<string>): string | undefined {
  const [name, domain, more] = url.pathname.split("@");
  if (name === undefined || domain === undefined || more !== undefined) return undefined;
  if (!/^[\w.+-]{1,64}$/.test(name) || !hosts.has(withoutWww(domain.toLowerCase()))) return undefined;
  return `mailto:${name}@${domain.toLowerCase()}`;
}

function telephoneHref(url: URL): string | undefined {
  const number = url.pathname.replaceAll(/[\s().-]|%20/g, "");
  return /^\+?\d{3,15}$/.test(number) ? `tel:${number}` : undefined;
}

function parseUrl(address: string): URL | undefined {
  if (address.length > MAX_ADDRESS) return undefined;
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

function withoutWww(host: string): string {
  return host.startsWith("www.") ? host.slice(4) : host;
}

function firstOf(text: string, chars: string): number {
  for (let at = 0; at < text.length; at++) if (chars.includes(text.charAt(at))) return at;
  return text.length;
}

/** Controls, zero-width characters and the direction overrides that make "moc.elpmaxe" read as another name. */
function isInvisible(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    code === 0xad ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0xfeff
  );
}
