/** Reading bodies with a limit that counts what really arrives. */
import { AppError } from "../errors.ts";
import { otherWorkFirst } from "../other-work.ts";
import { JsonReader } from "./json-reader.ts";

export const defaultMaxJson = 256 * 1024;
/** As long as a connection may stand still. */
const stillMs = 60_000;
/** What is looked at without a pause. */
const sliceBytes = 64 * 1024;

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

/**
 * The body in slices of at most 64 KB, as it comes. Other work is let in between them, since what has arrived already
 * comes without any wait.
 * @throws AppError payload_too_large by the announced length or by what really arrives; invalid_request when it breaks
 * off or stands still
 */
export async function* slicesOf(request: Request, limit: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  checkLength(request, limit);
  let size = 0;
  try {
    for await (const piece of piecesOf(request)) {
      size += piece.length;
      if (size > limit) throw tooLarge(limit);
      for (let from = 0; from < piece.length; from += sliceBytes) {
        if (size > piece.length || from > 0) await otherWorkFirst();
        yield piece.subarray(from, from + sliceBytes);
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("invalid_request", "The body of this request breaks off before its end.", {
      cause: error,
    });
  }
}

/** The body as it comes, however slowly. @throws AppError when nothing of it comes for `stillMs` */
async function* piecesOf(request: Request): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = request.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const still = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        const seconds = stillMs / 1000;
        still.reject(new AppError("invalid_request", `Nothing of the body came for ${seconds} seconds.`));
      }, stillMs);
      const { done, value } = await Promise.race([reader.read(), still.promise]).finally(() =>
        clearTimeout(timer),
      );
      if (done) return;
      yield value;
    }
  } finally {
    // What does not come to its end is not waited for.
    await reader.cancel().catch(() => undefined);
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
  const reader = new JsonReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const slice of slicesOf(request, limit)) reader.add(decode(decoder, slice));
  reader.add(decode(decoder));
  return reader.value();
}

/** The next slice, or what is left at the end. @throws AppError invalid_json */
function decode(decoder: TextDecoder, slice?: Uint8Array): string {
  try {
    return slice === undefined ? decoder.decode() : decoder.decode(slice, { stream: true });
  } catch (error) {
    throw new AppError("invalid_json", "The body is not UTF-8 text.", { cause: error });
  }
}
