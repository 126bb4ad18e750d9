import {
  type DataMember,
  type DataObject,
  type DataValue,
  isList,
  isText,
  looksHtml,
} from "./data-values.ts";
import { childElements, textOf, type XmlElement } from "./xml-tree.ts";

/** What attributes add to a text ("currency") is said behind it, unless there are many of them. */
const MAX_REMARKS = 3;

/** An element as data: its text, or an object of its attributes and children by their names. */
export function dataOf(element: XmlElement): DataValue {
  const children = childElements(element);
  if (children.length === 0) return leafOf(element);
  const grouped = new Map<string, DataValue[]>();
  for (const child of children) {
    const group = grouped.get(child.name);
    if (group) group.push(dataOf(child));
    else grouped.set(child.name, [dataOf(child)]);
  }
  const members = [...grouped].map(([name, values]): DataMember => {
    const [only] = values;
    return [name, values.length === 1 && only !== undefined ? only : values];
  });
  const [first] = members;
  // The elements of a list stand in an element of their own: <tags><tag/><tag/></tags>.
  if (members.length === 1 && first && isList(first[1]) && element.attributes.length === 0) return first[1];
  return { members: [...element.attributes, ...members] };
}

/** The content of a file below the elements that only wrap it. */
export function contentOf(root: XmlElement): DataValue {
  let value = dataOf(root);
  for (;;) {
    if (isText(value) || isList(value)) return value;
    const rest = withoutVersion(value);
    const [only, ...more] = rest.members;
    if (!only || more.length > 0 || isText(only[1])) return rest;
    value = only[1];
  }
}

function withoutVersion(object: DataObject): DataObject {
  return { members: object.members.filter(([name]) => !/^(?:version|schemaLocation)$/i.test(name)) };
}

function leafOf(element: XmlElement): DataValue {
  const raw = textOf(element);
  const text = looksHtml(raw) || /\n\s*\n/.test(raw) ? raw : raw.replace(/\s+/g, " ").trim();
  const { attributes } = element;
  if (text === "") return attributes.length === 0 ? "" : { members: attributes };
  if (attributes.length === 0 || attributes.length > MAX_REMARKS || looksHtml(text)) return text;
  return `${text} (${attributes.map(([name, value]) => `${name}: ${value}`).join(", ")})`;
}
