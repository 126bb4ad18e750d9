import { CellFormats } from "./cell-format.ts";
import type { BlockPlace, DocumentBuilder } from "./document-builder.ts";
import { drawingText } from "./drawing-text.ts";
import { addTable } from "./table.ts";
import { childAt, childElements, descendantElements, textOf, type XmlElement } from "./xml-reader.ts";

/** A chart as the table behind it: its title, then one row for each category with the value of each series. */
export function addDrawingChart(builder: DocumentBuilder, chart: XmlElement, place: BlockPlace = {}): void {
  const title = drawingText(childAt(chart, "chart", "title", "tx", "rich"));
  if (title !== "") builder.add("paragraph", title, place);
  const series = [...descendantElements(chart)].filter(({ name }) => name === "ser");
  const names = series.map((one) => textsOf(childAt(one, "tx")).get(0) ?? "");
  const values = series.map((one) => textsOf(childAt(one, "val") ?? childAt(one, "yVal")));
  const categories = series.map((one) => textsOf(childAt(one, "cat") ?? childAt(one, "xVal")));
  const indexes = [...new Set(values.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  const rows = indexes.map((index) => [
    categories.find((one) => one.has(index))?.get(index) ?? "",
    ...values.map((one) => one.get(index) ?? ""),
  ]);
  addTable(builder, [["", ...names], ...rows], "yes", place);
}

/** The values that the program last showed, by their place. */
function textsOf(reference: XmlElement | undefined): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  if (!reference) return texts;
  const formats = new CellFormats(false);
  const points = [...descendantElements(reference)];
  const pattern = textOf(points.find(({ name }) => name === "formatCode")) || "General";
  const numeric = points.some(({ name }) => name === "numCache" || name === "numLit");
  for (const point of points.filter(({ name }) => name === "pt")) {
    const raw = textOf(childElements(point, "v")[0]).trim();
    texts.set(Number(point.attributes.get("idx")), numeric ? formats.number(raw, pattern) : raw);
  }
  if (texts.size === 0) {
    const direct = textOf(childAt(reference, "v")).trim();
    if (direct !== "") texts.set(0, direct);
  }
  return texts;
}
