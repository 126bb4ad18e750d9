import type { Recognition } from "../ocr/recognition.ts";
import { LoadError, type LoadedDocument } from "./loader.ts";

/** An archive in an archive in an archive: deeper is nobody's filing, but many an attack. */
const MAX_DEPTH = 2;
/** Real, not claimed, sizes of everything that one uploaded file unpacks to, at all depths together. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;
/** Files inside one uploaded file, at all depths together. */
const MAX_PARTS = 10_000;

type LoadInside = (bytes: Uint8Array, fileName: string, nesting: Nesting) => Promise<LoadedDocument>;

/** How scans are read. `gave-up`: it was tried with this upload, and took more than one file may. */
export type RecognitionState = Recognition | "off" | "gave-up";

interface Shares {
  bytes: number;
  parts: number;
}

/**
 * Where a file stands that came inside another (in an archive, attached to an e-mail), and what all files that came
 * with it may still use up. One for each depth; all of one upload count on the same limits.
 */
export class Nesting {
  readonly #depth: number;
  readonly #shares: Shares;
  readonly #load: LoadInside;

  private constructor(
    load: LoadInside,
    depth: number,
    shares: Shares,
    readonly recognition: RecognitionState,
  ) {
    this.#load = load;
    this.#depth = depth;
    this.#shares = shares;
  }

  /** For the file that was uploaded. `load` reads the files inside, whatever they are. */
  static outermost(load: LoadInside, recognition: RecognitionState = "off"): Nesting {
    return new Nesting(load, 0, { bytes: MAX_UNPACKED_BYTES, parts: MAX_PARTS }, recognition);
  }

  /** Bytes that may still be unpacked. */
  get bytesLeft(): number {
    return this.#shares.bytes;
  }

  /** True once a limit was exceeded: then nothing more of this upload is read. */
  get isSpent(): boolean {
    return this.#shares.bytes < 0 || this.#shares.parts < 0;
  }

  /** @throws LoadError "too_deep" when a file that holds other files stands too deep to be opened. */
  checkDepth(): void {
    if (this.#depth <= MAX_DEPTH) return;
    throw new LoadError(
      "too_deep",
      "Archives are nested too deeply in this file. Unpack the inner ones and upload their files.",
    );
  }

  /** @throws LoadError "too_large_inside" when more was unpacked than one upload may hold. */
  takeBytes(bytes: number): void {
    this.#shares.bytes -= bytes;
    if (this.#shares.bytes < 0) throw tooLarge("This file unpacks to more than 200 MB.");
  }

  /** @throws LoadError "too_large_inside" */
  takeParts(parts: number): void {
    this.#shares.parts -= parts;
    if (this.#shares.parts < 0) throw tooLarge("This file holds more than 10,000 files.");
  }

  /** Reads a file that came inside. @throws LoadError */
  load(bytes: Uint8Array, fileName: string): Promise<LoadedDocument> {
    return this.#load(
      bytes,
      fileName,
      new Nesting(this.#load, this.#depth + 1, this.#shares, this.recognition),
    );
  }
}

function tooLarge(what: string): LoadError {
  return new LoadError("too_large_inside", `${what} Split it into several smaller ones and upload those.`);
}
