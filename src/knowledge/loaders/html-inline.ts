import { meaningfulAltText } from "./alt-text.ts";
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

/** Alternative text of a picture, where a person described it. */
export function altText(image: HtmlElement): string {
  const alt = meaningfulAltText(attribute(image, "alt"));
  return alt === "" ? " " : ` ${alt} `;
}
