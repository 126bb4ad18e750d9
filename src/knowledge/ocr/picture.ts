/** Pictures as text recognition wants them: grey, upright, not larger than it needs. */

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** A byte a pixel, row by row: 0 black, 255 white. */
  readonly grey: Uint8Array;
}

/** How a decoder lays out what it gives. */
export type PixelLayout = "bits" | "grey" | "rgb" | "rgba";

const bytesPerPixel = { grey: 1, rgb: 3, rgba: 4 } as const;

/**
 * @param data rows of pixels; rows of bits begin with a new byte, 0 is black
 * @throws RangeError when there are fewer than width and height say
 */
export function greyPicture(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  layout: PixelLayout,
): Picture {
  const rowBytes = layout === "bits" ? Math.ceil(width / 8) : width * bytesPerPixel[layout];
  if (data.length < rowBytes * height) throw new RangeError("a picture holds fewer pixels than it says");
  const grey = new Uint8Array(width * height);
  // Plain loops: a page has nine million pixels.
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      grey[row * width + column] = greyAt(data, row * rowBytes, column, layout);
  return { width, height, grey };
}

function greyAt(
  data: Uint8Array | Uint8ClampedArray,
  row: number,
  column: number,
  layout: PixelLayout,
): number {
  if (layout === "bits") return ((data[row + (column >> 3)] ?? 0) >> (7 - (column & 7))) & 1 ? 255 : 0;
  if (layout === "grey") return data[row + column] ?? 0;
  const at = row + column * bytesPerPixel[layout];
  const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
  // Rec. 601, in 256ths.
  const value = (red * 77 + green * 150 + blue * 29) >> 8;
  if (layout === "rgb") return value;
  const alpha = data[at + 3] ?? 255;
  return Math.round((value * alpha + 255 * (255 - alpha)) / 255);
}

/** Makes it smaller by a whole number, a mean of the pixels each, until it has no more than `most` pixels. */
export function shrunk(picture: Picture, most: number): Picture {
  const by = Math.ceil(Math.sqrt((picture.width * picture.height) / most));
  if (by <= 1) return picture;
  const width = Math.max(1, Math.floor(picture.width / by));
  const height = Math.max(1, Math.floor(picture.height / by));
  const grey = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      let sum = 0;
      for (let y = 0; y < by; y += 1) {
        const from = (row * by + y) * picture.width + column * by;
        for (let x = 0; x < by; x += 1) sum += picture.grey[from + x] ?? 0;
      }
      grey[row * width + column] = sum / (by * by);
    }
  return { width, height, grey };
}

/** Its rows from the bottom up. */
export function flipped({ width, height, grey: source }: Picture): Picture {
  const grey = new Uint8Array(source.length);
  for (let row = 0; row < height; row += 1)
    grey.set(source.subarray(row * width, (row + 1) * width), (height - 1 - row) * width);
  return { width, height, grey };
}

/** Turned clockwise by so many quarters. */
export function turned(picture: Picture, quarters: number): Picture {
  const turns = ((quarters % 4) + 4) % 4;
  if (turns === 0) return picture;
  const { width: from, height: rows, grey: source } = picture;
  const [width, height] = turns === 2 ? [from, rows] : [rows, from];
  const grey = new Uint8Array(source.length);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < from; column += 1) {
      const [x, y] =
        turns === 1
          ? [rows - 1 - row, column]
          : turns === 2
            ? [from - 1 - column, rows - 1 - row]
            : [row, from - 1 - column];
      grey[y * width + x] = source[row * from + column] ?? 0;
    }
  return { width, height, grey };
}
