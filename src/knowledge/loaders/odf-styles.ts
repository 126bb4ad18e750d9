import type { OfficePackage } from "./office-package.ts";
import { childElements, readXml, type XmlElement } from "./xml-reader.ts";

interface ListLevel {
  /** num-format: "1", "a", "A", "i", "I" */
  readonly format: string;
  readonly start: number;
}

/** What styles of an OpenDocument file mean: headings, numbered lists, and what is hidden. */
export class OdfStyles {
  readonly #parents = new Map<string, string>();
  readonly #levels = new Map<string, ReadonlyMap<number, ListLevel>>();
  readonly #hidden = new Set<string>();

  /** Reads the named styles; those of the content are added with `add`. */
  constructor(source: OfficePackage) {
    readXml(source, "styles.xml", {
      open: (name) => {
        if (name === "document-styles") return "enter";
        return name === "styles" || name === "automatic-styles" ? "tree" : "skip";
      },
      tree: (styles) => this.add(styles),
    });
  }

  /** @param styles office:styles or office:automatic-styles */
  add(styles: XmlElement): void {
    for (const style of childElements(styles)) {
      const name = style.attributes.get("name") ?? "";
      if (style.name === "list-style") this.#levels.set(name, levelsOf(style));
      else if (style.name === "style") this.#addStyle(`${style.attributes.get("family")}/${name}`, style);
    }
  }

  /** The level of a heading that is a paragraph in a style for headings, as some programs write them. */
  headingLevel(paragraphStyle: string): number | undefined {
    let name = paragraphStyle;
    for (let step = 0; step < 10; step++) {
      if (name === "Title") return 1;
      const heading = /^Heading(?:_20_(\d))?$/.exec(name);
      if (heading) return Number(heading[1] ?? 1);
      name = this.#parents.get(`paragraph/${name}`) ?? "";
    }
    return undefined;
  }

  /** How a level (from 1) of a list is numbered; undefined when it has bullets or nothing. */
  listLevel(listStyle: string, level: number): ListLevel | undefined {
    return this.#levels.get(listStyle)?.get(level);
  }

  /** @param family "text", "table", "drawing-page", "section" */
  isHidden(family: string, style: string | undefined): boolean {
    return style !== undefined && this.#hidden.has(`${family}/${style}`);
  }

  #addStyle(key: string, style: XmlElement): void {
    const parent = style.attributes.get("parent-style-name");
    if (parent !== undefined) this.#parents.set(key, parent);
    for (const { name, attributes } of childElements(style)) {
      const isHidden =
        (name === "table-properties" && attributes.get("display") === "false") ||
        (name === "text-properties" && attributes.get("display") === "none") ||
        (name === "drawing-page-properties" && attributes.get("visibility") === "hidden");
      if (isHidden) this.#hidden.add(key);
    }
  }
}

function levelsOf(style: XmlElement): ReadonlyMap<number, ListLevel> {
  const levels = new Map<number, ListLevel>();
  for (const { name, attributes } of childElements(style)) {
    const format = attributes.get("num-format") ?? "";
    if (name !== "list-level-style-number" || format === "") continue;
    levels.set(Number(attributes.get("level")), {
      format,
      start: Number.parseInt(attributes.get("start-value") ?? "", 10) || 1,
    });
  }
  return levels;
}
