import {
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  hasAttribute,
  isElement,
  isText,
} from "./html-tree.ts";

/** How much text stands below an element, and how much of it is links. */
export interface TextMeasure {
  /** Letters, digits and signs; spaces and the dividers of menus are not counted. */
  readonly characters: number;
  readonly links: number;
  readonly linkedCharacters: number;
  readonly headings: number;
}

const NOTHING: TextMeasure = { characters: 0, links: 0, linkedCharacters: 0, headings: 0 };

/** Measures every element of a tree once, from the leaves up; asking for each in turn would be quadratic. */
export class TextMeasures {
  readonly #measures = new Map<HtmlElement, TextMeasure>();

  constructor(root: HtmlParent) {
    for (const child of root.childNodes) this.#measure(child);
  }

  of(element: HtmlElement): TextMeasure {
    return this.#measures.get(element) ?? NOTHING;
  }

  #measure(node: HtmlNode): TextMeasure {
    if (isText(node)) return { ...NOTHING, characters: node.value.replace(/[\s|·•»>/-]+/g, "").length };
    if (!isElement(node) || node.tagName === "script" || node.tagName === "style") return NOTHING;
    let { characters, links, linkedCharacters, headings } = NOTHING;
    for (const child of node.childNodes) {
      const part = this.#measure(child);
      characters += part.characters;
      links += part.links;
      linkedCharacters += part.linkedCharacters;
      headings += part.headings;
    }
    if (/^h[1-6]$/.test(node.tagName)) headings++;
    const isLink = node.tagName === "a" && hasAttribute(node, "href");
    const measure = isLink
      ? { characters, links: links + 1, linkedCharacters: characters, headings }
      : { characters, links, linkedCharacters, headings };
    this.#measures.set(node, measure);
    return measure;
  }
}
