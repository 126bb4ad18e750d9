/** Which network addresses a tenant's settings may reach. Pure functions; the fetch that enforces them is `fetch.ts`. */
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Cidr = readonly [Address, number];

/** The range, or null when `text` is not one. A bare address is a range of one. */
export function parseCidr(text: string): Cidr | null {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    return null;
  }
}

function parseStrict(text: string): Address | null {
  const bare = text.replace(/^\[|\]$/g, "");
  // A zone id names an interface of this machine: never a public address.
  if (bare.includes("%")) return null;
  return ipaddr.isValid(bare) ? ipaddr.parse(bare) : null;
}

/** IPv4 inside IPv6 in any of its forms (mapped, NAT64, 6to4) is judged as the IPv4 that it reaches. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  const at = (offset: number) => new ipaddr.IPv4(bytes.slice(offset, offset + 4));
  if (address.range() === "rfc6052" || address.range() === "rfc6145") return at(12);
  if (address.range() === "6to4") return at(2);
  if (bytes.slice(0, 12).every((byte) => byte === 0) && bytes.slice(12).some((byte) => byte > 1))
    return at(12);
  return null;
}

function inRange(address: Address, [network, bits]: Cidr): boolean {
  if (address instanceof ipaddr.IPv4 && network instanceof ipaddr.IPv4) return address.match(network, bits);
  if (address instanceof ipaddr.IPv6 && network instanceof ipaddr.IPv6) return address.match(network, bits);
  return false;
}

/** True when `text` is an address in one of `allow`, or on the public internet. */
export function isReachable(text: string, allow: readonly string[]): boolean {
  const parsed = parseStrict(text);
  if (parsed === null) return false;
  const address = parsed instanceof ipaddr.IPv6 ? (embeddedIpv4(parsed) ?? parsed) : parsed;
  for (const item of allow) {
    const cidr = parseCidr(item);
    if (cidr !== null && inRange(address, cidr)) return true;
  }
  return address.range() === "unicast";
}

/** Under which name an address is limited: IPv6 by its /64, which one customer has all to himself. */
export function networkOf(text: string): string {
  const parsed = parseStrict(text);
  if (!(parsed instanceof ipaddr.IPv6)) return text;
  const inner = embeddedIpv4(parsed);
  if (inner !== null) return inner.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}

/** True when `text` is an address inside one of the ranges. */
export function isInRanges(text: string, ranges: readonly string[]): boolean {
  const parsed = parseStrict(text);
  if (parsed === null) return false;
  const address = parsed instanceof ipaddr.IPv6 ? (embeddedIpv4(parsed) ?? parsed) : parsed;
  return ranges.some((item) => {
    const cidr = parseCidr(item);
    return cidr !== null && inRange(address, cidr);
  });
}
