/** The languages that the product speaks itself, and telling them apart. */

export const languages = ["en", "de", "es", "fr", "hr", "ru", "zh"] as const;
export type Language = (typeof languages)[number];

/** Frequent small words that tell the Latin-script languages apart. */
const marks: Record<Exclude<Language, "ru" | "zh">, ReadonlySet<string>> = {
  en: new Set(
    "the is are what how do does can my your i you of to and in for where when which who will with".split(
      " ",
    ),
  ),
  de: new Set(
    "der die das ist sind was wie ich sie ihr und in für wo wann welche wer nicht ein eine kann mit auf zu den".split(
      " ",
    ),
  ),
  es: new Set(
    "el la los las es son qué que cómo como puedo mi su y en para dónde cuándo cuál quién no un una con de por hola".split(
      " ",
    ),
  ),
  fr: new Set(
    "le la les est sont que quoi comment puis je vous et en pour où quand quel quelle qui ne pas un une avec des du bonjour".split(
      " ",
    ),
  ),
  hr: new Set(
    "je su što kako mogu moj vaš i u za gdje kada koji koja tko ne li s na se da bi ili dobar dan imate".split(
      " ",
    ),
  ),
};

/** The language of a short text, or null when nothing tells. By script, then by frequent words. */
export function detectLanguage(text: string): Language | null {
  if (/\p{Script=Han}/u.test(text)) return "zh";
  if ((text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0) > text.length / 4) return "ru";
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  let best: Language | null = null;
  let most = 0;
  for (const [language, set] of Object.entries(marks) as [keyof typeof marks, ReadonlySet<string>][]) {
    const hits = words.filter((word) => set.has(word)).length;
    if (hits > most) [best, most] = [language, hits];
  }
  return best;
}
