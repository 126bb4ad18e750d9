import mammoth from "mammoth";
import { decodeText } from "./charset.ts";
import { type DocxPackage, readDocxPackage } from "./docx-package.ts";
import { loadHtmlFragment } from "./html.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import { meaningfulTitle } from "./metadata-title.ts";

const OPTIONS = {
  styleMap: [
    "p[style-name='Title'] => h1:fresh",
    "p[style-name='Subtitle'] => p:fresh",
    // A table of contents repeats every heading with a page number behind it.
    "p[style-name^='toc '] => !",
    "p[style-name^='TOC '] => !",
    "p[style-name='table of figures'] => !",
  ],
  includeEmbeddedStyleMap: false,
  externalFileAccess: false,
  // Never opens the picture: it was dropped from the package. mammoth keeps its alternative text.
  convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
};

/** Word documents (.docx): mammoth makes HTML of the styles; headings, lists, tables, footnotes, text boxes. */
export const docxLoader: Loader = {
  format: "docx",
  async load(bytes) {
    const source = readDocxPackage(bytes);
    const html = await convert(source);
    const document = loadHtmlFragment(html, coreTitle(source.coreProperties));
    if (document.blocks.length > 0) return document;
    throw new LoadError(
      "no_text",
      "This Word document holds no text. If it holds pictures of text, add that text as text.",
    );
  },
};

async function convert(source: DocxPackage): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml({ buffer: Buffer.from(source.bytes) }, OPTIONS);
    return withChunks(value.replace(/<a href="#(?:foot|end)note-ref-[^"<>]*">↑<\/a>/g, ""), source);
  } catch (cause) {
    if (cause instanceof RangeError) {
      const message =
        "The parts of this Word document are nested too deeply to be read. Save its text as a new document.";
      throw new LoadError("too_deep", message, { cause });
    }
    throw damaged(cause);
  }
}

function withChunks(html: string, source: DocxPackage): string {
  let result = html;
  for (const [marker, chunk] of source.chunks) {
    const embedded = decodeText(chunk)?.text ?? "";
    result = result.replace(marker, () => `</p>${embedded}<p>`);
  }
  return result;
}

function coreTitle(coreProperties: string): LoadedDocument["title"] {
  const raw = /<dc:title>([^<]{0,500})<\/dc:title>/.exec(coreProperties)?.[1];
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return meaningfulTitle(raw?.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? ""));
}

function damaged(cause: unknown): LoadError {
  const message =
    "This Word document is damaged or incomplete. Open it in Word, save it again and upload the new file.";
  return new LoadError("damaged", message, { cause });
}
