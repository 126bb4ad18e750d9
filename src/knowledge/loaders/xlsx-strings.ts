import { tooLargeTables } from "./cell-grid.ts";
import { MAX_CHARACTERS } from "./document-builder.ts";
import type { OfficePackage } from "./office-package.ts";
import { childElements, readXml, textOf, type XmlElement } from "./xml-reader.ts";

/**
 * The texts that cells refer to by number.
 *
 * @throws LoadError "too_large_inside" when they are more than a document may hold
 */
export function readSharedStrings(source: OfficePackage, part: string): readonly string[] {
  const strings: string[] = [];
  let characters = 0;
  readXml(source, part, {
    open: (name) => (name === "sst" ? "enter" : name === "si" ? "tree" : "skip"),
    tree: (item) => {
      const text = richText(item);
      characters += text.length;
      if (characters > MAX_CHARACTERS || strings.length > MAX_CHARACTERS / 4) throw tooLargeTables();
      strings.push(text);
    },
  });
  return strings;
}

/** Text in one or several formats; readings above Japanese characters are left out. */
export function richText(item: XmlElement): string {
  const parts = childElements(item).map((child) => {
    if (child.name === "t") return textOf(child);
    return child.name === "r" ? childElements(child, "t").map(textOf).join("") : "";
  });
  return unescaped(parts.join(""));
}

/** Characters that XML cannot hold are written as "_x000D_". */
export function unescaped(text: string): string {
  return text.includes("_x")
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
}
