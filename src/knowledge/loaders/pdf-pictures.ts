/** The pictures on a page of a PDF, upright as the page is shown. */
import { getResolvedPDFJS } from "unpdf";
import { flipped, greyPicture, type Picture, type PixelLayout, turned } from "../ocr/picture.ts";

/** A page as far as this file needs it; the rest is pdf.js. */
export interface PicturePage {
  readonly rotate: number;
  readonly objs: ObjectStore;
  readonly commonObjs: ObjectStore;
  getOperatorList(): Promise<{ readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] }>;
}

interface ObjectStore {
  get(id: string, callback: (value: unknown) => void): unknown;
}

export interface PlacedPicture {
  readonly picture: Picture;
  /** Points (1/72 inch) a pixel. */
  readonly scale: number;
}

/** [a b c d e f] as in PDF: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number];

interface Drawn {
  readonly source: unknown;
  readonly matrix: Matrix;
}

const identity: Matrix = [1, 0, 0, 1, 0, 0];
/** Smaller ones are logos, lines and signatures. */
const leastWidth = 60;
const leastHeight = 20;
const leastPixels = 10_000;
/** A scan is one picture, or a few strips. */
const mostPictures = 40;
/** What the numbers of pdf.js's `kind` stand for. */
const layouts: Readonly<Record<number, PixelLayout>> = { 1: "bits", 2: "rgb", 3: "rgba" };

/** From the top down, one after the other, since each takes much memory. @throws whatever pdf.js throws on a damaged page */
export async function* picturesOf(page: PicturePage): AsyncGenerator<PlacedPicture> {
  const drawn = (await drawnPictures(page)).sort((a, b) => upOf(b, page) - upOf(a, page));
  // A background is drawn again and again.
  const seen = new Set<unknown>();
  for (const item of drawn) {
    if (seen.has(item.source)) continue;
    seen.add(item.source);
    if (seen.size > mostPictures) return;
    const placed = await placedPicture(page, item);
    if (placed !== undefined) yield placed;
  }
}

/** Where the middle of a picture is, on the page as it is shown. */
function upOf({ matrix: [a, b, c, d, e, f] }: Drawn, { rotate }: PicturePage): number {
  return shownHeight(e + (a + c) / 2, f + (b + d) / 2, rotate);
}

async function drawnPictures(page: PicturePage): Promise<Drawn[]> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  const drawn: Drawn[] = [];
  const saved: Matrix[] = [];
  let matrix: Matrix = identity;
  for (const [index, operation] of fnArray.entries()) {
    const args = asList(argsArray[index]);
    if (operation === OPS.save) saved.push(matrix);
    else if (operation === OPS.restore || operation === OPS.paintFormXObjectEnd)
      matrix = saved.pop() ?? identity;
    else if (operation === OPS.transform) matrix = times(matrix, args);
    else if (operation === OPS.paintFormXObjectBegin) {
      saved.push(matrix);
      matrix = times(matrix, asList(args[0]));
    } else if (
      operation === OPS.paintImageXObject ||
      operation === OPS.paintInlineImageXObject ||
      operation === OPS.paintImageMaskXObject
    )
      drawn.push({ source: args[0], matrix });
  }
  return drawn;
}

async function placedPicture(
  page: PicturePage,
  { source, matrix }: Drawn,
): Promise<PlacedPicture | undefined> {
  const image = await imageOf(page, source);
  if (image === undefined) return undefined;
  const { width, height, data, kind } = image;
  if (width < leastWidth || height < leastHeight || width * height < leastPixels) return undefined;
  const layout = layouts[kind];
  if (layout === undefined) return undefined;
  const [a, b, c, d] = matrix;
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  const grey = greyPicture(data, width, height, layout);
  const picture = turned(a * d < b * c ? flipped(grey) : grey, Math.round((page.rotate - degrees) / 90));
  return { picture, scale: Math.hypot(a, b) / width || 1 };
}

interface Image {
  readonly width: number;
  readonly height: number;
  readonly kind: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** What pdf.js has decoded: by its name, or where it stands in the page itself; a stencil holds its name in turn. */
async function imageOf(page: PicturePage, source: unknown): Promise<Image | undefined> {
  const found = typeof source === "string" ? await objectOf(page, source) : source;
  if (typeof found !== "object" || found === null || !("data" in found)) return undefined;
  if (typeof found.data === "string") return imageOf(page, found.data);
  const { data } = found;
  if (!(data instanceof Uint8Array) && !(data instanceof Uint8ClampedArray)) return undefined;
  const { width, height, kind = 1 } = found as { width?: unknown; height?: unknown; kind?: unknown };
  if (typeof width !== "number" || typeof height !== "number" || typeof kind !== "number") return undefined;
  return { width, height, kind, data };
}

/** Calls back once it is decoded, or given up. */
function objectOf(page: PicturePage, id: string): Promise<unknown> {
  const store = id.startsWith("g_") ? page.commonObjs : page.objs;
  return new Promise((resolve) => store.get(id, resolve));
}

/** How far up a point is on a page that is turned clockwise by so many degrees. */
function shownHeight(x: number, y: number, rotate: number): number {
  const quarters = (((rotate / 90) % 4) + 4) % 4;
  return [y, -x, -y, x][quarters] ?? y;
}

function times(left: Matrix, right: readonly unknown[]): Matrix {
  const [a, b, c, d, e, f] = left;
  const [g, h, i, j, k, l] = right;
  if (![g, h, i, j, k, l].every((value): value is number => typeof value === "number")) return left;
  const [p, q, r, s, t, u] = [g, h, i, j, k, l] as Matrix;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float32Array) : [];
}
