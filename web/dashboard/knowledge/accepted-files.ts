import { maxUploadBytes } from "../api/session.ts";
import { sizeLimit } from "../ui/time.ts";

/** What can be read, and how large it may be, for people. */
export function acceptedFiles(): string {
  const limit = maxUploadBytes();
  const size = Number.isFinite(limit) ? `, up to ${sizeLimit(limit)} each` : "";
  return `PDF, Word, Excel, PowerPoint, OpenDocument, EPUB, web pages, text, tables, e-mails or ZIP${size}`;
}
