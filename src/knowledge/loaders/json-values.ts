import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import type { DataMember, DataValue } from "./data-values.ts";
import { LoadError } from "./loader.ts";

/** Data that people write or programs export is nested a dozen levels deep at most. */
const MAX_DEPTH = 200;

const MAX_VALUES = 5_000_000;

/** Where JSON is broken: lines and columns count from 1. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
  constructor(
    readonly line: number,
    readonly column: number,
    readonly code: string,
  ) {
    super(`${code} at ${line}:${column}`);
  }
}

/**
 * Parses JSON, also with comments and commas too many, as people write it. Numbers stay as they are written: ids
 * have more digits than a computer's number.
 *
 * @throws JsonSyntaxError, LoadError "too_deep", "too_large_inside"
 */
export function parseJson(source: string): DataValue | undefined {
  if (isDeeperThan(source, MAX_DEPTH)) {
    throw new LoadError(
      "too_deep",
      "The data in this file is nested too deeply to be read. Save the text you need as a plain text file.",
    );
  }
  const values = new ValueBuilder(source);
  visit(
    source,
    {
      onObjectBegin: () => values.begin(true),
      onArrayBegin: () => values.begin(false),
      onObjectProperty: (name) => values.name(name),
      onLiteralValue: (value, offset, length) => values.literal(value, offset, length),
      onObjectEnd: () => values.end(),
      onArrayEnd: () => values.end(),
      onError: (error: ParseErrorCode, _offset, _length, line, column) => {
        throw new JsonSyntaxError(line + 1, column + 1, printParseErrorCode(error));
      },
    },
    { allowTrailingComma: true, disallowComments: false },
  );
  return values.root;
}

interface Open {
  readonly list: DataValue[];
  readonly members: DataMember[] | undefined;
  name: string;
}

class ValueBuilder {
  readonly #source: string;
  readonly #open: Open[] = [];
  #count = 0;
  root: DataValue | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  begin(isObject: boolean): void {
    this.#open.push({ list: [], members: isObject ? [] : undefined, name: "" });
  }

  name(name: string): void {
    const open = this.#open.at(-1);
    if (open) open.name = name;
  }

  literal(value: unknown, offset: number, length: number): void {
    if (typeof value === "string") this.#put(value);
    else this.#put(value === null ? "" : this.#source.slice(offset, offset + length));
  }

  end(): void {
    const closed = this.#open.pop();
    if (closed) this.#put(closed.members ? { members: closed.members } : closed.list);
  }

  #put(value: DataValue): void {
    if (++this.#count > MAX_VALUES) throw tooManyValues();
    const open = this.#open.at(-1);
    if (!open) this.root = value;
    else if (open.members) open.members.push([open.name, value]);
    else open.list.push(value);
  }
}

function tooManyValues(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This file holds more data than can be read at once. Split it into several smaller files and upload those.",
  );
}

/** Looked at before parsing, because the parser calls itself for every level. */
function isDeeperThan(source: string, limit: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (quoted) {
      if (code === 0x5c) at++;
      // A text ends with its line at the latest: behind a quotation mark too many, brackets count again.
      else if (code === 0x22 || code === 0x0a) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > limit) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
}
