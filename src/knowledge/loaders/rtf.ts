import { LoadError, type Loader } from "./loader.ts";
import { readRtf } from "./rtf-reader.ts";

/** Rich Text Format, as Word, WordPad, LibreOffice and TextEdit write it. */
export const rtfLoader: Loader = {
  format: "rtf",
  async load(bytes) {
    const document = readRtf(bytes);
    if (document.blocks.length > 0) return document;
    throw new LoadError(
      "no_text",
      "This RTF file holds no text. If it holds pictures of text, add that text as text.",
    );
  },
};
