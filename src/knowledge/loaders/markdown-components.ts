/**
 * Documentation sites mix components into Markdown: `<Note>`, `<Card title="…">`, `:::tip`, `import …`. A Markdown
 * parser takes them for raw HTML and leaves the Markdown inside as it is, so they are removed first. Titles given
 * as attributes are text that readers see and stay, as a line of their own.
 */
export interface ComponentFree {
  readonly text: string;
  /** Whether there were any. */
  readonly found: boolean;
}

const LONGEST_TAG_LINES = 30;

export function withoutComponents(markdown: string): ComponentFree {
  const lines = markdown.split("\n");
  const out: string[] = [];
  let fence: string | undefined;
  let found = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    fence = fenceAfter(fence, line);
    if (fence !== undefined || line.length > 10_000) {
      out.push(line);
      continue;
    }
    if (isModuleLine(line) || isDirective(line)) {
      found = true;
      out.push("", directiveTitle(line), "");
      continue;
    }
    const tag = /^\s*<\/?[A-Z][\w.]*(?=[\s/>]|$)/.test(line) ? wholeTag(lines, at) : undefined;
    if (!tag) {
      out.push(line);
      continue;
    }
    found = true;
    out.push("", ...withoutTags(tag.text), "");
    at += tag.extraLines;
  }
  return { text: out.join("\n"), found };
}

/** The marker of the code fence that is open after this line. */
function fenceAfter(open: string | undefined, line: string): string | undefined {
  const marker = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
  if (!marker) return open;
  if (open === undefined) return marker;
  const closes = marker[0] === open[0] && marker.length >= open.length && line.trim() === marker;
  return closes ? undefined : open;
}

function isModuleLine(line: string): boolean {
  return (
    /^import\s+(?:[\w*{][^"']{0,500}\sfrom\s+)?["'][^"']*["'];?\s*$/.test(line) ||
    /^export\s+(?:const|default)\s/.test(line)
  );
}

function isDirective(line: string): boolean {
  return /^\s*:{3,}\s*(?:[a-z][\w-]*.*)?$/i.test(line);
}

function directiveTitle(line: string): string {
  return (
    /^\s*:{3,}\s*[a-z][\w-]*\s*(?:\[([^\]]*)\]|(.*))$/i
      .exec(line)
      ?.slice(1)
      .find(Boolean)
      ?.replace(/\{.*\}/, "")
      .trim() ?? ""
  );
}

/** A tag's attributes may run over several lines; gives up where it does not close soon. */
function wholeTag(lines: readonly string[], start: number): { text: string; extraLines: number } | undefined {
  const candidate = lines.slice(start, start + LONGEST_TAG_LINES).join("\n");
  const end = tagEnd(candidate);
  if (end === -1) return undefined;
  const lineEnd = candidate.indexOf("\n", end);
  const text = lineEnd === -1 ? candidate : candidate.slice(0, lineEnd);
  return { text, extraLines: text.split("\n").length - 1 };
}

/** Position behind the ">" of the first tag, minding quotes and braces; -1 when the tag is not closed. */
function tagEnd(text: string): number {
  let quote = "";
  let braces = 0;
  for (let at = text.indexOf("<") + 1; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if (sign === '"' || (sign === "'" && braces === 0)) quote = sign;
    else if (sign === "{") braces++;
    else if (sign === "}") braces--;
    else if (sign === ">" && braces <= 0) return at + 1;
  }
  return -1;
}

/** What remains of a line that starts with a component: the title, then the text around its tags. */
function withoutTags(text: string): string[] {
  const end = tagEnd(text);
  const tag = text.slice(0, end);
  const title = /\s(?:title|label|header|summary)=(?:"([^"]*)"|'([^']*)'|\{["'`]([^"'`]*)["'`]\})/.exec(tag);
  const rest = text
    .slice(end)
    .replace(/<\/?[A-Z][\w.]*\s*\/?>/g, "")
    .trim();
  const shown = title?.slice(1).find(Boolean);
  return [...(shown ? [shown.replaceAll("\n", " "), ""] : []), rest];
}
