/** `/api/v1/documents`. */
import { z } from "zod";
import { id, list, page, text, timestamp } from "./common.ts";
import { action, confidence } from "./conversations.ts";

export const documentSource = z.enum(["upload", "text", "qa", "page"]);
/** Text that can be stored and shown as it is: no control characters, no halves of a character. */
const isText = (value: string) => value.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(value);
const noText = "has characters that are no text (control characters, for example)";
export const question = z
  .string()
  .overwrite((value) => value.replace(/\s+/g, " "))
  .trim()
  .min(1)
  .max(500)
  .regex(/[\p{L}\p{N}]/u, "has no word in it")
  .refine(isText, noText);
export const answer = z.string().trim().min(1).max(10_000).refine(isText, noText);
export const alternatives = z.array(question).max(20).describe("other ways to ask");
const title = text(300)
  .refine(isText, noText)
  .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, "has nothing in it that can be seen");
const tags = z.array(text(50).refine(isText, noText)).max(20);

export const document = z.object({
  id,
  title: z.string(),
  source: documentSource.describe("`qa`: a question with its answer; `page`: a web page"),
  mediaType: z.string(),
  bytes: z.int(),
  checksum: z.string().describe("SHA-256 of the original, hex; empty until a web page has been fetched"),
  version: z.int(),
  status: z.enum(["pending", "processing", "ready", "failed"]),
  searchable: z.enum(["no", "words", "full"]).describe("`words`: found by its words; `full`: by meaning too"),
  progress: z.number().min(0).max(1),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  chunks: z.int(),
  url: z.string().optional().describe("of a web page"),
  language: z.string().optional().describe("ISO 639-1, as far as it could be told"),
  tags: z.array(z.string()),
  note: z
    .string()
    .optional()
    .describe("what could not be read of it, though the rest was; or why its meaning is not learnt yet"),
  qa: z
    .object({ question: z.string(), answer: z.string(), alternatives: z.array(z.string()) })
    .optional()
    .describe("of a question with its answer; left out in lists"),
  createdAt: timestamp,
  updatedAt: timestamp,
});
export const documentList = list(document);
export const documentCreated = z.object({
  items: z.array(document),
  refused: z
    .array(z.object({ index: z.int(), code: z.string(), detail: z.string() }))
    .optional()
    .describe("of several pairs: those that were not added, and why"),
});
export const questionAnswer = z
  .strictObject({
    question,
    answer: answer.describe("given word for word"),
    alternatives: alternatives.optional(),
    tags: tags.optional(),
  })
  .describe("a question and the answer that is given to it");
export const questionAnswers = z.strictObject({ pairs: z.array(questionAnswer).min(1).max(1000) });
export const textDocument = z.strictObject({ title, text: z.string().min(1).max(4_000_000) });
export const webAddress = z
  .url({ protocol: /^https?$/, error: "an address that begins with http:// or https://" })
  .max(2000);
export const pageDocument = z.strictObject({
  url: webAddress.describe(
    "a web page, or a file on the web: fetched in the background, also where robots.txt keeps crawlers away, since its owner names it himself; sent again, it is fetched again",
  ),
  title: title.optional().describe("the page's own when left out"),
});
const tag = text(50).regex(/^[^\p{Cc}]*$/u, "no line breaks or other control characters");
export const documentChange = z.strictObject({
  title: title.optional(),
  tags: z.array(tag).max(20).optional().describe("all tags that the document shall have"),
});
export const documentQuery = page.extend({
  q: z.string().trim().max(200).optional().describe("text in the title or in the address of a web page"),
  status: document.shape.status.optional(),
  source: document.shape.source.optional(),
  tag: z.string().max(50).optional(),
  language: z.string().max(10).optional().describe("ISO 639-1"),
});
const counted = z.object({ name: z.string(), documents: z.int() });
export const documentSummary = z.object({
  documents: z.int(),
  passages: z.int(),
  byStatus: z.record(document.shape.status, z.int()),
  bySource: z.array(counted),
  byLanguage: z.array(counted),
  byTag: z.array(counted).describe("the 200 most used"),
});
export const chunk = z.object({
  id,
  position: z.int(),
  text: z.string(),
  heading: z.string().optional(),
  page: z.int().optional(),
  start: z.int().describe("offset in the document's plain text, UTF-16 code units"),
  end: z.int(),
  tokens: z.int(),
  embedded: z.boolean(),
});
export const chunkList = list(chunk);
export const textQuery = z.object({
  from: z.coerce.number().int().min(0).default(0).describe("offset, UTF-16 code units"),
  length: z.coerce.number().int().min(1).max(100_000).default(20_000),
});
export const textSlice = z.object({
  from: z.int().describe("one less than asked for where a letter would have been cut in half"),
  text: z.string(),
  next: z.int().nullable().describe("where the next part begins; null at the end"),
});

export const questionQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });
export const documentQuestions = z.object({
  items: z.array(
    z.object({
      messageId: id.describe("of the answer"),
      conversationId: id,
      question: z.string().describe("its first 500 letters"),
      askedAt: timestamp,
      quote: z.string().describe("what the answer quoted of the document first"),
      confidence: confidence.optional(),
      action: action.optional(),
    }),
  ),
  messages: z.int().describe("how many of the latest messages were looked through"),
  older: z.boolean().describe("there are older messages, which were not looked through"),
});

export type DocumentBody = z.infer<typeof document>;
export type DocumentSummary = z.infer<typeof documentSummary>;
export type DocumentQuestions = z.infer<typeof documentQuestions>;
export type ChunkBody = z.infer<typeof chunk>;
export type TextSlice = z.infer<typeof textSlice>;
