import { describe, expect, test } from "bun:test";
import { Tokenizer } from "@huggingface/tokenizers";
import { shippedFiles } from "../native/embedded.ts";
import { defaultEmbedder } from "./model-store.ts";
import { packUnigram, UnigramTokenizer } from "./unigram.ts";

const file = (name: string) => Bun.file(shippedFiles.models[`${defaultEmbedder}/${name}`]?.path ?? "");
const definition: object = await file("tokenizer.json").json();
const packed = await file("tokenizer.bin").arrayBuffer();
const reference = new Tokenizer(definition, {});
const tokenizer = new UnigramTokenizer(packed);

function expectSame(text: string): void {
  const ids = reference.encode(text, { add_special_tokens: true }).ids;
  expect({ text, ids: tokenizer.encode(text) }).toEqual({ text, ids });
  expect(tokenizer.count(text)).toBe(ids.length - 2);
}

test("the packed tokenizer is the one that tokenizer.json makes", () => {
  expect(Buffer.from(packUnigram(definition)).equals(Buffer.from(packed))).toBe(true);
});

describe("the library's ids are given", () => {
  test.each([
    "query: How long can I return an item?",
    "Die Lieferung innerhalb Deutschlands kostet 4,90 €.",
    "¿Cuánto cuesta el envío? ¡Nada!",
    "Сколько стоит доставка? Ёлка и йод.",
    "东京的天气今天怎么样？我们的商店几点开门？",
    "送料はいくらですか。カタカナ ｶﾀｶﾅ",
    "가격이 얼마입니까?",
    "كم تبلغ تكلفة الشحن؟",
    "ราคาเท่าไหร่",
    "ﬁne ½ Å ① ㎏ e\u0301",
    "",
    " ",
    " \t\n two  words\u00a0\u2003here \u0085 and \ufeff this",
    "▁already ▁marked▁",
    "<s> </s> <unk> <pad> \ud800 lone \udc00 halves 😀👩‍👩‍👧",
    "\u0000\u0001\u001f",
  ])("for %j", expectSame);

  test("for a word of 2,000 letters", () => expectSame("a".repeat(2_000)));

  test("for 2,000 texts of random characters from all planes", () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return Math.floor((state / 0x8000_0000) * below);
    };
    const ranges = [
      [0x20, 0x5f],
      [0, 0x3000],
      [0x3000, 0x9000],
      [0xd800, 0x800],
      [0x1_0000, 0x1_0000],
    ] as const;
    for (let round = 0; round < 2_000; round += 1) {
      let text = "";
      for (let length = random(40); length >= 0; length -= 1) {
        const [from, count] = ranges[random(ranges.length)] ?? ranges[0];
        text += String.fromCodePoint(from + random(count));
      }
      expectSame(text);
    }
  });
});

test("a damaged file and a tokenizer of another kind are refused", () => {
  expect(() => new UnigramTokenizer(packed.slice(0, -2))).toThrow("damaged");
  expect(() => new UnigramTokenizer(new ArrayBuffer(64))).toThrow("not a packed tokenizer");
  expect(() => packUnigram({ ...definition, normalizer: { type: "Lowercase" } })).toThrow();
});
