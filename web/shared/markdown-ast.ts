/**
 * The tree a Markdown text becomes: plain objects, only kinds that are safe to show. There is no node for raw HTML or
 * for an image, so no renderer can show one by mistake.
 */

export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "strong" | "emphasis"; readonly children: readonly Inline[] }
  /** `href` has passed `safeHref`. */
  | { readonly type: "link"; readonly href: string; readonly children: readonly Inline[] }
  /** `[n]` in the text: the source with that number, if the answer has one. */
  | { readonly type: "citation"; readonly n: number }
  | { readonly type: "break" };

export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  /** Shown as a bold paragraph: an answer has no outline of its own within the page. */
  | { readonly type: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly language: string; readonly text: string }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | {
      readonly type: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly type: "table"; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly type: "rule" };

export type Cell = readonly Inline[];

export type Node = Block;

export interface MarkdownOptions {
  /**
   * Hosts (`shop.example`, with a port where it is not the usual one) that links may lead to. "any" is for text that a
   * person of the business wrote: links to all hosts, with their query. Never for what a model wrote.
   */
  readonly allowedHosts: readonly string[] | "any";
  /**
   * The text is still being written: unfinished marks at its end are shown as what they will most likely become
   * (`**bo` is bold) or held back (`[1`), so that nothing flickers.
   */
  readonly partial?: boolean;
}
