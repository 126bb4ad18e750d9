/** EBCDIC code page 500 (international), as in CPython's codec tables; iconv-lite has none of the EBCDIC pages. */
const CP500 =
  "\x00\x01\x02\x03\x9c\t\x86\x7f\x97\x8d\x8e\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x9d\n\x08\x87\x18\x19\x92\x8f\x1c\x1d\x1e\x1f" +
  "\x80\x81\x82\x83\x84\n\x17\x1b\x88\x89\x8a\x8b\x8c\x05\x06\x07\x90\x91\x16\x93\x94\x95\x96\x04\x98\x99\x9a\x9b\x14\x15\x9e\x1a" +
  " \xa0âäàáãåçñ[.<(+!&éêëèíîïìß]$*);^-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"" +
  "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤µ~stuvwxyz¡¿ÐÝÞ®¢£¥·©§¶¼½¾¬|¯¨´×" +
  "{ABCDEFGHI\xadôöòóõ}JKLMNOPQR¹ûüùúÿ\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\x9f";

/** NEL (0x15) becomes "\n" as well as LF (0x25): mainframe text ends its lines with either. */
export function decodeEbcdic(bytes: Uint8Array): string {
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    let part = "";
    for (const byte of bytes.subarray(at, at + 8192)) part += CP500[byte] ?? "";
    out.push(part);
  }
  return out.join("");
}

/**
 * True when the bytes read as EBCDIC prose: 0x40 is its space and ASCII's is nearly absent, and almost everything
 * decodes to letters, digits and common signs. Needs a few words to be sure.
 */
export function looksEbcdic(sample: Uint8Array): boolean {
  if (sample.length < 16) return false;
  const counts = new Uint32Array(256);
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1;
  const share = (byte: number): number => (counts[byte] ?? 0) / sample.length;
  if (share(0x40) < 0.05 || share(0x20) > 0.02) return false;
  const text = decodeEbcdic(sample);
  const plain = text.match(/[A-Za-z0-9 .,;:!?'"()\-\r\n\t/]/g)?.length ?? 0;
  const letters = text.match(/[a-z]/g)?.length ?? 0;
  return plain / text.length > 0.9 && letters / text.length > 0.4;
}
