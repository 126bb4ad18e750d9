/** Bodies of other servers' answers: unpacked here, counted as they come, and given up beyond the limit. */

/**
 * `address`: it may not be reached; `name`: there is no such host; `answer`: what came back cannot be used;
 * `size`: it is too much.
 */
export type DenialKind = "address" | "name" | "answer" | "size";

export class EgressDenied extends Error {
  override readonly name = "EgressDenied";

  constructor(
    readonly kind: DenialKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What we ask for, and can unpack. */
export const acceptedEncodings = "gzip, deflate";
const formats: Readonly<Record<string, CompressionFormat>> = {
  gzip: "gzip",
  "x-gzip": "gzip",
  deflate: "deflate",
};

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The response with a body that is unpacked piece by piece and ends with an error beyond `maxBytes`. `fetch` itself
 * would unpack ahead of its reader: a gigabyte of zeros, a megabyte when packed, would stand in memory whole.
 */
export function limited(response: Response, host: string, maxBytes: number): Response {
  const { status, statusText, body } = response;
  const headers = new Headers(response.headers);
  if (body === null) return new Response(null, { status, statusText, headers });
  const packed = unpacked(body, headers, host);
  let left = maxBytes;
  const counted = new TransformStream<Bytes, Bytes>({
    transform(piece, controller) {
      left -= piece.byteLength;
      if (left < 0) controller.error(new EgressDenied("size", `${host} sends more than can be taken.`));
      else controller.enqueue(piece);
    },
  });
  return new Response(packed.pipeThrough(counted), { status, statusText, headers });
}

/** The body without its `Content-Encoding`, which leaves the headers. @throws EgressDenied for one that is unknown */
function unpacked(body: ReadableStream<Bytes>, headers: Headers, host: string): ReadableStream<Bytes> {
  const named = (headers.get("content-encoding") ?? "").split(",").map((name) => name.trim().toLowerCase());
  const encodings = named.filter((name) => name !== "" && name !== "identity");
  if (encodings.length === 0) return body;
  headers.delete("content-encoding");
  headers.delete("content-length");
  const [encoding] = encodings;
  const format = encoding === undefined ? undefined : formats[encoding];
  if (format === undefined || encodings.length > 1) {
    void body.cancel().catch(() => undefined);
    throw new EgressDenied("answer", `${host} sends its answer packed in a way that is not known here.`);
  }
  return body.pipeThrough(new DecompressionStream(format));
}
