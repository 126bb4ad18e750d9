/** Reading bodies with a limit that counts what really arrives. */
import { AppError } from "../errors.ts";

export const defaultMaxJson = 256 * 1024;
const maxDepth = 32;

function tooLarge(limit: number): AppError {
  const size =
    limit >= 1024 * 1024 ? `${Math.round(limit / 1024 / 1024)} MB` : `${Math.round(limit / 1024)} KB`;
  return new AppError("payload_too_large", `The body of this request is larger than the limit of ${size}.`);
}

/** Refuses by the announced length, before anything is read. */
export function checkLength(request: Request, limit: number): void {
  const length = request.headers.get("content-length");
  if (length !== null && Number(length) > limit) throw tooLarge(limit);
}

async function readText(request: Request, limit: number): Promise<string> {
  checkLength(request, limit);
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for await (const piece of request.body) {
      size += piece.length;
      if (size > limit) throw tooLarge(limit);
      text += decoder.decode(piece, { stream: true });
    }
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("invalid_json", "The body is not UTF-8 text.", { cause: error });
  }
}

/** The JSON value of the body. @throws AppError unsupported_media_type, payload_too_large, invalid_json */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type !== "application/json" && !type.endsWith("+json"))
    throw new AppError(
      "unsupported_media_type",
      "Send the body as JSON, with the header Content-Type: application/json.",
    );
  const text = await readText(request, limit);
  if (depthOf(text) > maxDepth)
    throw new AppError("invalid_json", `The JSON is nested deeper than ${maxDepth} levels.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^JSON Parse error: /, "") : "";
    throw new AppError("invalid_json", `The body is not valid JSON: ${reason}.`, { cause: error });
  }
}

/** Deepest nesting of braces and brackets outside strings; looks no further than is needed to refuse. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length && deepest <= maxDepth; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}

/** The form of a multipart body. @throws AppError when it is something else, too large, or of unknown length */
export async function readForm(request: Request, limit: number): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type))
    throw new AppError(
      "unsupported_media_type",
      "Send files as multipart/form-data in the field `file`, or text as JSON.",
    );
  // Without an announced length nothing bounds what is held in memory while the form is read.
  if (request.headers.get("content-length") === null)
    throw new AppError("invalid_request", "Uploads need the header Content-Length.");
  checkLength(request, limit);
  try {
    return (await request.formData()) as FormData;
  } catch (error) {
    throw new AppError("invalid_request", "The upload is not a complete multipart form.", { cause: error });
  }
}
