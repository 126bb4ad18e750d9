/** A PDF of many pages of real text. */
import { pdfFile } from "../../src/knowledge/loaders/test-files.fixture.ts";
import { passagesOf, squad } from "./squad.ts";

const lineLength = 90;
const linesPerPage = 8;

/** @returns a PDF of `pages` pages, about 95 characters a line; `seed` makes its text another one. */
export async function textPdf(
  pages: number,
  seed: number,
  lines = linesPerPage,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = passagesOf(await squad())
    .map((passage) => passage.text)
    .join(" ")
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .replace(/[()\\]/g, " ");
  const words = text.split(/\s+/);
  let at = (seed * 7919) % words.length;
  const line = () => {
    let made = "";
    while (made.length < lineLength) made += `${words[at++ % words.length]} `;
    return made.trim();
  };
  const made = Array.from({ length: pages }, () =>
    Array.from({ length: lines }, (_, index) => ({ text: line(), y: 720 - index * 14, size: 10 })),
  );
  return new Uint8Array(pdfFile(made, { title: `Book ${seed}` }));
}
