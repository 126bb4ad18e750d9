export type OriginResult = { readonly origin: string } | { readonly error: string };

const NOT_AN_ADDRESS = "This is not a web address. It looks like https://www.your-shop.com";

/**
 * What a person typed or pasted as the origin the server compares with: scheme and host, no path. A leading `*.`
 * stands for every subdomain. Without a scheme https is meant.
 */
export function parseOrigin(text: string): OriginResult {
  const typed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  const wildcard = /^(https?:\/\/)\*\./i.test(withScheme);
  const url = parse(wildcard ? withScheme.replace("*.", "") : withScheme);
  if (url === undefined || url.hostname.includes("*")) return { error: NOT_AN_ADDRESS };
  const { protocol, hostname } = url;
  if (protocol !== "https:" && protocol !== "http:")
    return { error: "Only http and https addresses can be allowed." };
  if (!hostname.includes(".") && hostname !== "localhost" && !hostname.startsWith("["))
    return { error: NOT_AN_ADDRESS };
  return { origin: `${protocol}//${wildcard ? "*." : ""}${url.host}` };
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
