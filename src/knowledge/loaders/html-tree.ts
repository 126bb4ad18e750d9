import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parse } from "parse5";
import { LoadError } from "./loader.ts";

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode;

/**
 * Browsers stop nesting at 512. Deeper trees make the parser quadratic (it looks for open paragraphs up the whole
 * stack), so parsing is given up rather than waited for.
 */
export const MAX_DEPTH = 1_000;

/** @throws LoadError "too_deep" */
export function parseHtml(source: string): HtmlParent {
  let depth = 0;
  return parse(source, {
    scriptingEnabled: false,
    treeAdapter: {
      ...defaultTreeAdapter,
      onItemPush: () => {
        depth++;
        if (depth > MAX_DEPTH) throw tooDeep();
      },
      onItemPop: () => {
        depth--;
      },
    },
  });
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return "tagName" in node;
}

export function isText(node: HtmlNode): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === "#text";
}

/** "" when the attribute is missing or empty. */
export function attribute(element: HtmlElement, name: string): string {
  return element.attrs.find((candidate) => candidate.name === name)?.value ?? "";
}

export function hasAttribute(element: HtmlElement, name: string): boolean {
  return element.attrs.some((candidate) => candidate.name === name);
}

/** All text of a node in its order, white space as it stands; a line break for `<br>`. */
export function textOf(node: HtmlNode): string {
  if (isText(node)) return node.value;
  if (!isElement(node)) return "";
  return node.tagName === "br" ? "\n" : node.childNodes.map(textOf).join("");
}

/** Elements below `root` in document order. The contents of `<template>` are not part of a page. */
export function* descendants(root: HtmlParent): Generator<HtmlElement> {
  const open: HtmlNode[] = root.childNodes.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isElement(node)) continue;
    yield node;
    for (let at = node.childNodes.length - 1; at >= 0; at--) {
      const child = node.childNodes[at];
      if (child) open.push(child);
    }
  }
}

function tooDeep(): LoadError {
  return new LoadError(
    "too_deep",
    "The parts of this file are nested too deeply to be read. Save the text as a Word document or PDF and upload that.",
  );
}
