import { describe, expect, test } from "bun:test";
import { VectorMatrix } from "./vector-matrix.ts";

let state = 11;
const random = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return state / 0x8000_0000 - 0.5;
};
/** Like those of an embedder: most of the direction is shared, so the cosines lie close together. */
const vectorOf = (dims: number) =>
  Float32Array.from({ length: dims }, (_, index) => (index % 7) / 7 + random());

function cosine(a: Float32Array, b: Float32Array): number {
  const sum = (x: Float32Array, y: Float32Array) =>
    x.reduce((total, value, at) => total + value * (y[at] ?? 0), 0);
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b));
}

function exact(vectors: ReadonlyMap<number, Float32Array>, question: Float32Array, limit: number): number[] {
  return [...vectors]
    .map(([key, vector]) => ({ key, cosine: cosine(vector, question) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, limit)
    .map((item) => item.key);
}

describe.each([16, 64, 100, 384, 1024, 2048])("vectors of %d dimensions", (dims) => {
  const vectors = new Map<number, Float32Array>();
  const matrix = new VectorMatrix(dims);
  // More than one block, and keys that are no positions.
  for (let key = 5; key < 5 + 5_000 * 3; key += 3) {
    const vector = vectorOf(dims);
    vectors.set(key, vector);
    matrix.set(key, vector);
  }

  test("the nearest are those of a plain comparison, with their cosines", () => {
    for (let round = 0; round < 5; round += 1) {
      const question = vectorOf(dims);
      const found = matrix.nearest(question, 50);
      const wanted = exact(vectors, question, 50);
      expect(found).toHaveLength(50);
      expect(found.slice(0, 10).map((item) => item.key)).toEqual(wanted.slice(0, 10));
      expect(
        new Set(found.map((item) => item.key)).intersection(new Set(wanted)).size,
      ).toBeGreaterThanOrEqual(49);
      for (const item of found) {
        const real = cosine(vectors.get(item.key) ?? new Float32Array(dims), question);
        expect(Math.abs(item.cosine - real)).toBeLessThan(2e-5);
        expect(cosine(matrix.vector(item.key) ?? new Float32Array(dims), question)).toBeCloseTo(
          item.cosine,
          4,
        );
      }
    }
  });

  test("what is deleted is not found again, what is changed is found as it is now", () => {
    const question = vectorOf(dims);
    const [first, second] = exact(vectors, question, 2);
    matrix.delete(first ?? 0);
    vectors.delete(first ?? 0);
    const changed = Float32Array.from(question, (value) => value * 3);
    const last = [...vectors.keys()].at(-1) ?? 0;
    matrix.set(last, changed);
    vectors.set(last, changed);
    expect(matrix.vector(first ?? 0)).toBeNull();
    expect(matrix.nearest(question, 2).map((item) => item.key)).toEqual([last, second ?? 0]);
    expect(matrix.size).toBe(vectors.size);
    for (const key of [...vectors.keys()].slice(0, 4_990)) {
      matrix.delete(key);
      vectors.delete(key);
    }
    expect(matrix.nearest(question, 50).map((item) => item.key)).toEqual(exact(vectors, question, 50));
  });
});

test("nothing, zeros and single vectors are no trouble", () => {
  const matrix = new VectorMatrix(20);
  const question = new Float32Array(20).fill(1);
  expect(matrix.nearest(question, 10)).toEqual([]);
  matrix.delete(1);
  matrix.set(1, new Float32Array(20));
  expect(matrix.nearest(question, 10)).toEqual([{ key: 1, cosine: 0 }]);
  matrix.set(1, new Float32Array(20).fill(-0.01));
  expect(matrix.nearest(question, 10)[0]?.cosine).toBeCloseTo(-1, 5);
  expect(matrix.nearest(new Float32Array(20), 10)).toEqual([{ key: 1, cosine: 0 }]);
  matrix.delete(1);
  expect(matrix.nearest(question, 10)).toEqual([]);
  expect(() => new VectorMatrix(4_096)).toThrow("4096");
});
