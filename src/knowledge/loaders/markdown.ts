import { decodeText } from "./charset.ts";
import { loadHtmlFragment } from "./html.ts";
import { LoadError, type Loader } from "./loader.ts";
import { withoutComponents } from "./markdown-components.ts";
import { splitFrontMatter } from "./markdown-front-matter.ts";

/**
 * Markdown (CommonMark with tables, task lists and strikethrough), also with the components of documentation sites
 * (MDX). The runtime's own parser makes HTML of it, so inline markup and raw HTML are read like a web page.
 */
export const markdownLoader: Loader = {
  format: "markdown",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded)
      throw new LoadError(
        "damaged",
        "This Markdown file contains no readable text. Save it again and upload it.",
      );
    const { title, body } = splitFrontMatter(decoded.text.replace(/\r\n?/g, "\n").replaceAll("\0", ""));
    const components = withoutComponents(body);
    const html = Bun.markdown.html(components.text, {
      tables: true,
      strikethrough: true,
      tasklists: true,
      permissiveAtxHeaders: true,
      // Text inside components is indented for looks; it must not become code.
      noIndentedCodeBlocks: components.found,
    });
    const document = loadHtmlFragment(html, title);
    if (document.blocks.length > 0) return document;
    throw new LoadError("no_text", "This Markdown file holds no text.");
  },
};
