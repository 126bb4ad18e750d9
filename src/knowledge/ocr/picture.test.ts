import { expect, test } from "bun:test";
import { flipped, greyPicture, shrunk, turned } from "./picture.ts";

const rows = (width: number, grey: Uint8Array) =>
  Array.from({ length: grey.length / width }, (_, row) => [...grey.subarray(row * width, (row + 1) * width)]);

test("bits, grey, colours and transparency become grey", () => {
  // Ten pixels wide: each row begins with a new byte.
  const bits = greyPicture(new Uint8Array([0b10000000, 0b01000000, 0b00000001, 0b10000000]), 10, 2, "bits");
  expect(rows(10, bits.grey)).toEqual([
    [255, 0, 0, 0, 0, 0, 0, 0, 0, 255],
    [0, 0, 0, 0, 0, 0, 0, 255, 255, 0],
  ]);
  expect([...greyPicture(new Uint8Array([7, 9]), 2, 1, "grey").grey]).toEqual([7, 9]);
  expect([...greyPicture(new Uint8Array([255, 255, 255, 0, 0, 0]), 2, 1, "rgb").grey]).toEqual([255, 0]);
  const [seeThrough = 0, half = 0] = greyPicture(
    new Uint8Array([0, 0, 0, 0, 0, 0, 0, 128]),
    2,
    1,
    "rgba",
  ).grey;
  expect([seeThrough, half]).toEqual([255, 127]);
});

test("a picture that holds less than it says is refused", () => {
  for (const layout of ["bits", "grey", "rgb", "rgba"] as const)
    expect(() => greyPicture(new Uint8Array(3), 4, 4, layout)).toThrow(RangeError);
});

test("is made smaller by a whole number, each pixel a mean", () => {
  const picture = { width: 4, height: 2, grey: new Uint8Array([0, 100, 200, 200, 100, 200, 200, 200]) };
  const small = shrunk(picture, 2);
  expect([small.width, small.height, [...small.grey]]).toEqual([2, 1, [100, 200]]);
  expect(shrunk(picture, 8)).toBe(picture);
});

test("is turned clockwise", () => {
  const picture = { width: 3, height: 2, grey: new Uint8Array([1, 2, 3, 4, 5, 6]) };
  const shown = (quarters: number) => {
    const { width, grey } = turned(picture, quarters);
    return rows(width, grey);
  };
  expect(shown(1)).toEqual([
    [4, 1],
    [5, 2],
    [6, 3],
  ]);
  expect(shown(2)).toEqual([
    [6, 5, 4],
    [3, 2, 1],
  ]);
  expect(shown(3)).toEqual([
    [3, 6],
    [2, 5],
    [1, 4],
  ]);
  expect(shown(-1)).toEqual(shown(3));
  expect(turned(picture, 4)).toBe(picture);
});

test("is turned upside down as in a mirror", () => {
  const { grey } = flipped({ width: 3, height: 2, grey: new Uint8Array([1, 2, 3, 4, 5, 6]) });
  expect([...grey]).toEqual([4, 5, 6, 1, 2, 3]);
});
