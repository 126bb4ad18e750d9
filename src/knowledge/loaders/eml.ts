import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { DocumentBuilder } from "./document-builder.ts";
import { splitMessages } from "./eml-mailbox.ts";
import { loadHtmlFragment } from "./html.ts";
import { LoadError, type LoadedDocument, type Loader } from "./loader.ts";
import type { Nesting } from "./nesting.ts";
import { Parts } from "./parts.ts";
import { addPlainText } from "./text.ts";

/** MIME parts inside of parts; real mail has five levels at most. */
const MAX_MIME_DEPTH = 100;
/** Lines that may begin a part. Each costs the library some memory, even when nothing is in it. */
const MAX_BOUNDARY_LINES = 100_000;
const MAX_ATTACHMENTS = 200;
const MAX_PEOPLE = 20;
/** Some programs write nothing but "your program shows no HTML" as plain text beside an HTML letter. */
const LEAST_PLAIN_SHARE = 0.2;

/** Saved e-mails (and mailbox files): subject, who wrote to whom and when, the text, and attachments as sections. */
export const emlLoader: Loader = {
  format: "eml",
  async load(bytes, _fileName, nesting) {
    nesting.checkDepth();
    const builder = new DocumentBuilder();
    const parts = new Parts(builder, nesting);
    const messages = splitMessages(bytes);
    for (const message of messages) await addMessage(builder, parts, message, nesting);
    if (!builder.isEmpty) return withNote(builder.build(), parts);
    throw new LoadError("no_text", "This e-mail holds no text that can be read.");
  },
};

function withNote(document: LoadedDocument, parts: Parts): LoadedDocument {
  const note = parts.note("attachments");
  return { ...document, ...(note === undefined ? {} : { note }) };
}

async function addMessage(
  builder: DocumentBuilder,
  parts: Parts,
  bytes: Uint8Array,
  nesting: Nesting,
): Promise<void> {
  const email = await parse(bytes);
  refuseEncrypted(email);
  const text = bodyOf(email);
  const files = email.attachments.filter((attachment) => !isDecoration(attachment));
  if (text.blocks.length === 0 && files.length === 0 && !email.subject) return;
  builder.add("heading", email.subject ?? "", { level: 1 });
  builder.add("paragraph", envelopeOf(email));
  for (const block of text.blocks) {
    const level = block.kind === "heading" ? { level: Math.min(6, (block.level ?? 1) + 1) } : {};
    builder.add(block.kind, block.text, level);
  }
  nesting.takeParts(Math.min(files.length, MAX_ATTACHMENTS));
  for (const [index, file] of files.entries()) {
    const name = file.filename ?? unnamed(file, index);
    if (index >= MAX_ATTACHMENTS) parts.fail(name, "too_large_inside", "only the first 200 are read");
    else await parts.add(name, () => contentOf(file, nesting));
  }
}

async function parse(bytes: Uint8Array): Promise<Email> {
  refuseTooManyParts(bytes);
  try {
    return await PostalMime.parse(bytes, { maxNestingDepth: MAX_MIME_DEPTH, forceRfc822Attachments: true });
  } catch (cause) {
    if (/nesting depth/i.test(String(cause))) {
      const message =
        "The parts of this e-mail are nested too deeply to be read. Save its text and upload that.";
      throw new LoadError("too_deep", message, { cause });
    }
    const message =
      "This e-mail could not be read; it may be damaged. Save it again and upload the new file.";
    throw new LoadError("damaged", message, { cause });
  }
}

function refuseTooManyParts(bytes: Uint8Array): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = buffer.indexOf("\n--"); at !== -1; at = buffer.indexOf("\n--", at + 3)) {
    if (++count > MAX_BOUNDARY_LINES) {
      throw new LoadError(
        "too_large_inside",
        "This e-mail has more parts than can be read at once. Save the text you need and upload that.",
      );
    }
  }
}

function refuseEncrypted(email: Email): void {
  const type = email.headers.find((header) => header.key === "content-type")?.value ?? "";
  if (!/^multipart\/encrypted|enveloped-data/i.test(type)) return;
  throw new LoadError(
    "encrypted",
    "This e-mail is encrypted. Save its text without encryption and upload that.",
  );
}

/** The plain text where it says as much as the HTML does. */
function bodyOf(email: Email): LoadedDocument {
  const plain = new DocumentBuilder();
  addPlainText(plain, email.text ?? "");
  const text = plain.build();
  if (!email.html) return text;
  const html = loadHtmlFragment(email.html);
  return text.text.length >= html.text.length * LEAST_PLAIN_SHARE && !plain.isEmpty ? text : html;
}

function envelopeOf(email: Email): string {
  const date = email.headers.find((header) => header.key === "date")?.value ?? email.date;
  const said: readonly (readonly [string, string | undefined])[] = [
    ["From", email.from && people([email.from])],
    ["To", people(email.to)],
    ["Cc", people(email.cc)],
    ["Date", date],
  ];
  return said.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join(" | ");
}

function people(addresses: readonly Address[] | undefined): string {
  const all = (addresses ?? []).flatMap((address) => address.group ?? [address]);
  const named = all.slice(0, MAX_PEOPLE).map(({ name, address }) => {
    if (!address) return name;
    return name === "" || name === address ? address : `${name} <${address}>`;
  });
  return named.join(", ") + (all.length > MAX_PEOPLE ? ` and ${all.length - MAX_PEOPLE} more` : "");
}

/** Logos and signatures that the HTML shows in its text, and proofs of the sender. */
function isDecoration(file: Attachment): boolean {
  if (/^application\/(?:x-)?(?:pkcs7|pgp)-signature$/.test(file.mimeType)) return true;
  return file.mimeType.startsWith("image/") && (file.related === true || file.disposition === "inline");
}

function unnamed(file: Attachment, index: number): string {
  if (file.mimeType === "message/rfc822") return `Attached e-mail ${index + 1}`;
  return `Attachment ${index + 1} (${file.mimeType})`;
}

function contentOf(file: Attachment, nesting: Nesting): Uint8Array {
  const { content } = file;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  nesting.takeBytes(bytes.length);
  return bytes;
}
