/** An answer without its marks, to be read out or copied. */
import { type Block, type Inline, parseMarkdown } from "../shared/markdown.ts";

export function plainText(text: string): string {
  return blocksText(parseMarkdown(text, { allowedHosts: "any" }));
}

function blocksText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join("\n");
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return inlineText(block.children);
    case "code":
      return block.text;
    case "quote":
      return blocksText(block.children);
    case "list":
      return block.items
        .map((item, index) => `${block.ordered ? `${block.start + index}.` : "-"} ${blocksText(item)}`)
        .join("\n");
    case "table":
      return [block.head, ...block.rows].map((row) => row.map(inlineText).join(", ")).join("\n");
    case "rule":
      return "";
  }
}

function inlineText(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text" || node.type === "code") return node.text;
      if (node.type === "citation") return "";
      return node.type === "break" ? "\n" : inlineText(node.children);
    })
    .join("")
    .replace(/ ([.,;:])/g, "$1")
    .trimEnd();
}
