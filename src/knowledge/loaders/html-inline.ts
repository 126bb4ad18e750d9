import { attribute, type HtmlElement, isElement } from "./html-tree.ts";

const INLINE: ReadonlySet<string> = new Set(
  (
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i ins kbd label map mark nobr o:p output " +
    "picture q rb ruby s samp small span strike strong sub sup time tt u var wbr"
  ).split(" "),
);

export function isInline(element: HtmlElement): boolean {
  return INLINE.has(element.tagName);
}

export function hasBlockChild(element: HtmlElement): boolean {
  return element.childNodes.some(
    (child) => isElement(child) && !isInline(child) && !/^(?:br|img|rt|rp)$/.test(child.tagName),
  );
}

export function collapse(text: string): string {
  return text.replace(/[ \t\r\n\f]+/g, " ");
}

/** Alternative text of a picture. A file name or a machine's guess is no description. */
export function altText(image: HtmlElement): string {
  const alt = attribute(image, "alt").trim();
  const isDescription = /\s/.test(alt) || (/^\p{L}+$/u.test(alt) && alt.length > 3);
  return isDescription && !/^[^\s]+\.\w{3,4}$/.test(alt) ? ` ${collapse(alt)} ` : " ";
}
