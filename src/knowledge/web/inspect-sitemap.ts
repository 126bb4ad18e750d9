/** Sitemaps: XML, plain text, also packed. Runs in the parsing child: they are strangers' files like any other. */
import { gunzipSync } from "node:zlib";
import { Parser } from "htmlparser2";
import { decodeText } from "../loaders/charset.ts";
import { LoadError } from "../loaders/loader.ts";
import { mostLinks, mostSitemaps, type SitemapFindings, type WebTask } from "./inspect-protocol.ts";
import { LinkSieve } from "./link-sieve.ts";
import { addressOnSite, maxAddress } from "./web-address.ts";

/** What the protocol allows. */
const maxUnpacked = 50 * 1024 * 1024;
const maxDepth = 50;
const pieceLetters = 64 * 1024;

/** @throws LoadError "too_large_inside", "too_deep", "damaged" */
export function inspectSitemap(bytes: Uint8Array, task: WebTask): SitemapFindings {
  const text = decodeText(unpack(bytes))?.text ?? "";
  const sieve = new LinkSieve(task);
  const sitemaps = new Set<string>();
  const isXml = /^\s*</.test(text.slice(0, 1_000));
  const isSitemap = isXml ? readXml(text, task, sieve, sitemaps) : readLines(text, task, sieve);
  return {
    isSitemap,
    links: [...sieve.links],
    refused: [...sieve.refused],
    sitemaps: [...sitemaps],
    more: sieve.more,
  };
}

function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpacked });
  } catch (cause) {
    const tooLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    const what = tooLarge ? "holds more than the 50 MB that a sitemap may have" : "is packed and damaged";
    throw new LoadError(tooLarge ? "too_large_inside" : "damaged", `This sitemap ${what}.`, { cause });
  }
}

/** One address a line. */
function readLines(text: string, task: WebTask, sieve: LinkSieve): boolean {
  for (const line of text.split("\n", mostLinks * 2)) {
    const address = line.trim();
    if (/^https?:\/\//i.test(address) && !sieve.add(address, task.url)) break;
  }
  return sieve.links.size + sieve.refused.size > 0;
}

/** Entities that the file declares itself are not expanded, and nothing outside it is opened. */
function readXml(text: string, task: WebTask, sieve: LinkSieve, sitemaps: Set<string>): boolean {
  const open: string[] = [];
  let isSitemap = false;
  let isFull = false;
  let location = "";
  const take = (parent: string | undefined) => {
    if (parent === "url") isFull = !sieve.add(location, task.url);
    if (parent !== "sitemap") return;
    const address = addressOnSite(location, task.url, task.scope);
    if (address !== null && sitemaps.size <= mostSitemaps) sitemaps.add(address);
  };
  const parser = new Parser(
    {
      onopentag(name) {
        open.push(name.split(":").at(-1) ?? name);
        if (open.length > maxDepth) throw new LoadError("too_deep", "This sitemap is nested too deeply.");
        if (open.length === 1) isSitemap = open[0] === "urlset" || open[0] === "sitemapindex";
        location = "";
      },
      ontext(piece) {
        if (open.at(-1) === "loc" && location.length <= maxAddress) location += piece;
      },
      onclosetag() {
        if (open.pop() === "loc" && isSitemap) take(open.at(-1));
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  for (let at = 0; at < text.length && !isFull; at += pieceLetters)
    parser.write(text.slice(at, at + pieceLetters));
  return isSitemap;
}
