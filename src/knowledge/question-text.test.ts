import { expect, test } from "bun:test";
import { questionKey, questionWords } from "./question-text.ts";

test("case, accents, punctuation, spacing and the way umlauts are typed make no other question", () => {
  for (const [one, other] of [
    ["Do you deliver to Austria?", "do  you deliver to AUSTRIA"],
    ["Liefern Sie nach Österreich?", "liefern sie nach oesterreich!!"],
    ["Wie heißt die Straße?", "WIE HEISST DIE STRASSE"],
    ["¿A qué hora abre la piscina?", "a que hora abre la piscina"],
    ["Où êtes-vous ?", "ou etes vous"],
    ["Gdje je Đakovo?", "gdje je dakovo"],
    ["Ещё один вопрос?", "еще один вопрос"],
    ["你们星期天营业吗？", "你们星期天营业吗"],
    ["What’s your e-mail?", "whats your email"],
    ["ＡＢＣ １２", "abc 12"],
  ] as const)
    expect(questionKey(one)).toBe(questionKey(other));
});

test("numbers, signs and letters that make a difference are kept", () => {
  for (const [one, other] of [
    ["Is the 1.5 l bottle back?", "Is the 15 l bottle back?"],
    ["Do you teach C++?", "Do you teach C#?"],
    ["Is it 5 %?", "Is it 5 €?"],
    ["हिन्दी में?", "हनद में?"],
    ["shop open", "shopopen"],
  ] as const)
    expect(questionKey(one)).not.toBe(questionKey(other));
});

test("a text without a letter or digit is no question, however long", () => {
  expect(["", "???", "👍 👎", "+ +"].map(questionKey)).toEqual(["", "", "", ""]);
  expect(questionWords("'".repeat(100_000))).toEqual([]);
});

test("an apostrophe parts what is short before it, and joins the rest", () => {
  expect(questionWords("Combien coûte l'annulation, don't you know?")).toEqual([
    "combien",
    "coute",
    "l",
    "annulation",
    "dont",
    "you",
    "know",
  ]);
});
