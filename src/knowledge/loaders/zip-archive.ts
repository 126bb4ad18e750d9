import { Gunzip } from "fflate";
import { DocumentBuilder } from "./document-builder.ts";
import { LoadError, type LoadErrorCode, type LoadedDocument, type Loader } from "./loader.ts";
import type { Nesting } from "./nesting.ts";
import { Parts } from "./parts.ts";
import { inflateEntry, readZipDirectory, type ZipEntry, ZipError, ZipTooLargeError } from "./zip.ts";
import { decodeNames } from "./zip-names.ts";

const MAX_ENTRIES = 10_000;
/** As much as may be uploaded as a single file. */
const MAX_ENTRY_BYTES = 50 * 1024 * 1024;
/** What file managers and version control leave behind. */
const JUNK =
  /(?:^|\/)(?:__MACOSX|\.git|\.svn|node_modules)\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.gitignore|\.gitkeep|\._[^/]*)$/i;
/** They are texts, but nobody's answer stands in them; saved web pages come with many. */
const PROGRAM = /\.(?:css|m?js|map|scss|less)$/i;

/** An archive of documents is one document: each file in it is a section. A gzip file is the one file in it. */
export const zipLoader: Loader = {
  format: "zip",
  async load(bytes, fileName, nesting) {
    nesting.checkDepth();
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return loadGzip(bytes, fileName, nesting);
    refuseOthers(bytes);
    const builder = new DocumentBuilder();
    const parts = new Parts(builder, nesting);
    const entries = directoryOf(bytes);
    nesting.takeParts(entries.length);
    const names = decodeNames(entries.map((entry) => ({ bytes: entry.nameBytes, utf8: entry.nameIsUtf8 })));
    for (const [index, entry] of entries.entries()) {
      await addEntry(parts, bytes, entry, names[index] ?? entry.name, nesting);
    }
    if (parts.read === 0) throw nothingRead(parts);
    return asSections(builder, parts);
  },
};

function asSections(builder: DocumentBuilder, parts: Parts): LoadedDocument {
  // The first heading is the name of one file: the archive's own name is the better title.
  const note = parts.note("files");
  return { ...builder.build({ title: false }), ...(note === undefined ? {} : { note }) };
}

function directoryOf(bytes: Uint8Array): readonly ZipEntry[] {
  try {
    return readZipDirectory(bytes, MAX_ENTRIES);
  } catch (cause) {
    if (cause instanceof ZipTooLargeError) {
      const message =
        "This archive holds more than 10,000 files. Split it into several smaller ones and upload those.";
      throw new LoadError("too_large_inside", message, { cause });
    }
    if (!(cause instanceof ZipError)) throw cause;
    const message = "This archive is damaged or incomplete. Pack the files again and upload the new archive.";
    throw new LoadError("damaged", message, { cause });
  }
}

async function addEntry(
  parts: Parts,
  bytes: Uint8Array,
  entry: ZipEntry,
  rawName: string,
  nesting: Nesting,
): Promise<void> {
  const name = rawName.replaceAll("\\", "/");
  if (name.endsWith("/") || JUNK.test(name)) return;
  if (entry.elsewhere) parts.fail(name, "damaged", "lies in another part of a split archive");
  else if (entry.encrypted) parts.fail(name, "encrypted");
  else if (PROGRAM.test(name)) parts.fail(name, "not_supported_yet", "program code is no document");
  else await parts.add(name, () => unpack(bytes, entry, nesting));
}

function unpack(bytes: Uint8Array, entry: ZipEntry, nesting: Nesting): Uint8Array {
  const limit = Math.min(MAX_ENTRY_BYTES, nesting.bytesLeft);
  try {
    const unpacked = inflateEntry(bytes, entry, limit);
    nesting.takeBytes(unpacked.length);
    return unpacked;
  } catch (cause) {
    if (!(cause instanceof ZipTooLargeError)) throw cause;
    // The work is done although its result is thrown away: it counts, or a bomb could do it again and again.
    nesting.takeBytes(limit + (limit < MAX_ENTRY_BYTES ? 1 : 0));
    throw new LoadError("too_large_inside", "This file unpacks to more than 50 MB.", { cause });
  }
}

function loadGzip(bytes: Uint8Array, fileName: string, nesting: Nesting): Promise<LoadedDocument> {
  const limit = Math.min(MAX_ENTRY_BYTES, nesting.bytesLeft);
  nesting.takeParts(1);
  const unpacked = gunzip(bytes, limit);
  nesting.takeBytes(unpacked.length);
  return nesting.load(unpacked, fileName.replace(/\.tgz$/i, ".tar").replace(/\.gz$/i, ""));
}

function gunzip(bytes: Uint8Array, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const stream = new Gunzip((chunk) => {
    total += chunk.length;
    if (total > limit) throw tooLarge();
    chunks.push(chunk);
  });
  const step = 16 * 1024;
  try {
    for (let at = 0; at < bytes.length; at += step) {
      stream.push(bytes.subarray(at, at + step), at + step >= bytes.length);
    }
  } catch (cause) {
    if (cause instanceof LoadError) throw cause;
    const message = "This gzip file is damaged or incomplete. Pack it again and upload the new file.";
    throw new LoadError("damaged", message, { cause });
  }
  return Buffer.concat(chunks, total);
}

function tooLarge(): LoadError {
  return new LoadError(
    "too_large_inside",
    "This file unpacks to more than 50 MB. Unpack it and upload its parts.",
  );
}

const OTHER_ARCHIVES: readonly (readonly [offset: number, bytes: string, name: string])[] = [
  [0, "Rar!", "RAR archives"],
  [0, "7z\xbc\xaf", "7-Zip archives"],
  [0, "BZh", "bzip2 archives"],
  [0, "\xfd7zXZ", "XZ archives"],
  [257, "ustar", "TAR archives"],
];

function refuseOthers(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.subarray(0, 512)).toString("latin1");
  const other = OTHER_ARCHIVES.find(([offset, signature]) => head.startsWith(signature, offset));
  if (!other) return;
  throw new LoadError(
    "not_supported_yet",
    `${other[2]} cannot be read yet. Unpack it, and upload the files inside or a ZIP archive of them.`,
  );
}

/** The most telling of the reasons stands for the whole archive. */
function nothingRead(parts: Parts): LoadError {
  const codes = new Set(parts.failures.map((failure) => failure.code));
  if (codes.size === 0) {
    return new LoadError("no_text", "This archive holds no documents. Add some and upload it again.");
  }
  if (codes.size === 1 && codes.has("encrypted")) {
    return new LoadError(
      "encrypted",
      "All files in this archive are protected with a password. Pack them again without it and upload that.",
    );
  }
  const serious: readonly LoadErrorCode[] = ["too_large_inside", "too_deep"];
  const code =
    serious.find((candidate) => codes.has(candidate)) ?? (codes.size === 1 ? [...codes][0] : "no_text");
  return new LoadError(
    code === "damaged" ? "damaged" : (code ?? "no_text"),
    `None of the files in this archive could be read: ${parts.reasons(1_500)}.`,
  );
}
