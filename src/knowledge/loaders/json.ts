import { decodeText } from "./charset.ts";
import { nameOf } from "./data-article.ts";
import { DataBlocks } from "./data-blocks.ts";
import type { DataValue } from "./data-values.ts";
import { DocumentBuilder, MAX_BLOCKS } from "./document-builder.ts";
import { JsonSyntaxError, parseJson } from "./json-values.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";

/** JSON, and JSON Lines: a list of objects becomes records or articles, a nested object a section. */
export const jsonLoader: Loader = {
  format: "json",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded) {
      throw new LoadError(
        "damaged",
        "This JSON file contains no readable text. Save it as UTF-8 and upload it.",
      );
    }
    const { value, note } = parseEither(decoded.text.replaceAll("\0", ""));
    const builder = new DocumentBuilder();
    if (value !== undefined) new DataBlocks(builder).add(value);
    if (builder.isEmpty) throw new LoadError("no_text", "This JSON file holds no text.");
    return { ...builder.build({ title: value !== undefined && nameOf(value) }), ...note };
  },
};

interface Parsed {
  readonly value: DataValue | undefined;
  readonly note: Pick<LoadedDocument, "note">;
}

function parseEither(source: string): Parsed {
  try {
    return { value: parseJson(source), note: {} };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const lines = parseLines(source);
    if (lines) return lines;
    throw new LoadError(
      "damaged",
      `This JSON file is broken at line ${error.line}, column ${error.column}. Correct it or export it again, and upload the new file.`,
      { cause: error },
    );
  }
}

/**
 * JSON Lines: one value in each line. Lines that cannot be read are left out and named.
 *
 * @returns undefined when it is something else: fewer than two lines, or less than half of them readable
 */
function parseLines(source: string): Parsed | undefined {
  const values: DataValue[] = [];
  const broken: number[] = [];
  for (const [index, line] of source.split("\n").entries()) {
    // Those with an object or a list in them alone: any broken file has a line that is a number or a text.
    if (line.trim() === "") continue;
    const value = /^\s*[[{]/.test(line) ? parseLine(line) : undefined;
    if (value === undefined) broken.push(index + 1);
    else values.push(value);
    if (broken.length > 100 && broken.length > values.length) return undefined;
    if (values.length > MAX_BLOCKS) break;
  }
  if (values.length < 2 || broken.length > values.length) return undefined;
  return { value: values, note: broken.length === 0 ? {} : { note: brokenNote(broken, values.length) } };
}

function parseLine(line: string): DataValue | undefined {
  try {
    return parseJson(line);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function brokenNote(broken: readonly number[], sound: number): string {
  const named = broken.slice(0, 20).join(", ");
  const rest = broken.length > 20 ? " and others" : "";
  return `${broken.length} of ${broken.length + sound} lines could not be read: line ${named}${rest}.`;
}
