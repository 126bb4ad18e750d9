import { meaningfulAltText } from "./alt-text.ts";
import type { OdfStyles } from "./odf-styles.ts";
import { childAt, childElements, textOf, type XmlElement } from "./xml-reader.ts";

/** Remarks of reviewers, deleted text, hidden fields, readings above characters, and what repeats on each page. */
const UNREAD: ReadonlySet<string> = new Set(
  (
    "annotation annotation-end tracked-changes hidden-text hidden-paragraph ruby-text page-number page-count script " +
    "forms sequence-decls variable-decls user-field-decls event-listeners bibliography-configuration binary-data " +
    "title desc glue-point image-map shapes-decls table-of-content alphabetical-index illustration-index table-index " +
    "object-index user-index"
  ).split(" "),
);
/** Things that lie on a page beside the running text. */
const FLOATING: ReadonlySet<string> = new Set(
  "frame custom-shape rect ellipse circle line polyline polygon path connector caption g page-thumbnail control".split(
    " ",
  ),
);
const MOST_SPACES = 100;

/** True for what is no part of the text that readers see. */
export function isUnread(element: XmlElement): boolean {
  return UNREAD.has(element.name);
}

export function isFloating(element: XmlElement): boolean {
  return FLOATING.has(element.name);
}

/**
 * The text of a paragraph in reading order. Frames, shapes and notes in it are handed to `aside`; of a note only its
 * mark stays.
 */
export function inlineText(
  node: XmlElement,
  styles: OdfStyles,
  aside: (element: XmlElement) => void,
): string {
  let text = "";
  for (const child of node.children) {
    if (typeof child === "string") text += child.replace(/[ \t\r\n]+/g, " ");
    else text += elementText(child, styles, aside);
  }
  return text;
}

function elementText(element: XmlElement, styles: OdfStyles, aside: (element: XmlElement) => void): string {
  const { name, attributes } = element;
  if (name === "s") {
    const count = Number.parseInt(attributes.get("c") ?? "", 10) || 1;
    return " ".repeat(Math.min(MOST_SPACES, Math.max(1, count)));
  }
  if (name === "tab") return "\t";
  if (name === "line-break") return "\n";
  if (isFloating(element)) {
    aside(element);
    return " ";
  }
  if (name === "note") {
    aside(element);
    return noteMark(element);
  }
  if (name === "number") return `${textOf(element)} `;
  // Inside a paragraph these two are fields that repeat the properties of the file; elsewhere they describe shapes.
  if (name === "title") return textOf(element);
  if (isUnread(element)) return "";
  if (name === "span" && styles.isHidden("text", attributes.get("style-name"))) return "";
  return inlineText(element, styles, aside);
}

/** "[1]", as it stands in the text and before the note. */
export function noteMark(note: XmlElement): string {
  const citation = textOf(childAt(note, "note-citation")).trim();
  return citation === "" ? "" : `[${citation}]`;
}

/** What a frame or shape shows, when a person described it. */
export function altTextOf(frame: XmlElement): string {
  const described = ["desc", "title"].map((name) =>
    meaningfulAltText(childElements(frame, name).map(textOf).join(" ")),
  );
  return described.find((text) => text !== "") ?? "";
}
