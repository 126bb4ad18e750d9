import { LoadError } from "./loader.ts";
import {
  inflateEntry,
  inflateEntryTo,
  readZipDirectory,
  type ZipEntry,
  ZipError,
  ZipTooLargeError,
} from "./zip.ts";

/** Real, not claimed, sizes, of everything that is read. A thousand pages are about 10 MB of XML. */
const MAX_INFLATED_BYTES = 200 * 1024 * 1024;
const MAX_ENTRIES = 10_000;

/** What the file is, for the owner: `name` in a sentence ("Word document"), `program` opens and saves it. */
export interface OfficeKind {
  readonly name: string;
  readonly program: string;
}

/**
 * The parts of an office file (a ZIP of XML parts), inflated only when asked for and within one limit for all of
 * them together: a part that is asked for twice counts twice. Names are found whatever their case and slashes.
 */
export class OfficePackage {
  readonly #bytes: Uint8Array;
  readonly #entries = new Map<string, ZipEntry>();
  readonly #names: string[] = [];
  #left = MAX_INFLATED_BYTES;

  /** @throws LoadError "damaged", "too_large_inside" (more than 10,000 entries) */
  constructor(
    bytes: Uint8Array,
    readonly kind: OfficeKind,
  ) {
    this.#bytes = bytes;
    for (const entry of this.#guarded(() => readZipDirectory(bytes, MAX_ENTRIES))) {
      const name = entry.name.replaceAll("\\", "/").replace(/^\//, "");
      if (name.endsWith("/")) continue;
      this.#names.push(name);
      this.#entries.set(name.toLowerCase(), entry);
    }
  }

  /** Names of all parts in the order of the file, with "/" and without a leading one. */
  get names(): readonly string[] {
    return this.#names;
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /**
   * @returns undefined when there is no such part
   * @throws LoadError "damaged", "encrypted", "too_large_inside"
   */
  read(name: string): Uint8Array | undefined {
    const entry = this.#entry(name);
    if (!entry) return undefined;
    const part = this.#guarded(() => inflateEntry(this.#bytes, entry, this.#left));
    this.#left -= part.length;
    return part;
  }

  /**
   * Hands a part on piece by piece, for parts that need not stand in memory whole.
   *
   * @returns false when there is no such part
   * @throws like `read`, and whatever `sink` throws
   */
  stream(name: string, sink: (chunk: Uint8Array) => void): boolean {
    const entry = this.#entry(name);
    if (!entry) return false;
    this.#guarded(() =>
      inflateEntryTo(this.#bytes, entry, this.#left, (chunk) => {
        this.#left -= chunk.length;
        sink(chunk);
      }),
    );
    return true;
  }

  /** The error for a file of this kind whose parts contradict each other. */
  damaged(cause?: unknown): LoadError {
    const { name, program } = this.kind;
    const message = `This ${name} is damaged or incomplete. Open it in ${program}, save it again and upload the new file.`;
    return new LoadError("damaged", message, { cause });
  }

  noText(): LoadError {
    const message = `This ${this.kind.name} holds no text. If it holds pictures of text, add that text as text.`;
    return new LoadError("no_text", message);
  }

  #entry(name: string): ZipEntry | undefined {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry?.encrypted) throw encrypted(this.kind);
    return entry;
  }

  #guarded<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof ZipTooLargeError) throw this.#tooLarge(cause);
      if (cause instanceof ZipError) throw this.damaged(cause);
      throw cause;
    }
  }

  #tooLarge(cause: unknown): LoadError {
    const { name } = this.kind;
    const message = `This ${name} unpacks to far more than such a file needs. Save what you need of it as a new file.`;
    return new LoadError("too_large_inside", message, { cause });
  }
}

/** The refusal of a file of this kind that only opens with a password or a licence. */
export function encrypted(kind: OfficeKind): LoadError {
  const message = `This ${kind.name} is protected with a password. Save a copy without the password and upload that.`;
  return new LoadError("encrypted", message);
}

/**
 * Where a reference leads that stands in part `from`: relative to it, or from the root when it begins with "/".
 * Steps above the root stay at the root; a part outside the package cannot be named.
 */
export function resolvePart(from: string, target: string): string {
  const path = decoded(target.replace(/[?#].*$/s, "")).replaceAll("\\", "/");
  const steps = path.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const step of path.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
