/** Reads the pages of a PDF that are scans, by text recognition. */
import type { getDocumentProxy } from "unpdf";
import { type Picture, turned } from "../ocr/picture.ts";
import { type Recognised, type RecognisedWord, RecogniserBroken } from "../ocr/recogniser.ts";
import type { Recognition } from "../ocr/recognition.ts";
import type { RecognitionState } from "./nesting.ts";
import { elementsOf, type PdfElement } from "./pdf-page.ts";
import { type PicturePage, picturesOf } from "./pdf-pictures.ts";
import type { PdfTextItem } from "./pdf-runs.ts";

export interface ReadScans {
  /** By 1-based number of the page: what stands on those on which something could be read. */
  readonly pages: ReadonlyMap<number, readonly PdfElement[]>;
  /** Those whose pictures cannot be decoded, or are too large. */
  readonly undecoded: readonly number[];
  /** Those for which there was no time. */
  readonly left: readonly number[];
  /** Text recognition could not be started, so nothing was read. */
  readonly isBroken: boolean;
}

/** What became of pages that look like scans; `off`, `gave-up`: nothing was tried this time. */
export type TriedScans = ReadScans | Exclude<RecognitionState, Recognition>;

/** A page whose words are worth less on average is a photograph, or in another script than the model knows. */
const leastConfidence = 0.55;
/** Below, a word is a guess at a stain. */
const leastOfWord = 0.4;
/** Letters and marks that reach below the line, and those that are as high as capitals. */
const belowLine = /[gjpqyQ,;()[\]{}|/_@§]/;
const tallLetter = /[\p{Lu}\p{Nd}bdfhklt]/u;
/** The height of capitals, of the size of letters; and of what reaches below, of a line's height. */
const tallLetters = 0.72;
const tails = 0.2;
/** Fewer words say too little of how a line runs. */
const wordsForSlope = 4;
/** Sizes within this ratio are of one size: ink spreads, and lines are a little askew. */
const sameSize = 1.2;

/**
 * @param open opens the PDF once more, with pictures
 * @param scans 1-based numbers of the pages that look like scans
 */
export async function readScans(
  open: () => ReturnType<typeof getDocumentProxy>,
  scans: readonly number[],
  recognition: Recognition,
): Promise<ReadScans> {
  const pdf = await open();
  const reader = new ScanReader(recognition);
  const pages = new Map<number, readonly PdfElement[]>();
  const undecoded: number[] = [];
  let read = 0;
  let isBroken = false;
  try {
    for (const number of scans) {
      if (!recognition.takePage()) break;
      read += 1;
      const elements = await reader.read(() => pdf.getPage(number));
      if (elements === null) undecoded.push(number);
      else if (elements.length > 0) pages.set(number, elements);
      Bun.gc(true);
    }
  } catch (error) {
    if (!(error instanceof RecogniserBroken)) throw error;
    isBroken = true;
  } finally {
    await pdf.loadingTask.destroy();
  }
  return { pages, undecoded, left: scans.slice(read), isBroken };
}

class ScanReader {
  /** How far the last page had to be turned: a stack is fed into a scanner one way round. */
  #quarters = 0;

  constructor(readonly recognition: Recognition) {}

  /** A page that fails is one without text. @returns null where no picture could be decoded @throws RecogniserBroken */
  async read(open: () => Promise<PicturePage & { cleanup(): unknown }>): Promise<PdfElement[] | null> {
    const elements: PdfElement[] = [];
    let pictures = 0;
    try {
      const page = await open();
      for await (const { picture, scale } of picturesOf(page)) {
        pictures += 1;
        const recognised = await this.#upright(picture);
        if (recognised === null) continue;
        const pixels = this.#quarters % 2 === 0 ? picture.width : picture.height;
        elements.push(...elementsOf(textItems(recognised, (scale * pixels) / recognised.width)));
      }
      page.cleanup();
    } catch (error) {
      if (error instanceof RecogniserBroken) throw error;
    }
    return pictures === 0 ? null : elements;
  }

  /** As the last one was, then turned by a quarter, by three, upside down. */
  async #upright(picture: Picture): Promise<Recognised | null> {
    for (const more of [0, 1, 3, 2]) {
      if (this.recognition.isOver) return null;
      const quarters = (this.#quarters + more) % 4;
      const recognised = await this.recognition.recogniser.read(turned(picture, quarters));
      // Letters are taken for some letters whichever way they lie.
      if (recognised.lines.length === 0) return null;
      if (confidenceOf(recognised) < leastConfidence || isSideways(recognised)) continue;
      this.#quarters = quarters;
      return recognised;
    }
    return null;
  }
}

/** Tesseract reads lines that run up the page too, but not where their words end. */
function isSideways({ lines }: Recognised): boolean {
  const long = lines.flat().filter(({ text }) => text.length >= 3);
  const high = long.filter(({ left, right, top, bottom }) => bottom - top > right - left);
  return high.length > long.length / 2;
}

/** By the length of the words, 0..1; 0 where there are none. */
function confidenceOf({ lines }: Recognised): number {
  const words = lines.flat();
  const characters = words.reduce((sum, { text }) => sum + text.length, 0);
  return words.reduce((sum, { text, confidence }) => sum + text.length * confidence, 0) / (characters || 1);
}

/**
 * The words as if they had been printed there, so that columns, tables and paragraphs are found as on any page.
 * @param scale points a pixel
 */
function textItems({ lines: found, height }: Recognised, scale: number): PdfTextItem[] {
  const askew = found
    .map((line) => line.filter(({ confidence }) => confidence >= leastOfWord))
    .filter((line) => line.length > 0);
  const slope = slopeOf(askew);
  const lines = askew.map((line) => line.map((word) => straightened(word, slope)));
  const sizes = evenSizes(sizesOf(lines));
  return lines.flatMap((line, at) => {
    const size = (sizes[at] ?? 1) * scale;
    return line.map(({ text, left, right }, index) => ({
      str: text,
      dir: "ltr",
      transform: [size, 0, 0, size, left * scale, (height - baseOf(line)) * scale],
      width: (right - left) * scale,
      height: size,
      hasEOL: index === line.length - 1,
    }));
  });
}

/** How many pixels its lines fall a pixel to the right: a sheet seldom lies straight. */
function slopeOf(lines: readonly (readonly RecognisedWord[])[]): number {
  const slopes = lines.flatMap((line) => {
    const onLine = line.filter(({ text }) => !belowLine.test(text));
    const [first, last] = [onLine[0], onLine.at(-1)];
    if (onLine.length < wordsForSlope || first === undefined || last === undefined) return [];
    return [(last.bottom - first.bottom) / Math.max(1, last.right - first.right)];
  });
  return slopes.length === 0 ? 0 : median(slopes);
}

function straightened(word: RecognisedWord, slope: number): RecognisedWord {
  const fall = slope * ((word.left + word.right) / 2);
  return { ...word, top: word.top - fall, bottom: word.bottom - fall };
}

/** Boxes end where the ink does, which is lower for "g". */
function baseOf(line: readonly RecognisedWord[]): number {
  const onLine = line.filter(({ text }) => !belowLine.test(text));
  if (onLine.length > 0) return median(onLine.map(({ bottom }) => bottom));
  const bottom = Math.max(...line.map((word) => word.bottom));
  return bottom - (bottom - Math.min(...line.map((word) => word.top))) * tails;
}

/** By the height of their capitals; a line that has no tall letter is as large as the one before. */
function sizesOf(lines: readonly (readonly RecognisedWord[])[]): number[] {
  const sizes = lines.map((line) => {
    const tall = line.filter(({ text }) => tallLetter.test(text));
    return tall.length === 0
      ? null
      : Math.max(1, baseOf(line) - median(tall.map(({ top }) => top))) / tallLetters;
  });
  let before = sizes.find((size) => size !== null) ?? 1;
  return sizes.map((size) => {
    before = size ?? before;
    return before;
  });
}

/** Sizes that are nearly the same are the same. */
function evenSizes(sizes: readonly number[]): number[] {
  const rising = [...new Set(sizes)].sort((a, b) => a - b);
  const even = new Map<number, number>();
  while (rising.length > 0) {
    const first = rising[0] ?? 0;
    const end = rising.findIndex((size) => size > first * sameSize);
    const group = rising.splice(0, end === -1 ? rising.length : end);
    const middle = median(sizes.filter((size) => group.includes(size)));
    for (const size of group) even.set(size, middle);
  }
  return sizes.map((size) => even.get(size) ?? size);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
