/** What a single line of Markdown is. Every function looks at each character at most a fixed number of times. */

const MAX_COLUMNS = 24;

export interface ListMarker {
  readonly indent: number;
  readonly ordered: boolean;
  readonly start: number;
  /** Where the item's own text begins in the line. */
  readonly content: number;
}

export interface Fence {
  readonly char: string;
  readonly size: number;
  readonly info: string;
}

export function isBlank(line: string): boolean {
  return indentOf(line) === line.length;
}

export function indentOf(line: string): number {
  let at = 0;
  while (line.charAt(at) === " ") at++;
  return at;
}

/** "```js" and "~~~" */
export function fenceOf(line: string): Fence | undefined {
  const indent = indentOf(line);
  const char = line.charAt(indent);
  if (char !== "`" && char !== "~") return undefined;
  const size = runLength(line, indent);
  const info = line.slice(indent + size).trim();
  return size < 3 || info.includes("`") ? undefined : { char, size, info: info.slice(0, 40) };
}

/** "## Prices" */
export function headingOf(line: string): { readonly level: number; readonly text: string } | undefined {
  const indent = indentOf(line);
  if (line.charAt(indent) !== "#") return undefined;
  const level = runLength(line, indent);
  const after = line.charAt(indent + level);
  if (level > 6 || (after !== " " && after !== "")) return undefined;
  let end = line.length;
  while (end > indent + level && (line.charAt(end - 1) === "#" || line.charAt(end - 1) === " ")) end--;
  return { level, text: line.slice(indent + level, end).trim() };
}

/** "---", "* * *" */
export function isRule(line: string): boolean {
  const char = line.charAt(indentOf(line));
  if (char !== "-" && char !== "*" && char !== "_") return false;
  let count = 0;
  for (let at = 0; at < line.length; at++) {
    if (line.charAt(at) === char) count++;
    else if (line.charAt(at) !== " ") return false;
  }
  return count >= 3;
}

/** "- text", "2. text" */
export function listMarkerOf(line: string): ListMarker | undefined {
  const indent = indentOf(line);
  const char = line.charAt(indent);
  let end = indent;
  if (char === "-" || char === "*" || char === "+" || char === "•") end++;
  else {
    while (end - indent < 9 && isDigit(line.charAt(end))) end++;
    if (end === indent || (line.charAt(end) !== "." && line.charAt(end) !== ")")) return undefined;
    end++;
  }
  if (line.charAt(end) !== " " && end < line.length) return undefined;
  const ordered = isDigit(char);
  return { indent, ordered, start: ordered ? Number.parseInt(line.slice(indent), 10) : 1, content: end + 1 };
}

/** "| --- | :-: |" */
export function isTableRule(line: string): boolean {
  let dashes = 0;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === "-") dashes++;
    else if (char !== "|" && char !== ":" && char !== " ") return false;
  }
  return dashes > 0 && line.includes("|");
}

/** The cells of a table row, trimmed; `\|` is a bar within a cell. At most 24, the rest is dropped. */
export function splitRow(line: string): readonly string[] {
  const row = line.trim();
  const cells: string[] = [];
  let start = row.startsWith("|") ? 1 : 0;
  for (let at = start; at < row.length && cells.length < MAX_COLUMNS; at++) {
    if (row.charAt(at) === "\\") at++;
    else if (row.charAt(at) === "|") {
      cells.push(cellText(row.slice(start, at)));
      start = at + 1;
    }
  }
  if (start < row.length && cells.length < MAX_COLUMNS) cells.push(cellText(row.slice(start)));
  return cells;
}

export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

/** How many times the character at `at` is repeated from there. */
export function runLength(text: string, at: number): number {
  const char = text.charAt(at);
  let end = at;
  while (end < text.length && text.charAt(end) === char) end++;
  return end - at;
}

function cellText(cell: string): string {
  return cell.trim().replaceAll("\\|", "|");
}
