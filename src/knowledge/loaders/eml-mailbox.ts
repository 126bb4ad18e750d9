/** A mailbox file of more messages is an archive and no document. */
const MAX_MESSAGES = 1_000;
const SEPARATOR = /^From [^\r\n]{1,200}\d{4}[^\r\n]{0,20}\r?\n(?=[\w-]{1,60}:)/;

/** The messages of a mailbox file (each begins with a line "From … date"); any other e-mail is one message. */
export function splitMessages(bytes: Uint8Array): readonly Uint8Array[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const starts: { readonly at: number; readonly length: number }[] = [];
  for (let at = 0; at !== -1 && starts.length < MAX_MESSAGES; at = nextFrom(buffer, at)) {
    const length = separatorAt(buffer, at);
    if (length > 0) starts.push({ at, length });
  }
  if (starts[0]?.at !== 0) return [bytes];
  return starts.map(({ at, length }, index) => buffer.subarray(at + length, starts[index + 1]?.at));
}

function nextFrom(buffer: Buffer, at: number): number {
  const found = buffer.indexOf("\nFrom ", at);
  return found === -1 ? -1 : found + 1;
}

function separatorAt(buffer: Buffer, at: number): number {
  return SEPARATOR.exec(buffer.subarray(at, at + 400).toString("latin1"))?.[0].length ?? 0;
}
