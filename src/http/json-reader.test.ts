/** JSON in slices: the same value as JSON.parse, wherever the slices end. */
import { describe, expect, test } from "bun:test";
import { AppError } from "../errors.ts";
import { JsonReader } from "./json-reader.ts";

/** Cut after each of these numbers of characters in turn. */
async function read(text: string, sizes: readonly number[]): Promise<unknown> {
  const reader = new JsonReader();
  for (let from = 0, turn = 0; from < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.add(text.slice(from, from + size));
    from += size;
  }
  return reader.value();
}

const long = (piece: string) => piece.repeat(Math.ceil(400_000 / piece.length));
const cuts = [[1], [2, 3, 5, 7], [1000], [131_072], [131_071, 1], [200_000, 3], [10_000_000]];

const values: Readonly<Record<string, unknown>> = {
  "a number": 1,
  "nothing in it": {},
  "short strings": {
    title: "x",
    list: ["a", "", '"', "\\", "\u2028", "😀"],
    deep: [[[{ a: null, b: true }]]],
  },
  "a long text": { title: "x", text: long("The zyxomma flies at dusk.\n"), more: 1 },
  "a long text of quotes": { text: long('"') },
  "a long text of backslashes": { text: long("\\") },
  "a long text of escapes": { text: long("\u0001\u001f\t\n") },
  "a long text of pairs of surrogates": { text: long("😀"), after: "x" },
  "a long text that looks like JSON": { text: long('{"a":[1,2,"\\u0041"],'), after: ["x"] },
  "two long texts and many short ones": [long("a"), ...Array.from({ length: 500 }, String), long("ü\n")],
  "nothing but a long text": long("é"),
  "a name of its own kind": JSON.parse('{"__proto__": {"x": 1}, "constructor": "c"}'),
};

describe.each(Object.entries(values))("%s", (_, value) => {
  const forms = { plain: JSON.stringify(value), spaced: JSON.stringify(value, null, 2), ascii: ascii(value) };

  test.each(Object.entries(forms))("%s", async (_form, text) => {
    for (const sizes of cuts) {
      if (text.length > 100_000 && (sizes[0] ?? 1) < 1000) continue;
      expect(await read(text, sizes)).toEqual(JSON.parse(text));
    }
  });
});

/** With every character beyond ASCII escaped, as other languages write it. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

test("slices may end at every place of a long string: in its escapes, in its surrogates, before its end", async () => {
  const value = { text: `${"x".repeat(131_072)}\u0001😀\\"\n`, after: "ü" };
  const text = ascii(value);
  for (let end = 131_070; end < text.length; end += 1)
    expect(await read(text, [end, 1, text.length])).toEqual(value);
});

test("texts made at random are parsed to the same value", async () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const piece = () => ["a", "ü", "😀", "\n", '"', "\\", "\u0000", "{", "]", ","][random(10)] ?? "";
  const string = () =>
    Array.from({ length: 1 + random(20) }, piece)
      .join("")
      .repeat(random(6) === 0 ? 20_000 : 1);
  const make = (depth: number): unknown => {
    const kind = random(depth > 3 ? 3 : 5);
    if (kind === 0) return random(1000) / 8;
    if (kind < 3) return string();
    const items = Array.from({ length: random(4) }, () => make(depth + 1));
    return kind === 3 ? items : Object.fromEntries(items.map((item, index) => [`k${index}"`, item]));
  };
  for (let round = 0; round < 40; round += 1) {
    const text = random(2) === 0 ? JSON.stringify(make(0)) : ascii(make(0));
    const sizes = [1 + random(200_000), 1 + random(40_000)];
    expect(await read(text, sizes)).toEqual(JSON.parse(text));
  }
});

describe("what JSON.parse refuses is refused", () => {
  const text = long("x");
  const wrong: Readonly<Record<string, string>> = {
    "nothing at all": "",
    "an open object": '{"a": 1',
    "an open string": '{"a": "x',
    "an open long string": `{"a": "${text}`,
    "a line break in a long string": `{"a": "${text}\n${text}"}`,
    "an escape that is none in a long string": `{"a": "${text}\\x${text}"}`,
    "half an escape at the end of a long string": `{"a": "${text}\\u00"}`,
    "something after it": `{"a": "${text}"} x`,
    "a long string where none may be": `{"a" "${text}"}`,
    "a comma too many": `["${text}",]`,
  };

  test.each(Object.entries(wrong))("%s", async (_, json) => {
    expect(() => JSON.parse(json)).toThrow();
    for (const sizes of [[1000], [131_072], [150_001, 7], [10_000_000]])
      await expect(read(json, sizes)).rejects.toThrow(AppError);
  });
});

describe("what is more than anybody needs is refused before it is parsed", () => {
  test.each([
    ["nested 33 deep", `${"[".repeat(33)}${"]".repeat(33)}`, "nested deeper than 32 levels"],
    ["60,001 values", `[${"1,".repeat(60_000)}1]`, "more than 60000 names and values"],
    ["60,001 objects", `[${"{},".repeat(60_000)}{}]`, "more than 60000 names and values"],
    [
      "30,001 names",
      `{${Array.from({ length: 30_001 }, (_, index) => `"${index}":1`).join()}}`,
      "more than 60000",
    ],
    [
      "a million escapes in strings that are not long",
      JSON.stringify(Array(26).fill("\n".repeat(40_000))),
      "more than 1000000 escaped",
    ],
    ["a name of 400,000 letters", `{"${long("x")}": 1}`, "a name that is too long"],
  ])("%s", async (_, json, reason) => {
    await expect(read(json, [150_000])).rejects.toThrow(reason);
  });

  test("32 levels, and what only looks like more in a string, are not", async () => {
    const deep = `${"[".repeat(31)}{"a": "${"[{".repeat(50)}"}${"]".repeat(31)}`;
    expect(await read(deep, [7])).toEqual(JSON.parse(deep));
  });
});
