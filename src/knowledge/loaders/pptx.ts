import type { Loader } from "./loader.ts";
import { OfficePackage } from "./office-package.ts";
import { officeTitle } from "./office-properties.ts";
import { mainPart, relationsOf } from "./office-relations.ts";
import { PptxSlide } from "./pptx-slide.ts";
import { SlideWriter } from "./slide-writer.ts";
import { childAt, childElements, readXmlTree, type XmlElement } from "./xml-reader.ts";

const KIND = { name: "presentation", program: "PowerPoint" } as const;

/** PowerPoint presentations (.pptx and its variants): slides in their order, with tables, charts and notes. */
export const pptxLoader: Loader = {
  format: "pptx",
  async load(bytes) {
    const source = new OfficePackage(bytes, KIND);
    const parts = slideParts(source);
    const shown = write(
      source,
      parts,
      (slide) => slide.attributes.get("show") !== "0" && slide.attributes.get("show") !== "false",
    );
    if (!shown.builder.isEmpty) return shown.build(officeTitle(source));
    const all = write(source, parts, () => true);
    if (!all.builder.isEmpty) return all.build(officeTitle(source));
    throw source.noText();
  },
};

function write(
  source: OfficePackage,
  parts: readonly string[],
  isShown: (slide: XmlElement) => boolean,
): SlideWriter {
  const writer = new SlideWriter();
  for (const part of parts) {
    const slide = readXmlTree(source, part);
    if (slide && !isShown(slide)) writer.skipHiddenSlide();
    else if (slide) new PptxSlide(source, writer, part).add(slide);
  }
  return writer;
}

/** In the order of the presentation; where it cannot be read, in the order of their numbers. */
function slideParts(source: OfficePackage): readonly string[] {
  const main = mainPart(source, "ppt/presentation.xml");
  const relations = relationsOf(source, main);
  const list = childAt(readXmlTree(source, main), "sldIdLst");
  const listed = (list ? childElements(list, "sldId") : []).flatMap((entry) => {
    const target = relations.get(entry.attributes.get("r:id") ?? "")?.target;
    return target !== undefined && source.has(target) ? [target] : [];
  });
  if (listed.length > 0) return [...new Set(listed)];
  const found = source.names.filter((name) => /(?:^|\/)slides\/slide\d+\.xml$/i.test(name));
  if (found.length === 0 && !source.has(main)) throw source.damaged("no presentation and no slides");
  return found.sort((a, b) => slideNumber(a) - slideNumber(b));
}

function slideNumber(name: string): number {
  return Number(/(\d+)\.xml$/i.exec(name)?.[1]);
}
