import { z } from "zod";
import type { ParsedDocument } from "../loaders/index.ts";
import { webTask } from "../web/inspect-protocol.ts";

/** What the parent asks over the IPC channel. The result goes to a file, so that its size cannot block the channel. */
export const parseRequest = z.object({
  id: z.string(),
  path: z.string(),
  fileName: z.string(),
  resultPath: z.string(),
  maxResultBytes: z.int().positive(),
  /** Whether scans are read, by the data at a path; `gave-up`: that was tried with this file, and took too much. */
  ocr: z.union([z.object({ model: z.string() }), z.enum(["off", "gave-up"])]),
  /** What a crawl wants to know of the file instead of its text. */
  web: webTask.optional(),
});
export type ParseRequest = z.infer<typeof parseRequest>;

const loadErrorCode = z.enum([
  "empty_file",
  "not_supported_yet",
  "unknown_format",
  "encrypted",
  "damaged",
  "no_text",
  "too_large_inside",
  "too_deep",
  "timed_out",
  "out_of_memory",
  "parser_crashed",
  "storage_full",
]);

export const parseReply = z.discriminatedUnion("ok", [
  z.object({ id: z.string(), ok: z.literal(true), resultBytes: z.int().nonnegative() }),
  z.object({ id: z.string(), ok: z.literal(false), code: loadErrorCode, message: z.string().max(2_000) }),
]);
export type ParseReply = z.infer<typeof parseReply>;

const parsedDocument = z.object({
  title: z.string().exactOptional(),
  text: z.string(),
  blocks: z.array(
    z.object({
      kind: z.enum(["heading", "paragraph", "list-item", "table-row", "code"]),
      text: z.string().min(1),
      start: z.int().nonnegative(),
      level: z.int().min(1).max(6).exactOptional(),
      page: z.int().positive().exactOptional(),
    }),
  ),
  pages: z.int().nonnegative().exactOptional(),
  note: z.string().max(2_000).exactOptional(),
  format: z.enum([
    "txt",
    "markdown",
    "html",
    "pdf",
    "docx",
    "doc",
    "ppt",
    "pptx",
    "xls",
    "xlsx",
    "odt",
    "ods",
    "odp",
    "rtf",
    "epub",
    "csv",
    "json",
    "xml",
    "eml",
    "zip",
    "image",
    "binary",
  ]),
  mediaType: z.string(),
});

/**
 * Reads the JSON that a child left at `resultPath`. The child has handled a stranger's file, so its result is
 * checked like any other input. Takes a second for 50 MB: large results are read in a worker thread.
 *
 * @throws ZodError, SyntaxError, or RangeError when a block does not stand in the text where it says.
 */
export function readParsedDocument(json: string): ParsedDocument {
  const document = parsedDocument.parse(JSON.parse(json));
  for (const block of document.blocks) {
    if (!document.text.startsWith(block.text, block.start)) throw new RangeError("block is not in the text");
  }
  return document;
}
