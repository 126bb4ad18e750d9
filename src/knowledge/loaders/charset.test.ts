import { describe, expect, test } from "bun:test";
import iconv from "iconv-lite";
import { decodeText } from "./charset.ts";
import { decodeEbcdic } from "./ebcdic.ts";

const SENTENCES: readonly (readonly [text: string, ...encodings: string[]])[] = [
  [
    "Однажды, в студеную зимнюю пору, Я из лесу вышел; был сильный мороз.",
    "windows-1251",
    "cp866",
    "koi8-r",
    "iso-8859-5",
  ],
  ["Привет, мир", "windows-1251", "cp866", "koi8-r"],
  ["Доставка здійснюється протягом двох днів після оплати замовлення.", "windows-1251", "koi8-u"],
  ["Les élèves ont créé un été à Noël, ça coûte 5 €. L’œuvre", "windows-1252"],
  ["Größe: Für Rückfragen über die Öffnungszeiten stehen wir zur Verfügung.", "windows-1252", "cp850"],
  ["Zażółć gęślą jaźń. Wysyłka następuje w ciągu dwóch dni.", "windows-1250", "iso-8859-2"],
  ["Příliš žluťoučký kůň úpěl ďábelské ódy.", "windows-1250", "iso-8859-2"],
  ["Η παραγγελία σας θα παραδοθεί σε δύο εργάσιμες ημέρες.", "windows-1253", "iso-8859-7"],
  ["يمكنك إرجاع المنتج خلال أربعة عشر يوما من تاريخ الاستلام", "windows-1256", "iso-8859-6"],
  ["ניתן להחזיר את המוצר תוך ארבעה עשר ימים מיום הקבלה", "windows-1255", "iso-8859-8"],
  ["Teşekkürler, iyi günler dileriz. Şişli İstanbul", "windows-1254"],
  ["商品の返品は到着後十四日以内にご連絡ください。ありがとうございます。", "shift_jis", "euc-jp"],
  ["您可以在收到商品后十四天内退货。谢谢您的支持。", "gb18030", "big5"],
  ["상품을 받은 날로부터 14일 이내에 반품할 수 있습니다. 감사합니다.", "euc-kr"],
  ["The café’s “naïve” résumé — £5", "windows-1252"],
];

describe("text of an unknown character set", () => {
  for (const [text, ...encodings] of SENTENCES) {
    for (const encoding of [...encodings, "utf-8"]) {
      test(`${encoding} is recognised in "${text.slice(0, 20)}"`, () => {
        const bytes = iconv.encode(text, encoding);
        expect(decodeText(bytes)?.text).toBe(iconv.decode(bytes, encoding));
      });
    }
  }

  test("UTF-16 is read with and without a byte-order mark", () => {
    for (const encoding of ["utf-16le", "utf-16be"]) {
      for (const addBOM of [true, false]) {
        const bytes = iconv.encode("Hello, мир 12.\nSecond line", encoding, { addBOM });
        expect(decodeText(bytes)?.text).toBe("Hello, мир 12.\nSecond line");
      }
    }
  });

  test("EBCDIC from a mainframe is read", () => {
    const table = decodeEbcdic(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    const text = "This is the return policy of a very old company, in EBCDIC.";
    const bytes = Uint8Array.from(text, (letter) => table.indexOf(letter));
    expect(decodeText(bytes)).toEqual({ text, encoding: "cp500" });
  });

  test("a declared character set is not believed when the bytes are UTF-8", () => {
    const page = '<meta charset="windows-1256"><p>Größe und Übergröße</p>';
    expect(decodeText(new TextEncoder().encode(page))?.encoding).toBe("utf-8");
  });

  test("a declared Western character set is not believed for Arabic words", () => {
    const page = `<html><meta charset="iso-8859-1"><p>يمكنك إرجاع المنتج خلال أربعة عشر يوما</p></html>`;
    expect(decodeText(iconv.encode(page, "windows-1256"))?.text).toBe(page);
  });

  test("a few broken bytes do not turn UTF-8 into something else", () => {
    const bytes = Buffer.concat([Buffer.from("Größe ".repeat(40)), Buffer.from([0xff]), Buffer.from("Ende")]);
    expect(decodeText(bytes)?.encoding).toBe("utf-8");
  });

  test("random bytes are no text", () => {
    expect(decodeText(crypto.getRandomValues(new Uint8Array(4096)))).toBeUndefined();
  });
});
