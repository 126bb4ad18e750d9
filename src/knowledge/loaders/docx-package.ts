import { zipSync } from "fflate";
import { OfficePackage } from "./office-package.ts";

/** A Word file reduced to what is read, and safe to give to a library that inflates without limits. */
export interface DocxPackage {
  /** A zip with the XML parts only: pictures, fonts and embedded files are gone. */
  readonly bytes: Uint8Array;
  /** HTML or text documents embedded whole (altChunk), by the marker that stands at their place in the text. */
  readonly chunks: ReadonlyMap<string, Uint8Array>;
  /** docProps/core.xml */
  readonly coreProperties: string;
}

const READ_PART = /\.(?:xml|rels)$/i;
const UNREAD_FOLDER = /^(?:customXml|word\/(?:theme|media|embeddings|fonts|activeX|glossary))\//i;
const CHUNK_PART = /\.(?:html?|xhtml|txt)$/i;
const MAIN_PART = /^word\/document\d*\.xml$/i;

/** @throws LoadError "damaged", "too_large_inside" */
export function readDocxPackage(bytes: Uint8Array): DocxPackage {
  const parts = readParts(bytes);
  const chunks = new Map<string, Uint8Array>();
  for (const [name, part] of parts) {
    if (!MAIN_PART.test(name)) continue;
    const relations = relationTargets(decode(parts.get(name.replace(/([^/]+)$/, "_rels/$1.rels"))));
    parts.set(
      name,
      new TextEncoder().encode(markChunks(withoutRuby(decode(part)), relations, parts, chunks)),
    );
  }
  const coreProperties = decode(parts.get("docProps/core.xml"));
  for (const name of parts.keys()) if (CHUNK_PART.test(name)) parts.delete(name);
  return { bytes: zipSync(Object.fromEntries(parts), { level: 0 }), chunks, coreProperties };
}

function readParts(bytes: Uint8Array): Map<string, Uint8Array> {
  const source = new OfficePackage(bytes, { name: "Word document", program: "Word" });
  const parts = new Map<string, Uint8Array>();
  for (const name of source.names) {
    if (UNREAD_FOLDER.test(name) || !(READ_PART.test(name) || CHUNK_PART.test(name))) continue;
    const part = source.read(name);
    if (part) parts.set(name, part);
  }
  if (![...parts.keys()].some((name) => MAIN_PART.test(name))) throw source.damaged("no main document");
  return parts;
}

/** Readings above Japanese characters: mammoth leaves out the whole construct, so the base text is unwrapped. */
function withoutRuby(xml: string): string {
  if (!xml.includes("<w:ruby>")) return xml;
  const readings = cutBetween(cutBetween(xml, "<w:rt>", "</w:rt>"), "<w:rubyPr>", "</w:rubyPr>");
  return readings.replace(/<\/?w:(?:ruby|rubyBase)>/g, "");
}

function cutBetween(text: string, open: string, close: string): string {
  const [first = "", ...rest] = text.split(open);
  return first + rest.map((part) => part.slice(Math.max(0, part.indexOf(close) + close.length))).join("");
}

/** mammoth does not know embedded documents; a paragraph with a marker keeps their place. */
function markChunks(
  xml: string,
  relations: ReadonlyMap<string, string>,
  parts: ReadonlyMap<string, Uint8Array>,
  chunks: Map<string, Uint8Array>,
): string {
  return xml.replace(/<w:altChunk\s[^<>]*?r:id="([^"<>]+)"[^<>]*>/g, (tag, id: string) => {
    const target = relations.get(id);
    const part = target ? (parts.get(`word/${target}`) ?? parts.get(target.replace(/^\//, ""))) : undefined;
    if (!part) return tag;
    const marker = `embedded-document-${chunks.size + 1}-${crypto.randomUUID()}`;
    chunks.set(marker, part);
    const paragraph = `<w:p><w:r><w:t>${marker}</w:t></w:r></w:p>`;
    return tag.endsWith("/>") ? paragraph : `${paragraph}${tag}`;
  });
}

function relationTargets(xml: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [tag] of xml.matchAll(/<Relationship\s[^<>]*>/g)) {
    const id = /\sId="([^"]*)"/.exec(tag)?.[1];
    const target = /\sTarget="([^"]*)"/.exec(tag)?.[1];
    if (id && target && !/\sTargetMode="External"/.test(tag)) targets.set(id, target);
  }
  return targets;
}

function decode(part: Uint8Array | undefined): string {
  return part ? new TextDecoder().decode(part) : "";
}
