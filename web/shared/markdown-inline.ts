/**
 * The text within a block: emphasis, code, links, citations. One pass from left to right; at most one emphasis of each
 * kind is open at a time, so a node moves up at most four levels and the time stays linear.
 */
import type { Inline } from "./markdown-ast.ts";
import { runLength } from "./markdown-lines.ts";
import { type Hosts, safeHref, shownAddress } from "./markdown-links.ts";
import { bareUrlEnd, citationNumbers, emailAround, linkAt } from "./markdown-scan.ts";

export interface InlineContext {
  readonly hosts: Hosts;
  readonly partial: boolean;
  /** The sources are not known yet: an address that may become a link is left out until they are. */
  readonly growing: boolean;
  /** False within a link's label: links do not nest. */
  readonly links: boolean;
}

interface Frame {
  /** The mark that opened it: "*", "**", "_", "__"; "" for the whole text. */
  readonly mark: string;
  readonly nodes: Inline[];
}

const SPECIAL = new Set("\\\n`*_![<@hH");

export function parseInline(text: string, context: InlineContext): readonly Inline[] {
  return new InlineParser(text, context).parse();
}

class InlineParser {
  #at = 0;
  #buffer = "";
  /** The end of the buffer is the text between these two, character for character. */
  #verbatimFrom = 0;
  #verbatimTo = 0;
  readonly #frames: Frame[] = [{ mark: "", nodes: [] }];
  /** For each length of a backtick run, where the last one starts: a search past it cannot succeed. */
  #lastTicks: Map<number, number> | undefined;

  readonly #text: string;
  readonly #context: InlineContext;
  constructor(text: string, context: InlineContext) {
    this.#text = text;
    this.#context = context;
  }

  parse(): readonly Inline[] {
    while (this.#at < this.#text.length) this.#step();
    while (this.#frames.length > 1) {
      if (this.#context.partial) this.#wrapTop();
      else this.#unwrapTop();
    }
    this.#flush();
    return this.#frames[0]?.nodes ?? [];
  }

  #step(): void {
    const char = this.#text.charAt(this.#at);
    const { links } = this.#context;
    if (char === "\\") this.#escape();
    else if (char === "\n") this.#lineBreak();
    else if (char === "`") this.#code();
    else if (char === "*" || char === "_") this.#emphasis(char);
    else if (char === "[" && links) this.#bracket(false);
    else if (char === "!" && this.#text.charAt(this.#at + 1) === "[") this.#bracket(true);
    else if (links && "hH<".includes(char) && this.#bareUrl()) return;
    else if (links && char === "@" && this.#email()) return;
    else this.#plain();
  }

  /** Everything up to the next character that can mean something. */
  #plain(): void {
    let end = this.#at + 1;
    while (end < this.#text.length && !SPECIAL.has(this.#text.charAt(end))) end++;
    this.#takeVerbatim(end);
  }

  #takeVerbatim(end: number): void {
    if (this.#verbatimTo !== this.#at) this.#verbatimFrom = this.#at;
    this.#verbatimTo = end;
    this.#buffer += this.#text.slice(this.#at, end);
    this.#at = end;
  }

  #escape(): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next === "\n") {
      this.#at++;
    } else if (next !== "" && /[!-/:-@[-`{-~]/.test(next)) {
      this.#buffer += next;
      this.#at += 2;
    } else {
      this.#buffer += "\\";
      this.#at++;
    }
  }

  #lineBreak(): void {
    this.#push({ type: "break" });
    this.#at++;
  }

  #code(): void {
    const size = runLength(this.#text, this.#at);
    const start = this.#at + size;
    const end = this.#closingTicks(size, start);
    if (end === undefined && (!this.#context.partial || size > 2)) {
      this.#takeVerbatim(start);
      return;
    }
    const inner = this.#text.slice(start, end ?? this.#text.length).replaceAll("\n", " ");
    const padded = inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
    if (inner !== "") this.#push({ type: "code", text: padded ? inner.slice(1, -1) : inner });
    this.#at = end === undefined ? this.#text.length : end + size;
  }

  #closingTicks(size: number, from: number): number | undefined {
    this.#lastTicks ??= lastTickRuns(this.#text);
    if ((this.#lastTicks.get(size) ?? -1) < from) return undefined;
    for (let at = this.#text.indexOf("`", from); at >= 0; ) {
      const run = runLength(this.#text, at);
      if (run === size) return at;
      at = this.#text.indexOf("`", at + run);
    }
    return undefined;
  }

  #emphasis(char: string): void {
    const size = runLength(this.#text, this.#at);
    const before = this.#text.charAt(this.#at - 1);
    const end = this.#at + size;
    const after = this.#text.charAt(end);
    let left = size;
    if (size <= 3) {
      if (before.trim() !== "" && (char === "*" || !isWord(after))) left -= this.#closeAll(char, left);
      // A single star after a letter is a multiplication far more often than emphasis.
      const glued = isWord(before) && (char === "_" || (left === 1 && before.charCodeAt(0) < 128));
      if (left > 0 && after.trim() !== "" && !glued) left -= this.#openAll(char, left);
      if (left > 0 && after === "" && this.#context.partial) left = 0;
    }
    if (left === size) this.#takeVerbatim(end);
    else this.#buffer += char.repeat(left);
    this.#at = end;
  }

  /** Closes what is open with this mark; returns how many characters of the run that used. */
  #closeAll(char: string, size: number): number {
    let used = 0;
    for (;;) {
      const index = this.#frames.findLastIndex(
        (frame) => frame.mark.charAt(0) === char && frame.mark.length <= size - used,
      );
      const mark = this.#frames[index]?.mark;
      if (mark === undefined || used === size) return used;
      while (this.#frames.length > index + 1) this.#unwrapTop();
      this.#wrapTop();
      used += mark.length;
    }
  }

  #openAll(char: string, size: number): number {
    let used = 0;
    for (const length of [2, 1]) {
      const mark = char.repeat(length);
      if (length > size - used || this.#frames.some((frame) => frame.mark === mark)) continue;
      this.#flush();
      this.#frames.push({ mark, nodes: [] });
      used += length;
    }
    return used;
  }

  /** The innermost open emphasis becomes a node of the one around it. */
  #wrapTop(): void {
    this.#flush();
    const frame = this.#frames.pop();
    if (frame === undefined || frame.nodes.length === 0) return;
    this.#push({ type: frame.mark.length === 2 ? "strong" : "emphasis", children: frame.nodes });
  }

  /** The innermost open emphasis was none: its mark is text. */
  #unwrapTop(): void {
    this.#flush();
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    this.#buffer = frame.mark;
    for (const node of frame.nodes) {
      if (node.type === "text") this.#buffer += node.text;
      else this.#push(node);
    }
  }

  /** `[1]`, `[label](address)`, `![alternative text](address)`. */
  #bracket(image: boolean): void {
    const open = image ? this.#at + 1 : this.#at;
    const found = linkAt(this.#text, open);
    const unfinished = found.end === this.#text.length && this.#context.partial;
    if (found.address !== undefined || (unfinished && found.opened)) {
      if (image) this.#buffer += found.label;
      else this.#link(found.label, found.address);
      this.#at = found.end;
      return;
    }
    const numbers = image ? [] : citationNumbers(found.label);
    if (numbers.length > 0 && (found.closed || unfinished)) {
      if (found.closed) for (const n of numbers) this.#push({ type: "citation", n });
      this.#at = found.end;
      return;
    }
    if (unfinished) {
      // Most likely the beginning of a link or a citation: its words without the bracket.
      if (found.closed) this.#buffer += found.label;
      this.#at = found.closed || found.label.trim() === "" ? found.end : open + 1;
      return;
    }
    this.#buffer += image ? "![" : "[";
    this.#at = open + 1;
  }

  #link(label: string, address: string | undefined): void {
    const children = parseInline(label, { ...this.#context, partial: false, links: false });
    const href = address === undefined ? undefined : safeHref(address, this.#context.hosts);
    if (href !== undefined) {
      this.#push({ type: "link", href, children });
      return;
    }
    for (const child of children) this.#push(child);
    const shown = address === undefined || this.#context.growing ? "" : shownAddress(address);
    if (shown !== "" && shown !== label) this.#buffer += ` (${shown})`;
  }

  /** `https://…` or `<https://…>` in the text. */
  #bareUrl(): boolean {
    const angle = this.#text.charAt(this.#at) === "<";
    const start = angle ? this.#at + 1 : this.#at;
    const end = isWord(this.#text.charAt(start - 1)) ? undefined : bareUrlEnd(this.#text, start);
    if (end === undefined) return false;
    const address = this.#text.slice(start, end);
    const growing = this.#context.partial && end === this.#text.length;
    const href = growing ? undefined : safeHref(address, this.#context.hosts);
    const shown = this.#context.hosts === undefined ? address : shownAddress(address);
    if (href === undefined) this.#buffer += shown;
    else this.#push({ type: "link", href, children: [{ type: "text", text: shown }] });
    this.#at = angle && this.#text.charAt(end) === ">" ? end + 1 : end;
    return true;
  }

  #email(): boolean {
    const found = emailAround(this.#text, this.#at);
    // Not `buffer.endsWith`: that joins the whole buffer anew at every "@", which is quadratic.
    const isVerbatim = this.#verbatimTo === this.#at;
    if (found === undefined || !isVerbatim || this.#at - found.name.length < this.#verbatimFrom) return false;
    const address = `${found.name}@${found.domain}`;
    const href = safeHref(`mailto:${address}`, this.#context.hosts);
    if (href === undefined) return false;
    this.#buffer = this.#buffer.slice(0, this.#buffer.length - found.name.length);
    this.#push({ type: "link", href, children: [{ type: "text", text: address }] });
    this.#at += 1 + found.domain.length;
    return true;
  }

  #push(node: Inline): void {
    this.#flush();
    this.#frames.at(-1)?.nodes.push(node);
  }

  #flush(): void {
    if (this.#buffer === "") return;
    this.#frames.at(-1)?.nodes.push({ type: "text", text: this.#buffer });
    this.#buffer = "";
  }
}

function lastTickRuns(text: string): Map<number, number> {
  const last = new Map<number, number>();
  for (let at = text.indexOf("`"); at >= 0; ) {
    const size = runLength(text, at);
    last.set(size, at);
    at = text.indexOf("`", at + size);
  }
  return last;
}

function isWord(char: string): boolean {
  return char !== "" && /[\p{L}\p{N}_]/u.test(char);
}
