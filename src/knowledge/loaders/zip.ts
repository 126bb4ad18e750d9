import { Inflate } from "fflate";

/** One entry of a zip's central directory. Sizes are what the file claims; `inflateEntry` trusts none of them. */
export interface ZipEntry {
  /** As UTF-8, which is what office programs write; `nameBytes` for archives of any program. */
  readonly name: string;
  readonly nameBytes: Uint8Array;
  /** The archive says that the name is UTF-8. */
  readonly nameIsUtf8: boolean;
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
  /** It lies in another part of an archive that was split into several files. */
  readonly elsewhere: boolean;
}

export class ZipError extends Error {
  override readonly name = "ZipError";
}

/** The next inflated bytes would exceed the limit that the caller gave. */
export class ZipTooLargeError extends ZipError {}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_LENGTH = 22;

/**
 * Reads the central directory, which is what office programs go by. Archives of more than 65,535 entries or
 * 4 GB (zip64) are refused: no document is one.
 *
 * @throws ZipError when there is no sound directory, ZipTooLargeError when it has more than `maxEntries`.
 */
export function readZipDirectory(bytes: Uint8Array, maxEntries: number): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > maxEntries) throw new ZipTooLargeError(`${count} entries`);
  const entries: ZipEntry[] = [];
  const shift = directoryShift(view, end);
  const lastPart = view.getUint16(end + 4, true);
  let at = view.getUint32(end + 16, true) + shift;
  for (let i = 0; i < count; i++) {
    if (!isEntryAt(view, at)) throw new ZipError("directory entry missing");
    const nameLength = view.getUint16(at + 28, true);
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
    entries.push({
      name: new TextDecoder().decode(nameBytes),
      nameBytes,
      nameIsUtf8: (view.getUint16(at + 8, true) & 0x800) !== 0,
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true) + shift,
      elsewhere: view.getUint16(at + 34, true) !== lastPart,
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function isEntryAt(view: DataView, at: number): boolean {
  return at + 46 <= view.byteLength && view.getUint32(at, true) === ENTRY_SIGNATURE;
}

/** Bytes before the archive, as an unpacking program puts them there, that its offsets do not count. */
function directoryShift(view: DataView, end: number): number {
  const claimed = view.getUint32(end + 16, true);
  const actual = end - view.getUint32(end + 12, true);
  return !isEntryAt(view, claimed) && actual > claimed && isEntryAt(view, actual) ? actual - claimed : 0;
}

/**
 * Inflates one entry and stops as soon as it has grown past `maxBytes`, whatever size it claims.
 *
 * @throws ZipTooLargeError, ZipError when the entry is damaged, encrypted or packed in an unknown way.
 */
export function inflateEntry(bytes: Uint8Array, entry: ZipEntry, maxBytes: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  inflateEntryTo(bytes, entry, maxBytes, (chunk) => chunks.push(chunk));
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}

/**
 * Like `inflateEntry`, but hands the bytes on as they come, at most 17 MB at a time, so that a large entry never
 * stands in memory whole. What `sink` throws ends the inflating and is thrown.
 */
export function inflateEntryTo(
  bytes: Uint8Array,
  entry: ZipEntry,
  maxBytes: number,
  sink: (chunk: Uint8Array) => void,
): void {
  const packed = packedBytes(bytes, entry);
  if (entry.encrypted) throw new ZipError("entry is encrypted");
  if (entry.method === 0) {
    if (packed.length > maxBytes) throw new ZipTooLargeError(entry.name);
    sink(packed);
    return;
  }
  if (entry.method !== 8) throw new ZipError(`unknown method ${entry.method}`);
  inflateWithin(packed, maxBytes, entry.name, sink);
}

/** Names in the local headers from the start of the file: all that a truncated archive still tells. */
export function readLocalNames(bytes: Uint8Array, limit = 16): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  let at = 0;
  while (names.length < limit && at + 30 <= view.byteLength && view.getUint32(at, true) === LOCAL_SIGNATURE) {
    const nameLength = view.getUint16(at + 26, true);
    names.push(new TextDecoder().decode(bytes.subarray(at + 30, at + 30 + nameLength)));
    at += 30 + nameLength + view.getUint16(at + 28, true) + view.getUint32(at + 18, true);
  }
  return names;
}

/** True when the bytes end like a zip, whatever they begin with. */
export function hasZipEnd(bytes: Uint8Array): boolean {
  return endOffset(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) !== undefined;
}

function findEnd(view: DataView): number {
  const at = endOffset(view);
  if (at === undefined) throw new ZipError("no end of central directory");
  return at;
}

function endOffset(view: DataView): number | undefined {
  const lowest = Math.max(0, view.byteLength - END_LENGTH - 0xffff);
  for (let at = view.byteLength - END_LENGTH; at >= lowest; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return undefined;
}

function packedBytes(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = entry.headerOffset;
  if (at + 30 > view.byteLength || view.getUint32(at, true) !== LOCAL_SIGNATURE) {
    throw new ZipError("local header missing");
  }
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + entry.compressedSize > bytes.length) throw new ZipError("entry is cut off");
  return bytes.subarray(start, start + entry.compressedSize);
}

function inflateWithin(
  packed: Uint8Array,
  maxBytes: number,
  name: string,
  sink: (chunk: Uint8Array) => void,
): void {
  let inflated: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate((chunk) => {
    total += chunk.length;
    if (total > maxBytes) throw new ZipTooLargeError(name);
    inflated.push(chunk);
  });
  const step = 16 * 1024; // deflate grows at most 1,032-fold, so one step never yields more than 17 MB
  for (let at = 0; at < packed.length || at === 0; at += step) {
    const last = at + step >= packed.length;
    pushInto(inflate, packed.subarray(at, at + step), last);
    // Outside of the inflating, so that an error of the reader is not taken for a damaged entry.
    for (const chunk of inflated) if (chunk.length > 0) sink(chunk);
    inflated = [];
  }
}

function pushInto(inflate: Inflate, part: Uint8Array, last: boolean): void {
  try {
    inflate.push(part, last);
  } catch (cause) {
    throw cause instanceof ZipError ? cause : new ZipError("damaged entry", { cause });
  }
}
