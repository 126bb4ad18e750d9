/** @jsxImportSource ./dom */

import type { VisitorCitation } from "../../src/live/frames.ts";
import { hostOf, parseMarkdown } from "../shared/markdown.ts";
import { updateMarkdown } from "../shared/markdown-dom.ts";
import { useEffect, useRef } from "./dom/hooks.ts";
import type { JSX } from "./dom/jsx-runtime.ts";
import { useWidget } from "./hooks.ts";
import { fill } from "./strings.ts";

interface Props {
  readonly text: string;
  /** Written by a person of the business: links may lead anywhere. */
  readonly anyHost?: boolean;
  /** Still growing. */
  readonly partial?: boolean;
  /** The sources of a complete answer. */
  readonly citations?: readonly VisitorCitation[] | undefined;
}

/** Restricted Markdown. Links of the assistant lead only to its cited sources and to the site the widget is on. */
export function Markdown({ text, anyHost = false, partial = false, citations }: Props): JSX.Element {
  const widget = useWidget();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const allowedHosts = anyHost ? "any" : knownHosts(citations ?? []);
    const citation = (n: number): HTMLElement | undefined => {
      if (partial) return pendingCitation(n);
      const source = citations?.find((other) => other.n === n);
      const label = fill(widget.strings.source, { n, title: source?.title ?? "" });
      return source && citationButton(n, label, (opener) => widget.showPassage(source, opener));
    };
    const version = partial ? "" : `${widget.locale} `;
    updateMarkdown(host.current, parseMarkdown(text, { allowedHosts, partial }), { citation }, version);
  }, [text, partial, citations, widget.locale]);
  return <div class="markdown" ref={host} data-partial={partial} dir="auto" />;
}

function knownHosts(citations: readonly VisitorCitation[]): readonly string[] {
  const cited = citations.map(({ url }) => (url === undefined ? undefined : hostOf(url)));
  return [location.host, ...cited].filter((name) => name !== undefined);
}

function citationButton(n: number, label: string, open: (opener: HTMLElement) => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite";
  button.textContent = String(n);
  button.setAttribute("aria-label", label);
  button.addEventListener("click", () => open(button));
  return superscript(button);
}

/** While the answer is written its sources are not known yet. */
function pendingCitation(n: number): HTMLElement {
  const number = document.createElement("span");
  number.className = "cite";
  number.textContent = String(n);
  return superscript(number);
}

function superscript(child: HTMLElement): HTMLElement {
  const element = document.createElement("sup");
  element.append(child);
  return element;
}
