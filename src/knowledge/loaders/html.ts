import { decodeText } from "./charset.ts";
import { DocumentBuilder } from "./document-builder.ts";
import { HtmlBlocks } from "./html-blocks.ts";
import { TextMeasures } from "./html-text-measures.ts";
import { attribute, descendants, type HtmlElement, type HtmlParent, isText, parseHtml } from "./html-tree.ts";
import { Visibility } from "./html-visibility.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import { normaliseLine } from "./text-normal.ts";

/** `<main>` is believed when it holds at least this share of the text outside menus, else it is some widget. */
const LEAST_MAIN_SHARE = 0.3;

/** Web pages: the content without menus, banners and forms; everything if that leaves nothing. */
export const htmlLoader: Loader = {
  format: "html",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded)
      throw new LoadError("damaged", "This web page contains no readable text. Save it again and upload it.");
    return loadHtmlPage(decoded.text);
  },
};

/** @throws LoadError "no_text", "too_deep" */
function loadHtmlPage(source: string): LoadedDocument {
  const page = parseHtml(source);
  const measures = new TextMeasures(page);
  const title = pageTitle(page);
  const document = firstWithText([
    () => mainContent(page, measures, title),
    () => build(page, page, measures, title, false),
    () => build(page, page, measures, title, true),
  ]);
  if (document) return document;
  throw new LoadError(
    "no_text",
    "This web page holds no text. If its text appears only in a browser, print the page to a PDF and upload that.",
  );
}

/** Blocks of markup that is all content, as Markdown and Word give it: nothing is taken for a menu. */
export function loadHtmlFragment(source: string, title?: string): LoadedDocument {
  const page = parseHtml(source);
  const measures = new TextMeasures(page);
  return build(page, page, measures, title, true);
}

function mainContent(
  page: HtmlParent,
  measures: TextMeasures,
  title: string | undefined,
): LoadedDocument | undefined {
  const main = findMain(page);
  if (!main) return undefined;
  const content = build(page, main, measures, title, false);
  const whole = build(page, page, measures, title, false);
  return content.text.length >= whole.text.length * LEAST_MAIN_SHARE ? content : undefined;
}

function findMain(page: HtmlParent): HtmlElement | undefined {
  for (const element of descendants(page)) {
    if (element.tagName === "main" || attribute(element, "role") === "main") return element;
  }
  return undefined;
}

function build(
  page: HtmlParent,
  root: HtmlParent,
  measures: TextMeasures,
  title: string | undefined,
  keepAll: boolean,
): LoadedDocument {
  const builder = new DocumentBuilder();
  new HtmlBlocks(builder, new Visibility(page, measures, keepAll)).addAll(root);
  return builder.build({ title });
}

function firstWithText(attempts: readonly (() => LoadedDocument | undefined)[]): LoadedDocument | undefined {
  for (const attempt of attempts) {
    const document = attempt();
    if (document && document.blocks.length > 0) return document;
  }
  return undefined;
}

function pageTitle(page: HtmlParent): string | undefined {
  for (const element of descendants(page)) {
    if (element.tagName === "title" && element.namespaceURI.endsWith("xhtml")) {
      return normaliseLine(element.childNodes.map((node) => (isText(node) ? node.value : "")).join(""));
    }
  }
  return undefined;
}
