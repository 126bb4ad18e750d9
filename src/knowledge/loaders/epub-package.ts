import { LoadError } from "./loader.ts";
import { type OfficePackage, resolvePart } from "./office-package.ts";
import {
  childAt,
  childElements,
  descendantElements,
  readXmlTree,
  textOf,
  type XmlElement,
} from "./xml-reader.ts";

/** What the package document of an e-book says. */
export interface EpubBook {
  readonly title: string | undefined;
  /** Content documents in reading order, tables of contents left out. */
  readonly chapters: readonly string[];
  /** Tables of contents that stand in the reading order. */
  readonly contents: readonly string[];
}

const CONTENT_TYPE = /^(?:application\/(?:xhtml\+xml|x-dtbook\+xml)|text\/(?:html|x-oeb1-document))$/i;
/** Only fonts are mixed up this way, and only lightly: the text of the book is open. */
const FONT_ALGORITHM = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/;

/** @throws LoadError "damaged", "encrypted" when the text is protected, "too_large_inside" */
export function readEpubBook(source: OfficePackage): EpubBook {
  const packageName = packageDocument(source);
  const root = packageName === undefined ? undefined : readXmlTree(source, packageName);
  const book =
    root && packageName !== undefined
      ? bookOf(source, packageName, root)
      : { title: undefined, chapters: [], contents: [] };
  const chapters = book.chapters.length > 0 ? book.chapters : pagesByName(source, book.contents);
  if (chapters.length === 0 && book.contents.length === 0) throw source.damaged("no content documents");
  refuseProtected(source, [...chapters, ...book.contents]);
  return { ...book, chapters };
}

function packageDocument(source: OfficePackage): string | undefined {
  const container = readXmlTree(source, "META-INF/container.xml");
  const files = container ? [...descendantElements(container)].filter(({ name }) => name === "rootfile") : [];
  const paths = files.map((file) => resolvePart("", file.attributes.get("full-path") ?? ""));
  return (
    paths.find((path) => source.has(path)) ??
    source.names.find((name) => /\.opf$/i.test(name) && !name.startsWith("__MACOSX/"))
  );
}

function bookOf(source: OfficePackage, packageName: string, root: XmlElement): EpubBook {
  const items = new Map<string, XmlElement>();
  for (const item of elementsAt(root, "manifest", "item")) items.set(item.attributes.get("id") ?? "", item);
  const guide = elementsAt(root, "guide", "reference")
    .filter(({ attributes }) => /^toc$/i.test(attributes.get("type") ?? ""))
    .map(({ attributes }) => resolvePart(packageName, attributes.get("href") ?? ""));
  const chapters = new Set<string>();
  const contents = new Set<string>();
  for (const { attributes } of elementsAt(root, "spine", "itemref")) {
    const item = items.get(attributes.get("idref") ?? "");
    const part = resolvePart(packageName, item?.attributes.get("href") ?? "");
    if (!item || !CONTENT_TYPE.test(item.attributes.get("media-type") ?? "") || !source.has(part)) continue;
    const isNavigation = (item.attributes.get("properties") ?? "").split(/\s+/).includes("nav");
    (isNavigation || guide.includes(part) ? contents : chapters).add(part);
  }
  return { title: titleOf(root), chapters: [...chapters], contents: [...contents] };
}

/** Several titles (main title, subtitle, whole title) are told apart by remarks beside them. */
function titleOf(root: XmlElement): string | undefined {
  const metadata = childAt(root, "metadata");
  const elements = metadata ? [...descendantElements(metadata)] : [];
  const titles = elements.filter(({ name }) => name === "title");
  const main = elements.find(
    (element) =>
      element.name === "meta" &&
      element.attributes.get("property") === "title-type" &&
      textOf(element).trim() === "main",
  );
  const id = main?.attributes.get("refines")?.replace(/^#/, "");
  const found = titles.find(({ attributes }) => id !== undefined && attributes.get("id") === id) ?? titles[0];
  return textOf(found).trim() || undefined;
}

/** A book that has lost its reading order: every page, by name. */
function pagesByName(source: OfficePackage, contents: readonly string[]): readonly string[] {
  return source.names
    .filter((name) => /\.x?html?$/i.test(name) && !name.startsWith("__MACOSX/") && !contents.includes(name))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function refuseProtected(source: OfficePackage, parts: readonly string[]): void {
  const protectedParts = new Set<string>();
  const root = readXmlTree(source, "META-INF/encryption.xml");
  for (const data of root ? descendantElements(root) : []) {
    if (data.name !== "EncryptedData") continue;
    const algorithm = childAt(data, "EncryptionMethod")?.attributes.get("Algorithm") ?? "";
    const target = childAt(data, "CipherData", "CipherReference")?.attributes.get("URI");
    if (target !== undefined && !FONT_ALGORITHM.test(algorithm))
      protectedParts.add(resolvePart("", target).toLowerCase());
  }
  const isProtected = parts.some((part) => protectedParts.has(part.toLowerCase()));
  if (!isProtected && !source.has("META-INF/sinf.xml")) return;
  throw new LoadError(
    "encrypted",
    "This e-book is protected against copying (DRM), so its text cannot be read. Ask its publisher for a copy without protection and upload that.",
  );
}

function elementsAt(root: XmlElement, list: string, name: string): XmlElement[] {
  const parent = childAt(root, list);
  return parent ? childElements(parent, name) : [];
}
