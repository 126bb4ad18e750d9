import { decodeText } from "./charset.ts";
import { detectText } from "./detect-text.ts";
import { type DetectedFile, type FileFormat, LoadError } from "./loader.ts";
import { hasZipEnd, inflateEntry, readLocalNames, readZipDirectory, type ZipEntry, ZipError } from "./zip.ts";

type Signature = readonly [offset: number, bytes: string, format: FileFormat, mediaType: string];

/** Leading bytes, as Latin-1. Only formats that a shop owner plausibly uploads, and those often mislabelled. */
const SIGNATURES: readonly Signature[] = [
  [0, "{\\rtf", "rtf", "application/rtf"],
  [0, "\x89PNG\r\n\x1a\n", "image", "image/png"],
  [0, "\xff\xd8\xff", "image", "image/jpeg"],
  [0, "GIF87a", "image", "image/gif"],
  [0, "GIF89a", "image", "image/gif"],
  [0, "II*\0", "image", "image/tiff"],
  [0, "MM\0*", "image", "image/tiff"],
  [8, "WEBP", "image", "image/webp"],
  [4, "ftypheic", "image", "image/heic"],
  [4, "ftypmif1", "image", "image/heic"],
  [4, "ftypavif", "image", "image/avif"],
  [0, "8BPS", "image", "image/vnd.adobe.photoshop"],
  [0, "Rar!\x1a\x07", "zip", "application/vnd.rar"],
  [0, "7z\xbc\xaf\x27\x1c", "zip", "application/x-7z-compressed"],
  [0, "\x1f\x8b", "zip", "application/gzip"],
  [0, "BZh", "zip", "application/x-bzip2"],
  [0, "\xfd7zXZ\0", "zip", "application/x-xz"],
  [257, "ustar", "zip", "application/x-tar"],
  [4, "ftyp", "binary", "video/mp4"],
  [0, "ID3", "binary", "audio/mpeg"],
  [0, "OggS", "binary", "application/ogg"],
  [0, "RIFF", "binary", "application/octet-stream"],
  [0, "\x7fELF", "binary", "application/x-executable"],
  [0, "SQLite format 3\0", "binary", "application/vnd.sqlite3"],
  [0, "\xffWPC", "binary", "application/vnd.wordperfect"],
];

const OLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const OFFICE_OPEN: Readonly<Record<string, FileFormat>> = { word: "docx", ppt: "pptx", xl: "xlsx" };
/** For packages whose folders have other names: the type of the main part, macros, templates and shows included. */
const OFFICE_CONTENT: readonly (readonly [type: RegExp, format: FileFormat])[] = [
  [/wordprocessingml|ms-word\.(?:document|template)/, "docx"],
  [/presentationml|ms-powerpoint\.(?:presentation|template|slideshow)/, "pptx"],
  [/spreadsheetml|ms-excel\.(?:sheet|template)/, "xlsx"],
];
const OPEN_DOCUMENT: readonly (readonly [prefix: string, format: FileFormat])[] = [
  ["application/epub+zip", "epub"],
  ["application/vnd.oasis.opendocument.text", "odt"],
  ["application/vnd.oasis.opendocument.spreadsheet", "ods"],
  ["application/vnd.oasis.opendocument.presentation", "odp"],
];
const MEDIA_TYPES: Partial<Record<FileFormat, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odp: "application/vnd.oasis.opendocument.presentation",
  epub: "application/epub+zip",
  zip: "application/zip",
};
/** Enough for the largest honest office files; the directory of a bomb is refused by the loader anyway. */
const MAX_DIRECTORY_ENTRIES = 65_535;

/**
 * Says what a file is by its content. The name decides only among texts (Markdown, CSV, plain) and for an encrypted
 * office file, whose kind cannot be seen.
 *
 * @throws LoadError "empty_file"
 */
export function detectFile(bytes: Uint8Array, fileName: string): DetectedFile {
  if (bytes.length === 0) {
    throw new LoadError(
      "empty_file",
      "This file is empty. Check that it was saved completely and upload it again.",
    );
  }
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString("latin1");
  if (/^(?:\xef\xbb\xbf)?\s*%PDF-/.test(head)) return pdf;
  if (
    head.startsWith("PK\x03\x04") ||
    head.startsWith("PK\x05\x06") ||
    head.startsWith("PK\x07\x08PK\x03\x04") ||
    head.startsWith("PK00PK\x03\x04")
  ) {
    return detectZip(bytes, fileName);
  }
  if (head.startsWith(OLE)) return detectOle(bytes, fileName);
  for (const [offset, signature, format, mediaType] of SIGNATURES) {
    if (head.startsWith(signature, offset)) return { format, mediaType };
  }
  return detectRest(bytes, head, fileName);
}

const pdf: DetectedFile = { format: "pdf", mediaType: "application/pdf" };

function detectRest(bytes: Uint8Array, head: string, fileName: string): DetectedFile {
  // Some scanners and mail gateways put a few lines before the header; PDF readers accept 1,024 bytes of it.
  const mark = head.slice(0, 1024).indexOf("%PDF-");
  if (mark > 0 && !/\.(?:txt|md|mdx|html?|eml)$/i.test(fileName)) return pdf;
  const decoded = decodeText(bytes.subarray(0, 64 * 1024));
  // The last part of a split archive, or one behind a self-extracting program: only its end says what it is.
  if (!decoded && hasZipEnd(bytes)) return { format: "zip", mediaType: "application/zip" };
  if (!decoded) return { format: "binary", mediaType: "application/octet-stream" };
  const detected = detectText(decoded.text, fileName, bytes.length > 64 * 1024);
  const named =
    detected.format === "txt" || detected.format === "markdown" ? packageNamed(fileName) : undefined;
  // Plain text under the name of an office file is what is left of one, or an error message in its place: its loader
  // says that it is damaged.
  return named ? { format: named, mediaType: MEDIA_TYPES[named] ?? "application/zip" } : detected;
}

function detectZip(bytes: Uint8Array, fileName: string): DetectedFile {
  const directory = directoryOf(bytes);
  const format = directory ? zipFormat(bytes, directory) : brokenZipFormat(bytes, fileName);
  return { format, mediaType: MEDIA_TYPES[format] ?? "application/zip" };
}

function directoryOf(bytes: Uint8Array): readonly ZipEntry[] | undefined {
  try {
    return readZipDirectory(bytes, MAX_DIRECTORY_ENTRIES);
  } catch (error) {
    if (error instanceof ZipError) return undefined;
    throw error;
  }
}

function zipFormat(bytes: Uint8Array, entries: readonly ZipEntry[]): FileFormat {
  const mimetype = entries.find((entry) => entry.name === "mimetype");
  const declared = mimetype ? openDocumentFormat(inflateQuietly(bytes, mimetype)) : undefined;
  if (declared) return declared;
  const named = new Map(entries.map((entry) => [entry.name.replaceAll("\\", "/"), entry]));
  if (named.has("META-INF/container.xml")) return "epub";
  const names = [...named.keys()];
  return officeFormat(names) ?? formatByContents(bytes, named) ?? "zip";
}

function openDocumentFormat(mediaType: string): FileFormat | undefined {
  return OPEN_DOCUMENT.find(([prefix]) => mediaType.startsWith(prefix))?.[1];
}

/** Packages without the usual marks: what their own list of parts says. */
function formatByContents(bytes: Uint8Array, named: ReadonlyMap<string, ZipEntry>): FileFormat | undefined {
  const list = (pattern: RegExp): string => {
    for (const [name, entry] of named)
      if (pattern.test(name)) return inflateQuietly(bytes, entry, 1024 * 1024);
    return "";
  };
  const contentTypes = list(/^\/?\[content_types\]\.xml$/i);
  const office = OFFICE_CONTENT.find(([type]) => type.test(contentTypes));
  if (office) return office[1];
  if (!named.has("content.xml")) return undefined;
  const root = /full-path\s*=\s*["']\/["'][^<>]*>/.exec(list(/^META-INF\/manifest\.xml$/))?.[0];
  return openDocumentFormat(/media-type\s*=\s*["']([^"']*)["']/.exec(root ?? "")?.[1] ?? "");
}

function officeFormat(names: readonly string[]): FileFormat | undefined {
  if (!names.some((name) => /^\/?\[content_types\]\.xml$/i.test(name))) return undefined;
  for (const [folder, format] of Object.entries(OFFICE_OPEN)) {
    if (names.some((name) => name.toLowerCase().startsWith(`${folder}/`))) return format;
  }
  return undefined;
}

/** A truncated office file still starts with its content types; then its name says which kind it was to be. */
function brokenZipFormat(bytes: Uint8Array, fileName: string): FileFormat {
  const names = readLocalNames(bytes);
  const seen = officeFormat(names);
  if (seen) return seen;
  const office = names.some((name) => name === "[Content_Types].xml" || name === "_rels/.rels");
  const open = names[0] === "mimetype" || names.some((name) => name.startsWith("META-INF/"));
  return (office ? officeNamed(fileName) : open ? packageNamed(fileName) : undefined) ?? "zip";
}

/** The format of a name that stands for a package of parts. */
function packageNamed(fileName: string): FileFormat | undefined {
  const extension = /\.(?:(od[tsp])|ot([tsp])|(epub))$/i.exec(fileName);
  const open = extension?.[1] ?? (extension?.[2] ? `od${extension[2]}` : extension?.[3]);
  const known = OPEN_DOCUMENT.find(([, format]) => format === open?.toLowerCase());
  return known?.[1] ?? officeNamed(fileName);
}

/** Documents, templates, shows and their variants with macros. */
function officeNamed(fileName: string): FileFormat | undefined {
  if (/\.do[ct][xm]$/i.test(fileName)) return "docx";
  if (/\.p(?:pt|ot|ps)[xm]$/i.test(fileName)) return "pptx";
  return /\.xl[st][xm]$/i.test(fileName) ? "xlsx" : undefined;
}

function inflateQuietly(bytes: Uint8Array, entry: ZipEntry, maxBytes = 4096): string {
  try {
    return new TextDecoder().decode(inflateEntry(bytes, entry, maxBytes)).trim();
  } catch (error) {
    if (error instanceof ZipError) return "";
    throw error;
  }
}

/** The OLE container names its streams in UTF-16; the names tell the program that wrote it. */
function detectOle(bytes: Uint8Array, fileName: string): DetectedFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (name: string): boolean => buffer.includes(Buffer.from(name, "utf16le"));
  if (has("EncryptedPackage") && has("EncryptionInfo")) {
    const format = officeNamed(fileName) ?? "docx";
    return { format, mediaType: MEDIA_TYPES[format] ?? "application/octet-stream", encrypted: true };
  }
  if (has("WordDocument")) return { format: "doc", mediaType: "application/msword" };
  if (has("PowerPoint Document")) return { format: "ppt", mediaType: "application/vnd.ms-powerpoint" };
  if (has("Workbook")) return { format: "xls", mediaType: "application/vnd.ms-excel" };
  return { format: "binary", mediaType: "application/x-ole-storage" };
}
