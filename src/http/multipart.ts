/** Files of a multipart form: taken from the body piece by piece, and written to the disk as they come. */
import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import { AppError } from "../errors.ts";
import { uploadFolderPrefix } from "../tenants/data-folder.ts";
import { slicesOf } from "./body.ts";

/** The field whose files are taken. */
const fileField = "file";
/** Beside the files; nothing of ours sends any. */
const maxFields = 100;

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
  readonly #parts: FilePart[] = [];

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Reads all of the body, also where the form is refused on the way, so that the client hears why. What is in other
   * fields than `file` is left out, and so is a `file` that a browser sends where none was chosen.
   * @param tempDir a folder on the disk that is cleared of what a crash left there
   * @throws AppError unsupported_media_type, payload_too_large, invalid_request; what a full disk throws
   */
  static async read(request: Request, limits: FormLimits, tempDir: string): Promise<ReceivedForm> {
    const parser = parserFor(request, limits);
    const form = new ReceivedForm(join(tempDir, uploadFolderPrefix + randomUUID()));
    try {
      await mkdir(form.#folder, { mode: 0o700 });
      await form.#receive(request, parser, limits);
      return form;
    } catch (error) {
      await form[Symbol.asyncDispose]();
      throw error;
    }
  }

  get files(): ReceivedFile[] {
    return this.#parts
      .filter((part) => part.name !== "" || part.bytes > 0)
      .map((part) => ({ name: safeFileName(part.name), content: part.content }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #receive(request: Request, parser: BusboyInstance, limits: FormLimits): Promise<void> {
    let refusal: unknown;
    const refuse = (error: unknown) => {
      refusal ??= error;
    };
    const refuseAs = (message: string) => () => refuse(new AppError("invalid_request", message));
    parser.on("filesLimit", refuseAs(`At most ${limits.files} files can be sent at once.`));
    parser.on("fieldsLimit", refuseAs(`The form has more than ${maxFields} fields beside its files.`));
    parser.on("partsLimit", refuseAs("The form has too many parts."));
    parser.on("file", (field, stream, name) => {
      // The parser says it of the whole form too.
      stream.on("error", () => undefined);
      if (field !== fileField) return void stream.resume();
      const part = new FilePart(name ?? "", join(this.#folder, String(this.#parts.length)));
      this.#parts.push(part);
      stream.on("data", (bytes: Buffer) => part.add(bytes));
      stream.on("end", () => part.end());
      stream.on("limit", () => refuse(tooLargeFile(part.name, limits.fileBytes)));
    });
    const ended = new Promise<void>((resolve) => {
      parser.on("finish", resolve);
      parser.on("error", (error) => {
        refuse(
          new AppError("invalid_request", "The upload is not a complete multipart form.", { cause: error }),
        );
        resolve();
      });
    });
    try {
      for await (const slice of slicesOf(request, limits.bytes)) {
        if (refusal !== undefined) continue;
        await new Promise<void>((resolve) => parser.write(slice, () => resolve()));
        await this.#write().catch(refuse);
      }
      if (refusal === undefined) {
        parser.end();
        await ended;
        await this.#write().catch(refuse);
      }
      if (refusal !== undefined) throw refusal;
    } finally {
      for (const part of this.#parts) await part.close();
    }
  }

  /** What came since the last time. */
  async #write(): Promise<void> {
    // In almost every slice it is one file that goes on.
    for (const part of this.#parts) await part.write();
  }
}

/** One file as it comes. */
class FilePart {
  bytes = 0;
  #came: Buffer[] = [];
  #file: FileHandle | null = null;
  #ended = false;

  constructor(
    readonly name: string,
    readonly path: string,
  ) {}

  add(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.#came.push(bytes);
  }

  end(): void {
    this.#ended = true;
  }

  async write(): Promise<void> {
    for (const bytes of this.#came.splice(0)) {
      this.#file ??= await open(this.path, "wx", 0o600);
      // Not `write`, which may leave the rest of the bytes out where the disk ends.
      await this.#file.appendFile(bytes);
    }
    if (this.#ended) await this.close();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  get content(): Blob {
    return this.bytes === 0 ? new Blob([]) : Bun.file(this.path);
  }
}

/** @throws AppError unsupported_media_type */
function parserFor(request: Request, limits: FormLimits): BusboyInstance {
  const type = request.headers.get("content-type") ?? "";
  try {
    if (!/^multipart\/form-data\s*;/i.test(type)) throw new Error("another media type");
    return new Busboy({
      headers: { "content-type": type },
      preservePath: true,
      limits: {
        files: limits.files,
        fileSize: limits.fileBytes,
        fields: maxFields,
        parts: limits.files + maxFields,
      },
    });
  } catch (error) {
    throw new AppError(
      "unsupported_media_type",
      "Send files as multipart/form-data in the field `file`, or text as JSON.",
      { cause: error },
    );
  }
}

function tooLargeFile(name: string, limit: number): AppError {
  const size = Math.round(limit / 1024 / 1024);
  return new AppError(
    "payload_too_large",
    `"${safeFileName(name)}" is larger than the limit of ${size} MB for one document.`,
  );
}

/** The last part of a client's path, without what a file system or a header could trip over. */
export function safeFileName(name: string): string {
  const last = basename(name.normalize("NFC").replaceAll("\\", "/"))
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "")
    .trim();
  return last === "" || last === "." || last === ".." ? "document" : last.slice(0, 200);
}
