import { Fragment, type ReactNode, useMemo } from "react";
import { type Block, hostOf, type Inline, parseMarkdown } from "../../shared/markdown.ts";
import type { CitationBody } from "../api/types.ts";

interface MarkdownProps {
  readonly text: string;
  readonly citations?: readonly CitationBody[];
  /** The text is still being written. */
  readonly partial?: boolean;
  readonly onCitation?: (citation: CitationBody) => void;
}

interface Context {
  readonly citations: ReadonlyMap<number, CitationBody>;
  readonly onCitation: ((citation: CitationBody) => void) | undefined;
}

/** What a model wrote, as React elements made from the shared Markdown tree: never as HTML. */
export function Markdown({ text, citations = [], partial = false, onCitation }: MarkdownProps) {
  const blocks = useMemo(() => {
    const hosts = citations.map((citation) => hostOf(citation.url ?? ""));
    return parseMarkdown(text, { allowedHosts: hosts.filter((host) => host !== undefined), partial });
  }, [text, citations, partial]);
  const context: Context = { citations: new Map(citations.map((item) => [item.n, item])), onCitation };
  return <div className="grid gap-2.5 break-words">{renderBlocks(blocks, context)}</div>;
}

/** Each item's place is its identity: the tree is made anew from the text. */
function each<T>(items: readonly T[], render: (item: T) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: see above.
  return items.map((item, at) => <Fragment key={at}>{render(item)}</Fragment>);
}

function renderBlocks(blocks: readonly Block[], context: Context): ReactNode {
  return each(blocks, (block) => renderBlock(block, context));
}

function renderBlock(block: Block, context: Context): ReactNode {
  switch (block.type) {
    case "paragraph":
      return <p>{inlines(block.children, context)}</p>;
    case "heading":
      return <p className="font-semibold">{inlines(block.children, context)}</p>;
    case "code":
      return (
        <pre className="overflow-x-auto rounded-control bg-hover p-3 font-mono text-xs">
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote className="grid gap-2 border-l-2 border-line pl-3 text-muted">
          {renderBlocks(block.children, context)}
        </blockquote>
      );
    case "list":
      return renderList(block, context);
    case "table":
      return renderTable(block, context);
    case "rule":
      return <hr className="border-line" />;
  }
}

function renderList(block: Extract<Block, { type: "list" }>, context: Context): ReactNode {
  const items = each(block.items, (item) => <li className="pl-0.5">{renderBlocks(item, context)}</li>);
  return block.ordered ? (
    <ol start={block.start} className="grid list-decimal gap-1 pl-5">
      {items}
    </ol>
  ) : (
    <ul className="grid list-disc gap-1 pl-5">{items}</ul>
  );
}

function renderTable(block: Extract<Block, { type: "table" }>, context: Context): ReactNode {
  const cell = "border-b border-line px-2 py-1 text-left align-top";
  return (
    <div className="overflow-x-auto">
      <table className="text-sm">
        <thead>
          <tr>
            {each(block.head, (item) => (
              <th className={cell}>{inlines(item, context)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {each(block.rows, (row) => (
            <tr>
              {each(row, (item) => (
                <td className={cell}>{inlines(item, context)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(nodes: readonly Inline[], context: Context): ReactNode {
  return each(nodes, (node) => renderInline(node, context));
}

function renderInline(node: Inline, context: Context): ReactNode {
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return <code className="rounded-[4px] bg-hover px-1 font-mono text-[0.92em]">{node.text}</code>;
    case "strong":
      return <strong className="font-semibold">{inlines(node.children, context)}</strong>;
    case "emphasis":
      return <em>{inlines(node.children, context)}</em>;
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer" className="text-accent-text underline">
          {inlines(node.children, context)}
        </a>
      );
    case "citation":
      return <CitationMark n={node.n} context={context} />;
    case "break":
      return <br />;
  }
}

/** Keeps a number on the line of the full stop after it. */
const JOINER = "\u2060";

function CitationMark({ n, context }: { readonly n: number; readonly context: Context }) {
  const citation = context.citations.get(n);
  const { onCitation } = context;
  if (citation === undefined || onCitation === undefined) {
    return <sup className="text-[0.7em] text-muted">{n}</sup>;
  }
  return (
    <sup className="text-[0.72em] leading-none">
      {JOINER}
      <button
        type="button"
        onClick={() => onCitation(citation)}
        aria-label={`Source ${n}: ${citation.title}`}
        className="-ml-0.5 min-w-[1.5em] rounded-[4px] bg-accent-soft px-1 font-semibold text-accent-text hover:underline"
      >
        {n}
      </button>
      {JOINER}
    </sup>
  );
}
