/** Questions as they are compared: without case, accents, punctuation and spacing, in any script. */

/** Letters that Unicode does not take apart, as people write them without their strokes. */
const plainLetters: Readonly<Record<string, string>> = {
  đ: "d",
  ð: "d",
  ø: "o",
  ł: "l",
  ı: "i",
  æ: "a",
  œ: "o",
};
/** A number with its separators ("1.5", "9:00"), a word, or a sign that makes a difference ("C++", "50 %"). */
const token = /\p{N}+(?:[.,:]\p{N}+)*\p{L}*|\p{L}[\p{L}\p{M}\p{N}]*|[\p{Sm}\p{Sc}#%&@]/gu;

/** The words of a question, folded: "Liefern Sie nach Österreich?" gives liefern, sie, nach, osterreich. */
export function questionWords(question: string): string[] {
  const folded = question
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .replace(/[đðøłıæœ]/g, (letter) => plainLetters[letter] ?? letter)
    // Umlauts as they are typed where there are none.
    .replace(/([aou])e/g, "$1")
    .replace(/\be-mail/g, "email")
    // "l'annulation" is two words, "don't" is one.
    .replace(/(?<=(?:^|\P{L})\p{L}{1,2})['’ʼ`´](?=\p{L})/gu, " ")
    .replace(/(?<=\p{L})['’ʼ`´](?=\p{L})/gu, "");
  return folded.match(token) ?? [];
}

/** Equal for questions that are the same word for word; empty when there is no letter or digit in it. */
export function questionKey(question: string): string {
  const words = questionWords(question);
  return words.some((word) => /[\p{L}\p{N}]/u.test(word)) ? words.join(" ") : "";
}
