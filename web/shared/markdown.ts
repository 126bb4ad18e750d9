/**
 * The one renderer of what a model wrote, for the widget and the dashboard: restricted Markdown to a tree of plain
 * objects. Never HTML, never an image, links only to known hosts.
 *
 * It reads line by line and character by character with bounded nesting, so the time is linear in the length of the
 * text, whatever the text is.
 *
 * @example parseMarkdown("Open **daily** [1]", { allowedHosts: ["shop.example"] })
 */
import type { Block, MarkdownOptions } from "./markdown-ast.ts";
import { parseBlocks } from "./markdown-blocks.ts";
import { normaliseHosts } from "./markdown-links.ts";

export type { Block, Cell, Inline, MarkdownOptions, Node } from "./markdown-ast.ts";
export { hostOf, sourceHref } from "./markdown-links.ts";

export function parseMarkdown(text: string, options: MarkdownOptions): readonly Block[] {
  const partial = options.partial === true;
  const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\t", "    ").split("\n");
  if (partial) holdBackMarks(lines);
  const hosts = options.allowedHosts === "any" ? undefined : normaliseHosts(options.allowedHosts);
  return parseBlocks(lines, { hosts, partial, depth: 0, growing: partial });
}

/** Removes a last line that is only the beginning of a mark ("##", "-", "1."): it would be shown as itself first. */
function holdBackMarks(lines: string[]): void {
  const last = lines.at(-1)?.trim() ?? "";
  if (last !== "" && last.length <= 4 && /^([#>*+_~`|-]+|\d+[.)]?)$/.test(last)) lines.pop();
}
