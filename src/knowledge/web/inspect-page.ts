/** What a crawl has to know of a page beside its text. Runs in the parsing child. */
import { decodeText } from "../loaders/charset.ts";
import { detectFile } from "../loaders/detect.ts";
import {
  attribute,
  descendants,
  type HtmlParent,
  hasAttribute,
  parseHtml,
  textOf,
} from "../loaders/html-tree.ts";
import { loaders } from "../loaders/index.ts";
import type { FileFormat } from "../loaders/loader.ts";
import { normaliseLine } from "../loaders/text-normal.ts";
import { type PageFindings, robotsAgent, type WebTask } from "./inspect-protocol.ts";
import { LinkSieve } from "./link-sieve.ts";
import { addressOnSite } from "./web-address.ts";

const maxTitle = 300;
/** Data for programs, whether or not it could be read. */
const forPrograms: ReadonlySet<FileFormat> = new Set(["json", "xml", "zip", "eml", "image", "binary"]);

/** @throws LoadError "empty_file", "too_deep" */
export function inspectPage(bytes: Uint8Array, fileName: string, task: WebTask): PageFindings {
  const { format } = detectFile(bytes, fileName);
  const readable = !forPrograms.has(format) && loaders.some((loader) => loader.format === format);
  const nothing = { format, readable, noindex: false, links: [], refused: [], more: false };
  const source = format === "html" ? decodeText(bytes)?.text : undefined;
  return source === undefined ? nothing : { ...nothing, ...inspectHtml(parseHtml(source), task) };
}

function inspectHtml(page: HtmlParent, task: WebTask): Omit<PageFindings, "format" | "readable"> {
  const head = readHead(page, task.url);
  const sieve = new LinkSieve(task);
  if (!head.directives.has("nofollow") && !head.directives.has("none"))
    for (const element of descendants(page)) {
      if (element.tagName !== "a" && element.tagName !== "area") continue;
      if (!hasAttribute(element, "href") || /\bnofollow\b/i.test(attribute(element, "rel"))) continue;
      if (!sieve.add(attribute(element, "href"), head.base)) break;
    }
  // One that may not be read, or is of another site, is no reason to leave this page out.
  const named = head.canonical === "" ? null : sieve.wanted(head.canonical, head.base);
  const canonical = named !== null && sieve.allows(named) ? named : null;
  const own = addressOnSite(task.url, task.url, task.scope);
  return {
    ...(head.title === "" ? {} : { title: head.title }),
    ...(canonical === null || canonical === own ? {} : { canonical }),
    noindex: head.directives.has("noindex") || head.directives.has("none"),
    links: [...sieve.links],
    refused: [...sieve.refused],
    more: sieve.more,
  };
}

interface Head {
  readonly title: string;
  readonly canonical: string;
  readonly base: string;
  readonly directives: ReadonlySet<string>;
}

function readHead(page: HtmlParent, url: string): Head {
  let [title, heading, canonical, base] = ["", "", "", ""];
  const directives = new Set<string>();
  for (const element of descendants(page)) {
    const { tagName } = element;
    if (tagName === "title" && title === "" && element.namespaceURI.endsWith("xhtml"))
      title = normaliseLine(textOf(element));
    else if (tagName === "h1" && heading === "") heading = normaliseLine(textOf(element));
    else if (tagName === "base" && base === "") base = attribute(element, "href");
    else if (tagName === "link" && canonical === "" && /\bcanonical\b/i.test(attribute(element, "rel")))
      canonical = attribute(element, "href");
    else if (tagName === "meta" && isForUs(attribute(element, "name")))
      for (const word of attribute(element, "content")
        .toLowerCase()
        .split(/[\s,]+/))
        directives.add(word);
  }
  return {
    title: (title === "" ? heading : title).slice(0, maxTitle),
    canonical,
    base: URL.parse(base, url)?.href ?? url,
    directives,
  };
}

function isForUs(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === "robots" || lower === robotsAgent.toLowerCase();
}
