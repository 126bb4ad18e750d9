/** Text recognition (OCR) by Tesseract, compiled to WebAssembly. Runs in the parsing child only. */
import { createOCREngine, layoutFlags, type OCREngine } from "tesseract-wasm";
import { shippedFiles } from "../../native/embedded.ts";
import { type Picture, shrunk } from "./picture.ts";

export interface RecognisedWord {
  readonly text: string;
  /** Pixels, from the left and from the top. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** 0..1 */
  readonly confidence: number;
}

export interface Recognised {
  /** In the order of reading. */
  readonly lines: readonly (readonly RecognisedWord[])[];
  /** Of the picture in which the words stand. */
  readonly width: number;
  readonly height: number;
}

/** A page of A4 at 300 dots an inch has nine million: more makes nothing clearer. */
const mostPixels = 10_000_000;

export class Recogniser {
  #engine: Promise<OCREngine> | undefined;

  /** @param model path of a Tesseract `.traineddata`, `.gz` or not */
  constructor(readonly model: string) {}

  /**
   * What stands on an upright picture. Loads what it needs at the first call, in .1 s.
   * @throws RecogniserBroken when that cannot be loaded, and what Tesseract throws at a picture
   */
  async read(picture: Picture): Promise<Recognised> {
    const engine = await this.#ready();
    const { width, height, grey } = shrunk(picture, mostPixels);
    const pixels = new Uint32Array(width * height);
    // Red, green, blue and full opacity in one: a call a pixel would take ten times as long.
    for (let at = 0; at < pixels.length; at += 1) pixels[at] = (grey[at] ?? 0) * 0x010101 + 0xff000000;
    try {
      engine.loadImage({ data: new Uint8ClampedArray(pixels.buffer), width, height });
      const lines = linesOf(engine);
      engine.clearImage();
      return { width, height, lines };
    } catch (error) {
      // Whatever state it is in: the next picture gets a new one.
      this.#engine = undefined;
      throw error;
    }
  }

  #ready(): Promise<OCREngine> {
    this.#engine ??= load(this.model).catch((cause: unknown) => {
      throw new RecogniserBroken(`${this.model} cannot be loaded`, { cause });
    });
    return this.#engine;
  }
}

/** No file is to blame, but what text recognition is made of. */
export class RecogniserBroken extends Error {
  override readonly name = "RecogniserBroken";
}

async function load(model: string): Promise<OCREngine> {
  const [wasmBinary, known] = await Promise.all([unpacked(shippedFiles.ocr.engine.path), unpacked(model)]);
  const engine = await createOCREngine({ wasmBinary });
  engine.loadModel(known);
  // It would guess it from the size of the letters, and say so on stderr.
  engine.setVariable("user_defined_dpi", "300");
  return engine;
}

/** The file's bytes; of one that is packed (`.gz`), what is in it. */
async function unpacked(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await Bun.file(path).bytes();
  return path.endsWith(".gz") ? Bun.gunzipSync(bytes) : bytes;
}

function linesOf(engine: OCREngine): RecognisedWord[][] {
  const lines: RecognisedWord[][] = [];
  let line: RecognisedWord[] = [];
  for (const { text, rect, confidence, flags } of engine.getTextBoxes("word")) {
    if (flags & layoutFlags.StartOfLine) line = [];
    if (text.trim() !== "") {
      if (line.length === 0) lines.push(line);
      line.push({ text: text.trim(), ...rect, confidence });
    }
  }
  return lines;
}
