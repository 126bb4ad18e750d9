import { type FileFormat, LoadError } from "./loader.ts";

/** What can be read today, in the words of the people who upload. */
export const SUPPORTED_TODAY =
  "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument (.odt, .ods, .odp), e-books (.epub), web pages (.html), Markdown and plain text";

const PLAIN_NAMES: Partial<Record<FileFormat, readonly [name: string, advice: string]>> = {
  doc: ["Old Word documents (.doc)", "Open it in Word, save it as .docx and upload that."],
  ppt: ["Old PowerPoint presentations (.ppt)", "Open it in PowerPoint, save it as .pptx and upload that."],
  xls: ["Old Excel workbooks (.xls)", "Open it in Excel, save it as .xlsx and upload that."],
  rtf: ["Rich Text files (.rtf)", "Save it as .docx or PDF and upload that."],
  csv: ["Tables as CSV", "Save the table as a PDF and upload that."],
  json: ["JSON data files", "Save the text you need as a plain text file and upload that."],
  xml: ["XML data files", "Save the text you need as a plain text file and upload that."],
  eml: ["Saved e-mails", "Save the e-mail as a PDF and upload that."],
  zip: ["Archives such as ZIP", "Unpack it and upload the files inside."],
  image: ["Pictures", "If it shows text, upload that text as a document."],
};

/** The refusal of a format that is recognised but has no loader, or of one that is not recognised at all. */
export function unsupported(format: FileFormat): LoadError {
  const known = PLAIN_NAMES[format];
  if (!known) {
    return new LoadError(
      "unknown_format",
      `It is not clear what kind of file this is. These can be read today: ${SUPPORTED_TODAY}.`,
    );
  }
  const [name, advice] = known;
  return new LoadError(
    "not_supported_yet",
    `${name} cannot be read yet. ${advice} These can be read today: ${SUPPORTED_TODAY}.`,
  );
}
