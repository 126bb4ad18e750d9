import { meaningfulTitle } from "./metadata-title.ts";
import { encrypted, type OfficeKind, OfficePackage } from "./office-package.ts";
import { childAt, readXml, readXmlTree, textOf } from "./xml-reader.ts";

/**
 * Opens an OpenDocument file. Its parts are encrypted one by one, or all together in one.
 *
 * @throws LoadError "damaged", "encrypted", "too_large_inside"
 */
export function openOdf(bytes: Uint8Array, kind: OfficeKind): OfficePackage {
  const source = new OfficePackage(bytes, kind);
  let isEncrypted = source.has("encrypted-package");
  readXml(source, "META-INF/manifest.xml", {
    open: (name) => {
      if (name === "encryption-data") isEncrypted = true;
      return name === "manifest" || name === "file-entry" ? "enter" : "skip";
    },
  });
  if (isEncrypted) throw encrypted(kind);
  if (!source.has("content.xml")) throw source.damaged("no content");
  return source;
}

/** The title that a person gave the document in its properties. */
export function odfTitle(source: OfficePackage): string | undefined {
  const title = childAt(readXmlTree(source, "meta.xml"), "meta", "title");
  return meaningfulTitle(textOf(title).slice(0, 500));
}
