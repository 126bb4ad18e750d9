/** Which web sites may show a channel's widget. */

/** `scheme://host[:port]` in lower case, the host's first label may be `*`; null when it is not one. */
export function normaliseOrigin(text: string): string | null {
  const wild = /^(https?):\/\/\*\.([^/]+)\/?$/i.exec(text.trim());
  const url = URL.parse(wild === null ? text.trim() : `${wild[1]}://${wild[2]}`);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  if (
    url.username !== "" ||
    url.password !== "" ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.hash !== ""
  )
    return null;
  if (url.hostname.includes("*") || (wild !== null && !url.hostname.includes("."))) return null;
  return wild === null ? url.origin : `${url.protocol}//*.${url.host}`;
}

/** Whether a page of `origin` may use the channel. `own` is the appliance's origin, always allowed. */
export function isOriginAllowed(origin: string | null, allowed: readonly string[], own: string): boolean {
  if (origin === null) return false;
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return false;
  if (origin === own) return true;
  return allowed.some((entry) => {
    if (entry === origin) return true;
    const wild = /^(https?:)\/\/\*\.(.+)$/.exec(entry);
    return wild !== null && url.protocol === wild[1] && url.host.endsWith(`.${wild[2]}`);
  });
}
