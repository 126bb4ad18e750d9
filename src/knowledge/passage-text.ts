/**
 * What the embedder reads of a passage. One that begins in the middle of a section gets the section's heading, which
 * says what it is about; the document's title is left out (it lowered recall@1 of the vectors from .626 to .608).
 */
export function passageText(heading: string | null, text: string): string {
  const last = heading?.split(" › ").at(-1) ?? "";
  return last === "" || text.startsWith(last) ? text : `${last}\n${text}`;
}
