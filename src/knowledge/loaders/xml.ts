import { decodeText } from "./charset.ts";
import { nameOf } from "./data-article.ts";
import { DataBlocks } from "./data-blocks.ts";
import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type Loader } from "./loader.ts";
import { contentOf } from "./xml-data.ts";
import { holdsProse, XmlProse } from "./xml-prose.ts";
import { parseXml, type XmlElement } from "./xml-tree.ts";

/** XML of any vocabulary: articles and books as text, data as records. */
export const xmlLoader: Loader = {
  format: "xml",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded) {
      throw new LoadError(
        "damaged",
        "This XML file contains no readable text. Save it as UTF-8 and upload it again.",
      );
    }
    const builder = new DocumentBuilder();
    const title = addContent(builder, parseXml(decoded.text.replaceAll("\0", "")));
    if (!builder.isEmpty) return builder.build({ title });
    throw new LoadError("no_text", "This XML file holds no text.");
  },
};

/** @returns the title, false when it has none */
function addContent(builder: DocumentBuilder, root: XmlElement): string | false | undefined {
  if (holdsProse(root)) {
    new XmlProse(builder).addChildren(root, 1);
    // The first heading is the title.
    return undefined;
  }
  const content = contentOf(root);
  new DataBlocks(builder).add(content);
  return nameOf(content);
}
