import { decodeText } from "./charset.ts";
import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type Loader } from "./loader.ts";

const LIST_MARK = /^(?:[-*•‣–]|\d{1,3}[.)])\s+\S/;

/** Plain text: paragraphs are separated by blank lines; lines that look like list items stay apart. */
export const textLoader: Loader = {
  format: "txt",
  async load(bytes) {
    const decoded = decodeText(bytes);
    if (!decoded)
      throw new LoadError(
        "damaged",
        "This text file cannot be read. Save it as UTF-8 text and upload it again.",
      );
    const builder = new DocumentBuilder();
    addPlainText(builder, decoded.text);
    if (!builder.isEmpty) return builder.build();
    throw new LoadError("no_text", "This text file holds no text.");
  },
};

/** Paragraphs and list items of text without markup. */
export function addPlainText(builder: DocumentBuilder, text: string): void {
  for (const paragraph of paragraphs(text)) addParagraph(builder, paragraph);
}

function* paragraphs(text: string): Generator<string> {
  for (const part of text.replace(/\r\n?|\u2028|\u2029/g, "\n").split(/\n[^\S\n]*(?=\n)/)) {
    if (part.trim() !== "") yield part;
  }
}

function addParagraph(builder: DocumentBuilder, paragraph: string): void {
  const lines = paragraph.split("\n").filter((line) => line.trim() !== "");
  const marked = lines.filter((line) => LIST_MARK.test(line.trim())).length;
  if (marked < 2) {
    builder.add("paragraph", paragraph);
    return;
  }
  let item: string[] = [];
  let kind: "paragraph" | "list-item" = "paragraph";
  for (const line of lines) {
    if (LIST_MARK.test(line.trim())) {
      builder.add(kind, item.join("\n"));
      item = [];
      kind = "list-item";
    }
    item.push(line.trim().replace(/^[-*•‣–]\s+/, ""));
  }
  builder.add(kind, item.join("\n"));
}
