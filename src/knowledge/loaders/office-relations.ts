import { type OfficePackage, resolvePart } from "./office-package.ts";
import { childElements, readXmlTree } from "./xml-reader.ts";

/** A reference from one part of an Office Open XML package to another. */
export interface OfficeRelation {
  /** The last word of the type ("slide", "worksheet"): transitional and strict files differ only before it. */
  readonly type: string;
  /** Name of the part it leads to. */
  readonly target: string;
}

/** The references of a part, by their ids; "" stands for the package itself. References to the outside are left out. */
export function relationsOf(source: OfficePackage, part: string): ReadonlyMap<string, OfficeRelation> {
  const relations = new Map<string, OfficeRelation>();
  const root = readXmlTree(source, part.replace(/([^/]*)$/, "_rels/$1.rels"));
  for (const element of root ? childElements(root, "Relationship") : []) {
    const { attributes } = element;
    const id = attributes.get("Id");
    const target = attributes.get("Target");
    if (id === undefined || target === undefined || /^external$/i.test(attributes.get("TargetMode") ?? ""))
      continue;
    const type = (attributes.get("Type") ?? "").replace(/^.*\//s, "");
    relations.set(id, { type, target: resolvePart(part, target) });
  }
  return relations;
}

/** Where the document of a package stands: where its relations say, else under its usual name. */
export function mainPart(source: OfficePackage, usual: string): string {
  for (const relation of relationsOf(source, "").values()) {
    if (relation.type === "officeDocument" && source.has(relation.target)) return relation.target;
  }
  return usual;
}
