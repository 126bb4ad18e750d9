import { expect, test } from "bun:test";
import { documentLanguage } from "./document-language.ts";
import { formsOf, indexedText, questionWords } from "./index-words.ts";

test("scripts without spaces are cut: Chinese and Japanese into pairs, Thai into words", () => {
  expect(indexedText("退货政策 abc", "zh").trim()).toBe("退货 货政 政策  abc");
  expect(questionWords("返品は可能")).toEqual(["返品", "品は", "は可", "可能"]);
  const thai = questionWords("ร้านเปิดกี่โมง");
  expect(thai.length).toBeGreaterThan(2);
  // The same words, whatever stands beside them.
  expect(questionWords("ร้านเปิด").every((word) => thai.includes(word))).toBe(true);
});

test("signs of Indic scripts do not end a word", () => {
  expect(questionWords("किताब की कीमत")).toHaveLength(3);
});

test("plain text stays the very same string", () => {
  const text = "Plain text, 12 × 3.";
  expect(indexedText(text, "en")).toBe(text);
  expect(indexedText(text, null)).toBe(text);
});

const forms = [
  ["de", "Die Lieferungen kommen in Häusern an.", "Lieferung", "haus"],
  ["ru", "Мы принимаем возвраты товаров без ключей.", "возврат", "ключ"],
  ["es", "Aceptamos devoluciones de los productos.", "devolución", "producto"],
  ["fr", "Les livraisons arrivent dans les magasins.", "livraison", "magasin"],
  ["hr", "Dostavu na otoke naplaćujemo, trgovine rade nedjeljom.", "dostava", "trgovina"],
  ["it", "Le consegne arrivano nei negozi.", "consegna", "negozio"],
] as const;
for (const [language, text, ...words] of forms)
  test(`in ${language} a word is found in another form`, () => {
    const indexed = indexedText(text, language).split(/[^\p{L}\p{M}]+/u);
    for (const word of words)
      expect(formsOf(word, ["en", language]).some((form) => indexed.includes(form))).toBe(true);
  });

const texts = [
  ["en", "You can return an item within thirty days of delivery."],
  ["de", "Sie können Artikel innerhalb von dreißig Tagen zurückgeben."],
  ["es", "Puede devolver un artículo en un plazo de treinta días."],
  ["fr", "Vous pouvez retourner un article dans les trente jours."],
  ["hr", "Artikl možete vratiti u roku od trideset dana od dostave."],
  ["ru", "Вы можете вернуть товар в течение тридцати дней."],
  ["zh", "您可以在收到商品后三十天内退货。我们不收取任何费用。"],
  ["ja", "商品到着後三十日以内であれば返品できます。"],
  ["th", "คุณสามารถคืนสินค้าได้ภายในสามสิบวัน"],
] as const;
for (const [language, text] of texts)
  test(`the language of a text in ${language} is told`, async () => {
    expect(await documentLanguage(text)).toBe(language);
  });

test("what is in no language has none", async () => {
  expect(await documentLanguage("12 34 56")).toBeNull();
  expect(await documentLanguage("")).toBeNull();
});
