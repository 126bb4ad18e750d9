/**
 * A Markdown tree to DOM nodes, for the widget: elements are made one by one and text is set as text, so there is
 * nothing to sanitise. Works in a shadow root and under a strict content security policy.
 */
import type { Block, Cell, Inline } from "./markdown-ast.ts";

export interface DomOptions {
  /** What stands for `[n]`; undefined: there is no such source, the text stays as it is. */
  readonly citation: (n: number) => HTMLElement | undefined;
}

/** What each block of `host` was made from, to leave alone what has not changed. */
const drawn = new WeakMap<Element, readonly string[]>();

/**
 * Makes `host` show `blocks`. Blocks that are as they were keep their nodes, so a growing answer does not flicker and
 * a selection in it survives.
 *
 * @param version anything that changes what `options.citation` returns; a different one draws the blocks with citations anew
 */
export function updateMarkdown(
  host: Element,
  blocks: readonly Block[],
  options: DomOptions,
  version = "",
): void {
  const before = drawn.get(host) ?? [];
  const now = blocks.map((block) => {
    const text = JSON.stringify(block);
    return text.includes('"citation"') ? version + text : text;
  });
  const elements = Array.from(host.children);
  blocks.forEach((block, index) => {
    const old = elements[index];
    if (old !== undefined && before[index] === now[index]) return;
    const fresh = blockElement(block, options);
    if (old === undefined) host.append(fresh);
    else old.replaceWith(fresh);
  });
  for (const old of elements.slice(blocks.length)) old.remove();
  drawn.set(host, now);
}

function blockElement(block: Block, options: DomOptions): HTMLElement {
  switch (block.type) {
    case "paragraph":
      return filled("p", inlineNodes(block.children, options));
    case "heading":
      return filled("p", [filled("strong", inlineNodes(block.children, options))]);
    case "code":
      return codeElement(block.text);
    case "quote":
      return filled("blockquote", blockNodes(block.children, options));
    case "list":
      return listElement(block, options);
    case "table":
      return tableElement(block.head, block.rows, options);
    case "rule":
      return document.createElement("hr");
  }
}

function blockNodes(blocks: readonly Block[], options: DomOptions): HTMLElement[] {
  return blocks.map((block) => blockElement(block, options));
}

/** Long lines scroll, and what scrolls can be reached with the keyboard. */
function codeElement(text: string): HTMLElement {
  const element = filled("pre", [filled("code", [text])]);
  element.tabIndex = 0;
  return element;
}

function listElement(list: Extract<Block, { type: "list" }>, options: DomOptions): HTMLElement {
  const element = document.createElement(list.ordered ? "ol" : "ul");
  if (element instanceof HTMLOListElement && list.start !== 1) element.start = list.start;
  element.append(...list.items.map((item) => filled("li", blockNodes(item, options))));
  return element;
}

function tableElement(
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  options: DomOptions,
): HTMLElement {
  const cells = (row: readonly Cell[], tag: "th" | "td"): HTMLElement =>
    filled(
      "tr",
      row.map((cell) => filled(tag, inlineNodes(cell, options))),
    );
  const body = rows.map((row) => cells(row, "td"));
  const table = filled("table", [filled("thead", [cells(head, "th")]), filled("tbody", body)]);
  const frame = filled("div", [table]);
  frame.className = "table";
  frame.tabIndex = 0;
  return frame;
}

function inlineNodes(nodes: readonly Inline[], options: DomOptions): (HTMLElement | string)[] {
  const made: (HTMLElement | string)[] = [];
  for (const node of nodes) {
    const last = made.at(-1);
    const next = inlineNode(node, options);
    // "open daily [1]": the number belongs to the word before it and must not begin a line.
    if (node.type === "citation" && typeof next !== "string" && typeof last === "string") {
      made[made.length - 1] = last.trimEnd();
    }
    made.push(next);
  }
  return made;
}

function inlineNode(node: Inline, options: DomOptions): HTMLElement | string {
  switch (node.type) {
    case "text":
      return node.text;
    case "break":
      return document.createElement("br");
    case "code":
      return filled("code", [node.text]);
    case "strong":
      return filled("strong", inlineNodes(node.children, options));
    case "emphasis":
      return filled("em", inlineNodes(node.children, options));
    case "citation":
      return options.citation(node.n) ?? `[${node.n}]`;
    case "link":
      return linkElement(node.href, inlineNodes(node.children, options));
  }
}

function linkElement(href: string, children: readonly (HTMLElement | string)[]): HTMLElement {
  const link = document.createElement("a");
  link.href = href;
  link.rel = "noopener noreferrer nofollow";
  link.target = "_blank";
  link.append(...children);
  return link;
}

function filled(tag: string, children: readonly (HTMLElement | string)[]): HTMLElement {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
}
