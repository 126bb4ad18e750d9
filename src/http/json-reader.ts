/** JSON that comes in slices, parsed so that no body holds the main thread for long, however hostile it is. */
import { randomUUID } from "node:crypto";
import { AppError } from "../errors.ts";
import { otherWorkFirst } from "../other-work.ts";

const maxDepth = 32;
/** Values, and names of values. A thousand questions with all that may be said of each are 50,000. */
const maxValues = 60_000;
/** Of strings that are not long. Letters of another script may all be written as escapes. */
const maxEscapes = 1_000_000;
/** In characters. What is longer is parsed as it comes: a text of 4 MB would take up to 20 ms in one go. */
const longString = 128 * 1024;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;

function invalid(error: unknown): AppError {
  const reason = error instanceof Error ? error.message.replace(/^JSON Parse error: /, "") : "";
  return new AppError("invalid_json", `The body is not valid JSON: ${reason}.`, { cause: error });
}

/**
 * Parses what `JSON.parse` would, to the same value. A long string in which slices end is parsed piece by piece and
 * put back into the rest, which holds a stand-in for it.
 */
export class JsonReader {
  /** Of all that came. */
  #length = 0;
  /** What came, with stand-ins for long strings. */
  #text = "";
  readonly #standIns = new Map<string, string>();
  readonly #standIn = randomUUID();
  #open = 0;
  #depth = 0;
  /** One more than there are commas, colons, and braces and brackets that open: never less than there are. */
  #values = 1;
  /** Of strings that have ended, and of the one that has not. */
  #escapes = 0;
  #ownEscapes = 0;
  #inString = false;
  /** Within a string: -1 after a backslash, else how many digits of `\u` are still to come. */
  #escaped = 0;
  /** Of the string in which the last slice ended: its beginning as it was parsed, and what is not parsed yet. */
  #parsed: string[] = [];
  #rest = "";
  #failure: AppError | null = null;

  /** The next slice. What is wrong with it is thrown by `value`, once all of the body has come. */
  add(slice: string): void {
    if (this.#failure !== null) return;
    this.#length += slice.length;
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
        `The JSON holds more than ${maxValues} names and values. Send it in parts.`,
      );
    if (this.#escapes > maxEscapes)
      this.#failure = new AppError(
        "invalid_json",
        `The JSON holds more than ${maxEscapes} escaped characters. Send it in parts.`,
      );
  }

  /** The value, once all of it has come. @throws AppError invalid_json */
  async value(): Promise<unknown> {
    if (this.#failure !== null) throw this.#failure;
    const unended = this.#inString ? `"${this.#rest}` : "";
    // All that is done in one go takes a few milliseconds at most, by the limits above.
    await this.#pause();
    const value = this.#parse(this.#text + unended);
    if (this.#standIns.size === 0) return value;
    await this.#pause();
    return this.#restored(value);
  }

  /** What is small is not worth a turn of the event loop. */
  async #pause(): Promise<void> {
    if (this.#length > longString) await otherWorkFirst();
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw invalid(error);
    }
  }

  #scan(slice: string): void {
    let [open, depth, values] = [this.#open, this.#depth, this.#values];
    let [escapes, own] = [this.#escapes, this.#ownEscapes];
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
          own += 1;
        } else if (code === quote) {
          inString = false;
          if (this.#parsed.length === 0) escapes += own;
          own = 0;
          if (content === 0) {
            this.#endString(slice.slice(0, index));
            from = index + 1;
          }
        }
      } else if (code === quote) {
        inString = true;
        content = index + 1;
      } else if (code === comma || code === colon) values += 1;
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
    [this.#escapes, this.#ownEscapes] = [escapes, own];
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
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        const item: unknown = value[index];
        if (this.#mayHoldOne(item)) value[index] = this.#restored(item);
      }
      return value;
    }
    const properties = value as Record<string, unknown>;
    for (const name of Object.keys(properties)) {
      if (name.length >= this.#standIn.length && this.#standIns.has(name))
        throw new AppError("invalid_json", "The JSON holds a name that is too long.");
      const item = properties[name];
      if (this.#mayHoldOne(item)) properties[name] = this.#restored(item);
    }
    return value;
  }

  #mayHoldOne(item: unknown): boolean {
    return typeof item === "string" ? item.length >= this.#standIn.length : typeof item === "object";
  }
}
