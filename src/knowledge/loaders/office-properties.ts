import { meaningfulTitle } from "./metadata-title.ts";
import type { OfficePackage } from "./office-package.ts";
import { relationsOf } from "./office-relations.ts";
import { childAt, readXmlTree, textOf } from "./xml-reader.ts";

/** The title that a person gave an Office Open XML file in its properties. */
export function officeTitle(source: OfficePackage): string | undefined {
  const properties = [...relationsOf(source, "").values()].find(({ type }) => type === "core-properties");
  const root = readXmlTree(source, properties?.target ?? "docProps/core.xml");
  return meaningfulTitle(textOf(childAt(root, "title")).slice(0, 500));
}
