/** The title is all that is wanted of the YAML or TOML block that site generators put before the text. */
export interface FrontMatter {
  readonly title?: string;
  readonly body: string;
}

const LONGEST_BLOCK = 64 * 1024;

/** Splits off a block between two lines of "---" or "+++" at the very start; a lone rule stays in the text. */
export function splitFrontMatter(text: string): FrontMatter {
  const opening = /^(?:---|\+\+\+)[ \t]*\n/.exec(text)?.[0];
  if (!opening) return { body: text };
  const mark = opening.slice(0, 3);
  const start = opening.length - 1;
  const end = text.indexOf(`\n${mark}`, start);
  if (end === -1 || end > LONGEST_BLOCK) return { body: text };
  const block = text.slice(start, end + 1);
  // A rule, a blank line and prose is no front matter: every entry there is "key: value", indented, or a comment.
  if (!block.split("\n").every((line) => /^(?:\s.*|#.*|[-\w"'.]+\s*[:=].*|-\s.*|[\]}].*)?$/.test(line))) {
    return { body: text };
  }
  const lineEnd = text.indexOf("\n", end + 1);
  const title = /^title\s*[:=]\s*(.*)$/im
    .exec(block)?.[1]
    ?.trim()
    .replace(/^(["'])(.*)\1$/, "$2");
  const body = lineEnd === -1 ? "" : text.slice(lineEnd + 1);
  return title ? { title, body } : { body };
}
