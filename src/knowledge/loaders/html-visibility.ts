import type { TextMeasures } from "./html-text-measures.ts";
import { attribute, descendants, type HtmlElement, type HtmlParent, hasAttribute } from "./html-tree.ts";

/** Elements that never hold text for readers. */
const NEVER_TEXT: ReadonlySet<string> = new Set(
  (
    "script style noscript template iframe object embed svg math canvas audio video head link meta input select " +
    "option datalist textarea progress meter dialog frameset"
  ).split(" "),
);
const CHROME_ROLES: ReadonlySet<string> = new Set(
  "navigation banner contentinfo complementary search menu menubar toolbar dialog alertdialog".split(" "),
);
/** Class names and ids of what surrounds the content on any page. */
const CHROME_NAMES =
  /^(?:(?:site|page|global)[-_]?footer|footer|skip[-_]?link|cookie[-_]?(?:banner|bar|consent|notice)|share[-_]?(?:buttons?|bar|links)|social[-_]?(?:links|share|icons))$/i;
/** Names that menus have, and sometimes also a restaurant's menu: chrome only when most of the text is links. */
const MENU_NAMES =
  /^(?:(?:site|page|global|main|top|primary|secondary)[-_]?)?(?:nav|navbar|navigation|menu|sidebar|breadcrumbs?|pagination)$/i;

/** Decides which elements of one page a reader would read. */
export class Visibility {
  readonly #revealable: ReadonlySet<string>;

  /** @param keepAll show everything but scripts and the like: for pages that hold nothing else. */
  constructor(
    root: HtmlParent,
    readonly measures: TextMeasures,
    readonly keepAll: boolean,
  ) {
    this.#revealable = keepAll ? new Set() : revealableIds(root);
  }

  shows(element: HtmlElement, insideContent: boolean): boolean {
    if (NEVER_TEXT.has(element.tagName)) return false;
    if (this.keepAll) return true;
    if (this.#isHidden(element)) return false;
    if (element.tagName === "button" || element.tagName === "label") return isDisclosure(element);
    if (element.tagName === "header") return insideContent || containsHeading(element);
    if (element.tagName === "aside") return insideContent && !this.#isMostlyLinks(element);
    return !this.#isChrome(element) && !this.#isLinkCluster(element);
  }

  #isChrome(element: HtmlElement): boolean {
    const { tagName } = element;
    if (tagName === "nav" || tagName === "footer" || CHROME_ROLES.has(attribute(element, "role")))
      return true;
    if (tagName === "body" || tagName === "main" || tagName === "article") return false;
    const names = `${attribute(element, "class")} ${attribute(element, "id")}`.split(/\s+/);
    if (names.some((name) => CHROME_NAMES.test(name))) return true;
    return names.some((name) => MENU_NAMES.test(name)) && this.#isMostlyLinks(element);
  }

  #isMostlyLinks(element: HtmlElement): boolean {
    const { characters, linkedCharacters } = this.measures.of(element);
    return linkedCharacters > characters / 2;
  }

  /** A list or table that is nothing but short links is a menu, whatever it is called. */
  #isLinkCluster(element: HtmlElement): boolean {
    if (!/^(?:ul|ol|table|tr|p)$/.test(element.tagName)) return false;
    const { characters, links, linkedCharacters } = this.measures.of(element);
    return links >= 3 && linkedCharacters >= characters * 0.9 && linkedCharacters / links < 30;
  }

  #isHidden(element: HtmlElement): boolean {
    if (this.#revealable.has(attribute(element, "id"))) return false;
    const style = attribute(element, "style").replace(/\s/g, "").toLowerCase();
    return (
      hasAttribute(element, "hidden") ||
      attribute(element, "aria-hidden") === "true" ||
      style.includes("display:none") ||
      style.includes("visibility:hidden")
    );
  }
}

/** Panels of accordions and tabs are hidden until someone opens them: often they are the answers of an FAQ. */
function revealableIds(root: HtmlParent): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const element of descendants(root)) {
    if (!isDisclosure(element)) continue;
    for (const id of attribute(element, "aria-controls").split(/\s+/)) if (id !== "") ids.add(id);
  }
  return ids;
}

function isDisclosure(element: HtmlElement): boolean {
  if (hasAttribute(element, "aria-expanded") || attribute(element, "role") === "tab") return true;
  const parent = element.parentNode;
  return parent !== null && "tagName" in parent && /^(?:h[1-6]|summary|dt)$/.test(parent.tagName);
}

function containsHeading(element: HtmlElement): boolean {
  for (const child of descendants(element)) if (child.tagName === "h1") return true;
  return false;
}
