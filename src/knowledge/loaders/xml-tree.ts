import { decodeHTML } from "entities";
import { Parser } from "htmlparser2";
import { LoadError } from "./loader.ts";

export interface XmlElement {
  /** Local name, without its prefix. */
  readonly name: string;
  /** Without namespaces and what is about the file alone (xml:*, xsi:*). */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlNode[];
}
export type XmlNode = XmlElement | string;

const MAX_DEPTH = 200;
const MAX_NODES = 2_000_000;
const MAX_ATTRIBUTES = 1_000;
const ABOUT_THE_FILE = /^(?:xmlns(?:$|:)|xml:|xsi:)/i;
const NAMED_ENTITY = /&[A-Za-z][A-Za-z0-9]{1,30};/g;

interface OpenElement extends XmlElement {
  readonly children: XmlNode[];
}

/**
 * Reads XML into a tree whose root has no name. Entities that a document type declares are not expanded and nothing
 * outside the text is opened; those that every web page knows (&nbsp;) are read although XML does not know them.
 * Broken markup is read as far as it makes sense.
 *
 * @throws LoadError "too_deep", "too_large_inside"
 */
export function parseXml(source: string): XmlElement {
  const root: OpenElement = { name: "", attributes: [], children: [] };
  const open: OpenElement[] = [root];
  let nodes = 0;
  let verbatim = false;
  const count = (): void => {
    if (++nodes > MAX_NODES) throw tooManyParts();
  };
  const parser = new Parser(
    {
      onopentag: (qualified, attributes) => {
        count();
        if (open.length > MAX_DEPTH) throw tooDeep();
        const element: OpenElement = {
          name: localName(qualified),
          attributes: read(attributes),
          children: [],
        };
        open.at(-1)?.children.push(element);
        open.push(element);
      },
      onclosetag: () => {
        if (open.length > 1) open.pop();
      },
      ontext: (raw) => {
        const text = verbatim ? raw : raw.replace(NAMED_ENTITY, (entity) => decodeHTML(entity));
        const children = open.at(-1)?.children;
        const previous = children?.at(-1);
        if (children && typeof previous === "string") children[children.length - 1] = previous + text;
        else {
          count();
          children?.push(text);
        }
      },
      oncdatastart: () => {
        verbatim = true;
      },
      oncdataend: () => {
        verbatim = false;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(source);
  parser.end();
  return root;
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== "string";
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter(isElement);
}

/** All text below an element. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (isElement(child) ? textOf(child) : child)).join("");
}

/** Text stands in it directly, not only in elements below it. */
export function hasOwnText(element: XmlElement): boolean {
  return element.children.some((child) => !isElement(child) && child.trim() !== "");
}

function read(attributes: Readonly<Record<string, string>>): XmlElement["attributes"] {
  return Object.entries(attributes)
    .slice(0, MAX_ATTRIBUTES)
    .filter(([name]) => !ABOUT_THE_FILE.test(name))
    .map(([name, value]) => [localName(name), value]);
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(":") + 1);
}

function tooDeep(): LoadError {
  return new LoadError(
    "too_deep",
    "The elements of this XML file are nested too deeply to be read. Save the text you need as a plain text file.",
  );
}

function tooManyParts(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This XML file holds more elements than can be read at once. Split it into several smaller files and upload those.",
  );
}
