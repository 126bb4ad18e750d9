/** Files of a multipart form: taken from the body piece by piece, and written to the disk as they come. */
import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Dicer } from "@fastify/busboy";
import { AppError } from "../errors.ts";
import { tooLargeDocument } from "../knowledge/knowledge.ts";
import { uploadFolderPrefix } from "../tenants/data-folder.ts";
import { slicesOf } from "./body.ts";

/** The field whose files are taken. */
const fileField = "file";
/** Parts of a form that are no files of ours; nothing of ours sends any. */
const otherParts = 100;
/** Of one part. A name of 5,000 letters fits. */
const maxHeaderBytes = 16 * 1024;
const maxHeaders = 100;
const maxBoundary = 200;
/** What the parser gets at a time: it may hold a part in every six bytes, each of which costs as much as a page of text. */
const parsedBytes = 4 * 1024;

export interface FormLimits {
  /** Of the whole body. */
  readonly bytes: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** How many. */
  readonly files: number;
}

export interface ReceivedFile {
  /** The client's, without what a file system or a header could trip over. */
  readonly name: string;
  readonly content: Blob;
}

/** The files of a form in the order of the form; they go away with this. */
export class ReceivedForm implements AsyncDisposable {
  readonly #folder: string;
  readonly #limits: FormLimits;
  readonly #parts: FilePart[] = [];
  #partCount = 0;
  #refusal: unknown;

  private constructor(folder: string, limits: FormLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /**
   * Reads all of the body, also where the form is refused on the way, so that the client hears why. What is in other
   * fields than `file` is left out, and so is a `file` that a browser sends where none was chosen.
   * @param tempDir a folder on the disk that is cleared of what a crash left there
   * @throws AppError unsupported_media_type, payload_too_large, invalid_request; what a full disk throws
   */
  static async read(request: Request, limits: FormLimits, tempDir: string): Promise<ReceivedForm> {
    const boundary = boundaryOf(request);
    const form = new ReceivedForm(join(tempDir, uploadFolderPrefix + randomUUID()), limits);
    try {
      await mkdir(form.#folder, { mode: 0o700 });
      await form.#receive(request, boundary);
      return form;
    } catch (error) {
      await form[Symbol.asyncDispose]();
      throw error;
    }
  }

  get files(): ReceivedFile[] {
    return this.#parts.filter((part) => part.isFile).map((part) => part.received());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #receive(request: Request, boundary: string): Promise<void> {
    const config = { boundary, maxHeaderPairs: maxHeaders, maxHeaderSize: maxHeaderBytes };
    const parser = new Dicer(config);
    parser.on("part", (part) => this.#takePart(part));
    const ended = new Promise<void>((resolve) => {
      parser.on("finish", () => resolve());
      parser.on("error", (error) => {
        this.#refuse("The upload is not a complete multipart form.", error);
        resolve();
      });
    });
    try {
      for await (const slice of slicesOf(request, this.#limits.bytes)) {
        for (let from = 0; from < slice.length && this.#refusal === undefined; from += parsedBytes)
          await new Promise<void>((resolve) =>
            parser.write(slice.subarray(from, from + parsedBytes), () => resolve()),
          );
        await this.#write();
      }
      if (this.#refusal === undefined) {
        parser.end();
        await ended;
        await this.#write();
      }
      if (this.#refusal !== undefined) throw this.#refusal;
    } finally {
      for (const part of this.#parts) await part.close();
    }
  }

  #refuse(message: string, cause?: unknown): void {
    this.#refusal ??= new AppError("invalid_request", message, { cause });
  }

  #takePart(part: Dicer.PartStream): void {
    this.#partCount += 1;
    const { files, fileBytes } = this.#limits;
    if (this.#partCount > files + otherParts)
      this.#refuse(
        `The form has more than ${files + otherParts} parts. At most ${files} files can be sent at once.`,
      );
    let isUnderstood = false;
    // The parser says it of the whole form too.
    part.on("error", () => undefined);
    part.on("end", () => {
      if (!isUnderstood)
        this.#refuse("The form has a part whose header is broken. Nothing of the form was stored.");
    });
    part.on("header", (header) => {
      const disposition = dispositionOf(header);
      if (disposition === null) return;
      isUnderstood = true;
      if (disposition.field !== fileField || disposition.fileName === null) return;
      const { fileName } = disposition;
      const file = new FilePart(fileName, join(this.#folder, String(this.#parts.length)));
      this.#parts.push(file);
      part.on("data", (bytes: Buffer) => {
        file.add(bytes);
        if (file.bytes > fileBytes) this.#refusal ??= tooLargeDocument(safeFileName(fileName), fileBytes);
      });
      part.on("end", () => file.end());
    });
    // Nothing comes before its header; what nobody wants goes by.
    part.resume();
  }

  /** What came since the last time, to the disk, unless the form is refused by now. */
  async #write(): Promise<void> {
    if (this.#parts.filter((part) => part.isFile).length > this.#limits.files)
      this.#refuse(`At most ${this.#limits.files} files can be sent at once.`);
    if (this.#refusal !== undefined) return;
    try {
      for (const part of this.#parts) await part.write();
    } catch (error) {
      this.#refusal = error;
    }
  }
}

/** One file as it comes. */
class FilePart {
  bytes = 0;
  #came: Buffer[] = [];
  #file: FileHandle | null = null;
  #hasEnded = false;

  constructor(
    readonly name: string,
    readonly path: string,
  ) {}

  /** False as long as it is what a browser sends where no file was chosen. */
  get isFile(): boolean {
    return this.name !== "" || this.bytes > 0;
  }

  received(): ReceivedFile {
    const content = this.bytes === 0 ? new Blob([]) : Bun.file(this.path);
    return { name: safeFileName(this.name), content };
  }

  add(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.#came.push(bytes);
  }

  end(): void {
    this.#hasEnded = true;
  }

  async write(): Promise<void> {
    if (this.#came.length > 0) {
      const bytes = Buffer.concat(this.#came);
      this.#came = [];
      this.#file ??= await open(this.path, "wx", 0o600);
      // Not `write`, which may leave the rest of the bytes out where the disk ends.
      await this.#file.appendFile(bytes);
    }
    if (this.#hasEnded && this.#came.length === 0) await this.close();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

/** @throws AppError unsupported_media_type, invalid_request */
function boundaryOf(request: Request): string {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type))
    throw new AppError(
      "unsupported_media_type",
      "Send files as multipart/form-data in the field `file`, or text as JSON.",
    );
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]*))/i.exec(type) ?? [];
  const boundary = quoted ?? bare ?? "";
  if (boundary === "" || boundary.length > maxBoundary)
    throw new AppError("invalid_request", "The header Content-Type names no boundary of the form's parts.");
  return boundary;
}

interface Disposition {
  readonly field: string;
  /** Null: a value, not a file. Empty where a browser sends that none was chosen. */
  readonly fileName: string | null;
}

/** `filename="a.txt"`, also with a quote written `\"`, as curl does, and a backslash before the last quote. */
const parameter = /\s*;\s*([\w*-]+)=(?:"((?:\\"|[^"])*)"|([^\s;"]+))/y;

/**
 * What the header of a part says: RFC 7578, with quotes and line breaks of names written as `%22` and so on, as
 * browsers do. Null where it is no part of a form.
 */
function dispositionOf(header: object): Disposition | null {
  const [text] =
    (header as Readonly<Record<string, readonly string[] | undefined>>)["content-disposition"] ?? [];
  const kind = /^form-data(?=\s*(?:;|$))/i.exec(text ?? "");
  if (text === undefined || kind === null) return null;
  const values = new Map<string, string>();
  parameter.lastIndex = kind[0].length;
  for (let at = parameter.lastIndex; text.slice(at).trim() !== ""; at = parameter.lastIndex) {
    const [, name = "", quoted, bare] = parameter.exec(text) ?? [];
    if (name === "") return null;
    // The parser gives bytes as letters.
    values.set(name.toLowerCase(), Buffer.from(quoted ?? bare ?? "", "latin1").toString("utf8"));
  }
  const extended = /^utf-8'[^']*'(.*)$/i.exec(values.get("filename*") ?? "")?.[1];
  const fileName = extended === undefined ? values.get("filename") : decodedPercent(extended);
  return { field: values.get("name") ?? "", fileName: fileName === undefined ? null : unescaped(fileName) };
}

function unescaped(name: string): string {
  return name.replaceAll('\\"', '"').replace(/%(?:22|0A|0D)/gi, decodeURIComponent);
}

function decodedPercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The last part of a client's path, without what a file system or a header could trip over. */
export function safeFileName(name: string): string {
  const last = basename(name.normalize("NFC").replaceAll("\\", "/"))
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "")
    .trim();
  return last === "" || last === "." || last === ".." ? "document" : last.slice(0, 200);
}
