import { Parser } from "htmlparser2";
import { MAX_CHARACTERS } from "./document-builder.ts";
import { LoadError } from "./loader.ts";
import type { OfficePackage } from "./office-package.ts";
import { xmlDecoder } from "./xml-encoding.ts";

/** Local names only: programs choose prefixes as they like, and nothing read here depends on more. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlNode[];
}
export type XmlNode = XmlElement | string;

/**
 * By local name. Only references to other parts of an Office Open XML package keep a prefix ("r:id"), because "id"
 * stands beside them.
 */
export type XmlAttributes = ReadonlyMap<string, string>;

/** What to do with an element: call back for its children, collect it whole for `tree`, or leave it out. */
export type XmlChoice = "enter" | "tree" | "skip";

export interface XmlHandler {
  open(name: string, attributes: XmlAttributes): XmlChoice;
  /** An element that `open` wanted whole. */
  tree?(element: XmlElement): void;
  /** The end of an element that was entered. */
  close?(name: string): void;
}

/** Office programs nest a few dozen levels deep. */
const MAX_DEPTH = 500;
/** In one tree, texts counted. A table of a hundred thousand cells has half as many. */
const MAX_NODES = 1_000_000;
/** In one part. The largest sheets have as many cells, most of them empty. */
const MAX_ELEMENTS = 20_000_000;
const NO_ATTRIBUTES: XmlAttributes = new Map();
const RELATION_NAMESPACE = /\/officeDocument\/(?:\d+\/)?relationships$/;

interface OpenElement {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: XmlNode[];
}

/**
 * Reads a part of a package from front to back without holding it whole. Entities that a document type declares are
 * not expanded and nothing outside the part is opened: they stay as they are written. Broken markup is read as far
 * as it makes sense, as browsers do.
 *
 * @returns false when there is no such part
 * @throws LoadError "too_deep", "too_large_inside", "damaged", "encrypted"
 */
export function readXml(source: OfficePackage, name: string, handler: XmlHandler): boolean {
  const reader = new XmlReader(handler);
  const found = source.stream(name, (chunk) => reader.write(chunk));
  if (found) reader.end();
  return found;
}

/** A small part as a tree: its root element. */
export function readXmlTree(source: OfficePackage, name: string): XmlElement | undefined {
  let root: XmlElement | undefined;
  readXml(source, name, {
    open: () => (root ? "skip" : "tree"),
    tree: (element) => {
      root ??= element;
    },
  });
  return root;
}

class XmlReader {
  readonly #handler: XmlHandler;
  readonly #parser: Parser;
  readonly #relationPrefixes = new Set(["r"]);
  /** Elements of the tree that is being collected, outermost first. */
  readonly #tree: OpenElement[] = [];
  /** Text since the last tag. Entities cut it into single characters, which are joined only once. */
  #pieces: string[] = [];
  #decoder: ((chunk: Uint8Array) => string) | undefined;
  #depth = 0;
  #skipDepth = 0;
  #elements = 0;
  #nodes = 0;
  #characters = 0;

  constructor(handler: XmlHandler) {
    this.#handler = handler;
    this.#parser = new Parser(
      {
        onopentag: (name, attributes) => this.#open(name, attributes),
        onclosetag: (name) => this.#close(name),
        ontext: (text) => this.#text(text),
      },
      { xmlMode: true, decodeEntities: true },
    );
  }

  write(chunk: Uint8Array): void {
    this.#decoder ??= xmlDecoder(chunk);
    this.#parser.write(this.#decoder(chunk));
  }

  end(): void {
    this.#parser.end();
  }

  #open(qualified: string, raw: Readonly<Record<string, string>>): void {
    this.#endText();
    this.#depth++;
    this.#elements++;
    if (this.#depth > MAX_DEPTH) throw tooDeep();
    if (this.#elements > MAX_ELEMENTS) throw tooManyParts();
    if (this.#skipDepth > 0) return;
    const name = localName(qualified);
    const attributes = this.#attributes(raw);
    if (this.#tree.length > 0) {
      this.#push(name, attributes);
      return;
    }
    const choice = this.#handler.open(name, attributes);
    if (choice === "skip") this.#skipDepth = this.#depth;
    else if (choice === "tree") {
      this.#nodes = 0;
      this.#characters = 0;
      this.#push(name, attributes);
    }
  }

  #push(name: string, attributes: XmlAttributes): void {
    this.#countNode();
    const element: OpenElement = { name, attributes, children: [] };
    this.#tree.at(-1)?.children.push(element);
    this.#tree.push(element);
  }

  #close(qualified: string): void {
    this.#endText();
    const depth = this.#depth--;
    if (this.#skipDepth > 0) {
      if (depth === this.#skipDepth) this.#skipDepth = 0;
      return;
    }
    const closed = this.#tree.pop();
    if (!closed) this.#handler.close?.(localName(qualified));
    else if (this.#tree.length === 0) this.#handler.tree?.(closed);
  }

  #text(text: string): void {
    if (this.#tree.length === 0 || this.#skipDepth > 0) return;
    this.#characters += text.length;
    if (this.#characters > MAX_CHARACTERS) throw tooManyParts();
    this.#pieces.push(text);
  }

  #endText(): void {
    if (this.#pieces.length === 0) return;
    this.#countNode();
    this.#tree.at(-1)?.children.push(this.#pieces.join(""));
    this.#pieces = [];
  }

  #countNode(): void {
    this.#nodes++;
    if (this.#nodes > MAX_NODES) throw tooManyParts();
  }

  #attributes(raw: Readonly<Record<string, string>>): XmlAttributes {
    const names = Object.keys(raw);
    if (names.length === 0) return NO_ATTRIBUTES;
    const attributes = new Map<string, string>();
    const prefixed: string[] = [];
    for (const name of names) {
      const value = raw[name] ?? "";
      if (!name.includes(":")) attributes.set(name, value);
      else if (!name.startsWith("xmlns:")) prefixed.push(name);
      else if (RELATION_NAMESPACE.test(value)) this.#relationPrefixes.add(name.slice(6));
    }
    for (const name of prefixed) {
      const prefix = name.slice(0, name.indexOf(":"));
      const local = this.#relationPrefixes.has(prefix) ? `r:${localName(name)}` : localName(name);
      if (!attributes.has(local)) attributes.set(local, raw[name] ?? "");
    }
    return attributes;
  }
}

/** Elements below `root` at any depth, in document order; `root` itself is not among them. */
export function* descendantElements(root: XmlElement): Generator<XmlElement> {
  const open = root.children.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === "string") continue;
    yield node;
    for (let at = node.children.length - 1; at >= 0; at--) {
      const child = node.children[at];
      if (child !== undefined) open.push(child);
    }
  }
}

export function childElements(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== "string" && (name === undefined || child.name === name),
  );
}

/** The first element along a path of children. */
export function childAt(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found && childElements(found, name)[0];
  return found;
}

/** All text below an element. */
export function textOf(element: XmlElement | undefined): string {
  if (!element) return "";
  return element.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(":") + 1);
}

function tooDeep(): LoadError {
  return new LoadError(
    "too_deep",
    "The parts of this file are nested too deeply to be read. Save the text as a new document and upload that.",
  );
}

function tooManyParts(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This file holds more parts than can be read at once. Split it into several smaller files and upload those.",
  );
}
