import { DocumentBuilder } from "./document-builder.ts";
import type { Loader } from "./loader.ts";
import { isHiddenSection, OdfBlocks } from "./odf-blocks.ts";
import { odfTitle, openOdf } from "./odf-package.ts";
import { OdfStyles } from "./odf-styles.ts";
import { readXml } from "./xml-reader.ts";

/** OpenDocument texts (.odt): headings, lists, tables, notes and text boxes. */
export const odtLoader: Loader = {
  format: "odt",
  async load(bytes) {
    const source = openOdf(bytes, { name: "OpenDocument text", program: "LibreOffice" });
    const styles = new OdfStyles(source);
    const builder = new DocumentBuilder();
    const blocks = new OdfBlocks(builder, styles);
    readXml(source, "content.xml", {
      open: (name, attributes) => {
        if (/^(?:document-content|body|text)$/.test(name)) return "enter";
        // A whole book may stand in one section.
        if (name === "section") return isHiddenSection(attributes) ? "skip" : "enter";
        return name === "font-face-decls" || name === "scripts" ? "skip" : "tree";
      },
      tree: (element) => {
        if (element.name === "automatic-styles") styles.add(element);
        else blocks.add(element);
      },
    });
    if (builder.isEmpty) throw source.noText();
    return builder.build({ title: odfTitle(source) });
  },
};
