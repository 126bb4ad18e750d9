import { type FileFormat, LoadError } from "./loader.ts";

/** What can be read today, in the words of the people who upload. */
const SUPPORTED_TODAY =
  "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument (.odt, .ods, .odp), e-books (.epub), web pages (.html), Markdown, plain text, Rich Text (.rtf), tables (.csv), JSON, XML, e-mails (.eml) and ZIP archives of these";

const PLAIN_NAMES: Partial<Record<FileFormat, readonly [name: string, advice: string]>> = {
  doc: ["Old Word documents (.doc)", "Open it in Word, save it as .docx and upload that."],
  ppt: ["Old PowerPoint presentations (.ppt)", "Open it in PowerPoint, save it as .pptx and upload that."],
  xls: ["Old Excel workbooks (.xls)", "Open it in Excel, save it as .xlsx and upload that."],
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
