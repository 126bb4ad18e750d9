/** JSON that comes in slices, parsed so that no body holds the main thread for long, however hostile it is. */
import { randomUUID } from "node:crypto";
import { AppError } from "../errors.ts";

const maxDepth = 32;
/** A thousand questions with all that may be said of each are 45,000. To parse so many takes milliseconds. */
const maxValues = 60_000;
/** In characters. What is longer is parsed as it comes: a text of 4 MB would take up to 20 ms in one go. */
const longString = 128 * 1024;

const quote = 0x22;
const backslash = 0x5c;

function invalid(error: unknown): AppError {
  const reason = error instanceof Error ? error.message.replace(/^JSON Parse error: /, "") : "";
  return new AppError("invalid_json", `The body is not valid JSON: ${reason}.`, { cause: error });
}

/**
 * Parses what `JSON.parse` would, to the same value. A long string in which slices end is parsed piece by piece and
 * put back into the rest, which holds a stand-in for it.
 */
export class JsonReader {
  #text = "";
  readonly #standIns = new Map<string, string>();
  readonly #standIn = randomUUID();
  #open = 0;
  #depth = 0;
  /** One more than there are commas, braces and brackets that open: never less than there are. */
  #values = 1;
  #inString = false;
  /** Within a string: -1 after a backslash, else how many digits of `\\u` are still to come. */
  #escaped = 0;
  /** Of the string in which the last slice ended: its beginning as it was parsed, and what is not parsed yet. */
  #parsed: string[] = [];
  #rest = "";
  #failure: AppError | null = null;

  /** The next slice. What is wrong with it is thrown by `value`, once all of the body has come. */
  add(slice: string): void {
    if (this.#failure !== null) return;
    try {
      this.#scan(slice);
    } catch (error) {
      this.#failure = invalid(error);
    }
    if (this.#depth > maxDepth)
      this.#failure = new AppError("invalid_json", `The JSON is nested deeper than ${maxDepth} levels.`);
    if (this.#values > maxValues)
      this.#failure = new AppError(
        "invalid_json",
        `The JSON holds more than ${maxValues} values. Send it in parts.`,
      );
  }

  /** @throws AppError invalid_json */
  value(): unknown {
    if (this.#failure !== null) throw this.#failure;
    const unended = this.#inString ? `"${this.#rest}` : "";
    try {
      const value: unknown = JSON.parse(this.#text + unended);
      return this.#standIns.size === 0 ? value : this.#restored(value);
    } catch (error) {
      throw error instanceof AppError ? error : invalid(error);
    }
  }

  #scan(slice: string): void {
    let [open, depth, values] = [this.#open, this.#depth, this.#values];
    let [inString, escaped] = [this.#inString, this.#escaped];
    // Where what is not taken over yet begins, where the string's content does, and where the last escape does.
    let from = 0;
    let content = 0;
    let escapeAt = -1;
    for (let index = 0; index < slice.length && depth <= maxDepth; index += 1) {
      const code = slice.charCodeAt(index);
      if (escaped !== 0) {
        if (escaped > 0) escaped -= 1;
        else escaped = code === 0x75 ? 4 : 0;
      } else if (inString) {
        if (code === backslash) {
          escaped = -1;
          escapeAt = index;
        } else if (code === quote) {
          inString = false;
          if (content === 0) {
            this.#endString(slice.slice(0, index));
            from = index + 1;
          }
        }
      } else if (code === quote) {
        inString = true;
        content = index + 1;
      } else if (code === 0x2c) values += 1;
      else if (code === 0x7b || code === 0x5b) {
        values += 1;
        open += 1;
        depth = Math.max(depth, open);
      } else if (code === 0x7d || code === 0x5d) open -= 1;
    }
    if (inString) {
      if (content > 0) this.#text += slice.slice(from, content - 1);
      this.#rest += slice.slice(content);
      const unfinished = escaped === 0 ? 0 : escapeAt < 0 ? this.#rest.length : slice.length - escapeAt;
      this.#parseRest(this.#rest.length - unfinished);
    } else this.#text += slice.slice(from);
    [this.#open, this.#depth, this.#values] = [open, depth, values];
    [this.#inString, this.#escaped] = [inString, escaped];
  }

  /** Of the string that goes on: parses what came of it up to there, where that is worth while. */
  #parseRest(end: number): void {
    if (end < longString) return;
    this.#parsed.push(JSON.parse(`"${this.#rest.slice(0, end)}"`));
    this.#rest = this.#rest.slice(end);
  }

  #endString(last: string): void {
    const rest = this.#rest + last;
    if (this.#parsed.length === 0) this.#text += `"${rest}"`;
    else {
      const standIn = `${this.#standIn}-${this.#standIns.size}`;
      this.#parsed.push(JSON.parse(`"${rest}"`));
      // Joined here, in the turn of a slice: whoever looks into megabytes of pieces first would wait for it.
      this.#standIns.set(standIn, this.#parsed.join(""));
      this.#text += `"${standIn}"`;
    }
    this.#parsed = [];
    this.#rest = "";
  }

  /** The same value with the strings in place of their stand-ins. No deeper than `maxDepth`. */
  #restored(value: unknown): unknown {
    if (typeof value === "string") return this.#standIns.get(value) ?? value;
    if (typeof value !== "object" || value === null) return value;
    const properties = value as Record<string, unknown>;
    for (const [name, item] of Object.entries(properties)) {
      if (this.#standIns.has(name))
        throw new AppError("invalid_json", "The JSON holds a name that is too long.");
      if (typeof item === "string" || typeof item === "object") properties[name] = this.#restored(item);
    }
    return value;
  }
}
