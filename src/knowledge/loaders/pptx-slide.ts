import { meaningfulAltText } from "./alt-text.ts";
import { addDrawingChart } from "./drawing-chart.ts";
import { addDrawingTable, addDrawingText, contentOf, drawingText, isOn } from "./drawing-text.ts";
import type { OfficePackage } from "./office-package.ts";
import { type OfficeRelation, relationsOf } from "./office-relations.ts";
import type { SlideWriter } from "./slide-writer.ts";
import { childAt, childElements, descendantElements, readXmlTree, type XmlElement } from "./xml-reader.ts";

/** Placeholders that repeat on every slide or hold a picture of it. */
const UNREAD_PLACEHOLDER = /^(?:dt|ftr|hdr|sldNum|sldImg)$/;
const CONTENT_PLACEHOLDER = /^(?:body|obj)?$/;

/**
 * Reads one slide: its title as heading, then its shapes in the order in which a screen reader says them, then the
 * speaker's notes.
 */
export class PptxSlide {
  readonly #source: OfficePackage;
  readonly #writer: SlideWriter;
  readonly #relations: ReadonlyMap<string, OfficeRelation>;

  constructor(source: OfficePackage, writer: SlideWriter, part: string) {
    this.#source = source;
    this.#writer = writer;
    this.#relations = relationsOf(source, part);
  }

  add(slide: XmlElement): void {
    const shapes = shapesOf(slide);
    const title = findTitle(shapes);
    this.#writer.startSlide(title ? drawingText(childAt(title, "txBody")).replace(/\s+/g, " ") : "");
    this.#addShapes(shapes.filter((shape) => shape !== title));
    for (const relation of this.#relations.values())
      if (relation.type === "notesSlide") this.#addNotes(relation.target);
  }

  #addShapes(shapes: readonly XmlElement[]): void {
    for (const shape of shapes) {
      if (isOn(propertiesOf(shape)?.attributes.get("hidden"))) continue;
      if (shape.name === "sp") this.#addText(shape);
      else if (shape.name === "grpSp") this.#addShapes(contentOf(shape));
      else if (shape.name === "pic") this.#addAltText(shape);
      else if (shape.name === "graphicFrame") this.#addFrame(shape);
    }
  }

  #addText(shape: XmlElement): void {
    const placeholder = placeholderOf(shape);
    if (placeholder !== undefined && UNREAD_PLACEHOLDER.test(placeholder)) return;
    const bullets = placeholder !== undefined && CONTENT_PLACEHOLDER.test(placeholder);
    addDrawingText(this.#writer.builder, childAt(shape, "txBody"), bullets, this.#writer.place);
  }

  #addAltText(shape: XmlElement): void {
    const text = meaningfulAltText(propertiesOf(shape)?.attributes.get("descr") ?? "");
    if (text !== "") this.#writer.builder.add("paragraph", text, this.#writer.place);
  }

  #addFrame(frame: XmlElement): void {
    const { builder, place } = this.#writer;
    this.#addAltText(frame);
    const data = childAt(frame, "graphic", "graphicData");
    for (const content of data ? contentOf(data) : []) {
      if (content.name === "tbl") addDrawingTable(builder, content, place);
      else if (content.name === "relIds") this.#addDiagram(content.attributes.get("r:dm"));
      else if (content.name === "chart") {
        const chart = this.#part(content.attributes.get("r:id"));
        if (chart) addDrawingChart(builder, chart, place);
      }
    }
  }

  /** SmartArt keeps its texts apart from the shapes that show them. */
  #addDiagram(id: string | undefined): void {
    const data = this.#part(id);
    for (const point of data ? descendantElements(data) : []) {
      if (point.name !== "pt" || /^(?:pres|parTrans|sibTrans)$/.test(point.attributes.get("type") ?? ""))
        continue;
      addDrawingText(this.#writer.builder, childAt(point, "t"), true, this.#writer.place);
    }
  }

  #addNotes(part: string): void {
    const notes = readXmlTree(this.#source, part);
    for (const shape of notes ? shapesOf(notes) : []) {
      if (shape.name === "sp" && placeholderOf(shape) === "body")
        addDrawingText(this.#writer.builder, childAt(shape, "txBody"), false, this.#writer.place);
    }
  }

  #part(id: string | undefined): XmlElement | undefined {
    const relation = id === undefined ? undefined : this.#relations.get(id);
    return relation && readXmlTree(this.#source, relation.target);
  }
}

function shapesOf(slide: XmlElement): XmlElement[] {
  const tree = childAt(slide, "cSld", "spTree");
  return tree ? contentOf(tree) : [];
}

function findTitle(shapes: readonly XmlElement[]): XmlElement | undefined {
  return shapes.find(
    (shape) =>
      shape.name === "sp" &&
      /^(?:title|ctrTitle)$/.test(placeholderOf(shape) ?? "") &&
      drawingText(childAt(shape, "txBody")) !== "",
  );
}

/** undefined when the shape is no placeholder, "" for a general one. */
function placeholderOf(shape: XmlElement): string | undefined {
  const placeholder = childAt(nonVisual(shape), "nvPr", "ph");
  return placeholder && (placeholder.attributes.get("type") ?? "");
}

function propertiesOf(shape: XmlElement): XmlElement | undefined {
  return childAt(nonVisual(shape), "cNvPr");
}

/** nvSpPr, nvPicPr, nvGrpSpPr, nvGraphicFramePr */
function nonVisual(shape: XmlElement): XmlElement | undefined {
  return childElements(shape).find(({ name }) => /^nv\w+Pr$/.test(name));
}
