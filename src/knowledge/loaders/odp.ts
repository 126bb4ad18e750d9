import type { Loader } from "./loader.ts";
import { cellText, OdfBlocks } from "./odf-blocks.ts";
import { odfTitle, openOdf } from "./odf-package.ts";
import { OdfStyles } from "./odf-styles.ts";
import type { OfficePackage } from "./office-package.ts";
import { SlideWriter } from "./slide-writer.ts";
import { childElements, readXml, type XmlElement } from "./xml-reader.ts";

/** OpenDocument presentations (.odp): slides in their order, with tables and notes. */
export const odpLoader: Loader = {
  format: "odp",
  async load(bytes) {
    const source = openOdf(bytes, { name: "OpenDocument presentation", program: "LibreOffice" });
    const styles = new OdfStyles(source);
    const shown = write(source, styles, false);
    if (!shown.builder.isEmpty) return shown.build(odfTitle(source));
    const all = write(source, styles, true);
    if (!all.builder.isEmpty) return all.build(odfTitle(source));
    throw source.noText();
  },
};

function write(source: OfficePackage, styles: OdfStyles, withHidden: boolean): SlideWriter {
  const writer = new SlideWriter();
  const blocks = new OdfBlocks(writer.builder, styles, () => writer.place);
  readXml(source, "content.xml", {
    open: (name) => {
      if (/^(?:document-content|body|presentation)$/.test(name)) return "enter";
      return name === "automatic-styles" || name === "page" ? "tree" : "skip";
    },
    tree: (element) => {
      if (element.name === "automatic-styles") styles.add(element);
      else if (!withHidden && styles.isHidden("drawing-page", element.attributes.get("style-name")))
        writer.skipHiddenSlide();
      else addSlide(writer, blocks, styles, element);
    },
  });
  return writer;
}

function addSlide(writer: SlideWriter, blocks: OdfBlocks, styles: OdfStyles, page: XmlElement): void {
  const shapes = childElements(page);
  const title = shapes.find(
    (shape) => shape.attributes.get("class") === "title" && cellText(shape, styles) !== "",
  );
  writer.startSlide(title ? cellText(title, styles).replace(/\s+/g, " ") : "");
  for (const shape of shapes) if (shape !== title && shape.name !== "notes") blocks.add(shape);
  for (const notes of childElements(page, "notes"))
    for (const frame of childElements(notes, "frame"))
      if (frame.attributes.get("class") === "notes") blocks.add(frame);
}
