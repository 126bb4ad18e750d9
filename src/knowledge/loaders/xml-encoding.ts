/**
 * Decodes an XML part piece by piece. XML says itself how it is encoded: by a byte-order mark, by the zero bytes of
 * UTF-16 around its first "<", or in its declaration; without any of these it is UTF-8.
 *
 * @param start the first bytes of the part
 */
export function xmlDecoder(start: Uint8Array): (chunk: Uint8Array) => string {
  const decoder = decoderFor(encodingOf(start));
  return (chunk) => decoder.decode(chunk, { stream: true });
}

function encodingOf(start: Uint8Array): string {
  const [a, b] = start;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return "utf-16le";
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return "utf-16be";
  const head = Buffer.from(start.subarray(0, 200)).toString("latin1");
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:.-]{2,40})/.exec(head)?.[1];
  // Bytes that begin with "<" alone are no UTF-16, whatever the declaration says.
  return declared === undefined || /^utf-?16/i.test(declared) ? "utf-8" : declared;
}

function decoderFor(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder();
  }
}
