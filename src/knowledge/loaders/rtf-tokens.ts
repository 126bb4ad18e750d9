/** What a reader of RTF is told, in the order of the file. */
export interface RtfHandler {
  open(): void;
  close(): void;
  /** `\word` with its number, or a control symbol such as `~`; `*` marks a destination that may be ignored. */
  control(word: string, parameter: number | undefined): void;
  /** A byte of text that stands as `\'hh`. */
  byte(value: number): void;
  /** A run of plain text. Line breaks of the file are left out. */
  bytes(data: Uint8Array): void;
}

const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LONGEST_WORD = 40;
const MAX_DIGITS = 10;

/** Cuts RTF into groups, control words and text. Never fails: what makes no sense is skipped. */
export function scanRtf(source: Uint8Array, handler: RtfHandler): void {
  let at = 0;
  while (at < source.length) {
    const byte = source[at];
    if (byte === OPEN) handler.open();
    else if (byte === CLOSE) handler.close();
    else if (byte === BACKSLASH) {
      at = scanControl(source, at + 1, handler);
      continue;
    } else if (byte !== 0x0a && byte !== 0x0d && byte !== 0) {
      const end = endOfRun(source, at);
      handler.bytes(source.subarray(at, end));
      at = end;
      continue;
    }
    at++;
  }
}

function endOfRun(source: Uint8Array, start: number): number {
  let end = start;
  while (end < source.length && !endsRun(source[end] ?? 0)) end++;
  return end;
}

function endsRun(byte: number): boolean {
  return (
    byte === BACKSLASH || byte === OPEN || byte === CLOSE || byte === 0x0a || byte === 0x0d || byte === 0
  );
}

/** @param at behind the backslash @returns where reading goes on */
function scanControl(source: Uint8Array, at: number, handler: RtfHandler): number {
  const first = source[at];
  if (first === undefined) return at;
  if (first === 0x27) {
    const value = hexDigit(source[at + 1]) * 16 + hexDigit(source[at + 2]);
    if (Number.isNaN(value)) return at + 1;
    handler.byte(value);
    return at + 3;
  }
  if (!isLetter(first)) {
    // A backslash at the end of a line is a paragraph.
    handler.control(first === 0x0a || first === 0x0d ? "par" : String.fromCharCode(first), undefined);
    return at + 1;
  }
  return scanWord(source, at, handler);
}

function scanWord(source: Uint8Array, start: number, handler: RtfHandler): number {
  let at = start;
  let word = "";
  while (isLetter(source[at] ?? 0) && word.length < LONGEST_WORD)
    word += String.fromCharCode(source[at++] ?? 0);
  const isNegative = source[at] === 0x2d;
  if (isNegative) at++;
  let parameter: number | undefined;
  for (let digits = 0; digits < MAX_DIGITS && isDigit(source[at] ?? 0); digits++) {
    parameter = (parameter ?? 0) * 10 + (source[at++] ?? 0) - 0x30;
  }
  if (isNegative && parameter !== undefined) parameter = -parameter;
  if (source[at] === 0x20) at++;
  if (word === "bin") return at + Math.max(0, parameter ?? 0);
  handler.control(word, parameter);
  return at;
}

/** NaN when it is none. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (isDigit(byte)) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : Number.NaN;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
