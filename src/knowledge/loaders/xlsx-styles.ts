import { patternOf } from "./cell-format.ts";
import { isOn } from "./drawing-text.ts";
import type { OfficePackage } from "./office-package.ts";
import { childAt, childElements, readXmlTree, type XmlElement } from "./xml-reader.ts";

/** How the cells of one style look, as far as it tells what they mean. */
export interface CellStyle {
  readonly pattern: string;
  readonly bold: boolean;
}

/** The styles of a workbook by the numbers that cells give. A file without styles has none. */
export function readCellStyles(source: OfficePackage, part: string): readonly CellStyle[] {
  const root = readXmlTree(source, part);
  const patterns = new Map<number, string>();
  for (const { attributes } of listed(root, "numFmts"))
    patterns.set(Number(attributes.get("numFmtId")), attributes.get("formatCode") ?? "");
  const bold = listed(root, "fonts").map((font) => isBold(childAt(font, "b")));
  return listed(root, "cellXfs").map(({ attributes }) => ({
    pattern: patternOf(Number(attributes.get("numFmtId") ?? 0), patterns),
    bold: bold[Number(attributes.get("fontId") ?? 0)] ?? false,
  }));
}

function listed(root: XmlElement | undefined, name: string): XmlElement[] {
  const list = childAt(root, name);
  return list ? childElements(list) : [];
}

function isBold(mark: XmlElement | undefined): boolean {
  const value = mark?.attributes.get("val");
  return mark !== undefined && (value === undefined || isOn(value));
}
