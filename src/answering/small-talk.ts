/** Greetings and thanks: answered as such, not looked up in documents. */
import type { Language } from "../language.ts";

const greetings = new Set(
  "hi hello hey good morning afternoon evening there hallo guten tag morgen abend moin servus hola buenos buenas días dias tardes noches bonjour bonsoir salut bok zdravo dobar dan jutro večer привет здравствуйте добрый день утро вечер 你好 您好 早上好 晚上好".split(
    " ",
  ),
);
const thanks = new Set(
  "thanks thank you very much thx ok okay great danke vielen dank schön gracias muchas merci beaucoup hvala lijepo puno спасибо большое 谢谢 多谢".split(
    " ",
  ),
);
const maxWords = 4;

/** What a message is when it is nothing else, or null. */
export function smallTalk(text: string): "hello" | "thanks" | null {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length === 0 || words.length > maxWords || text.includes("?")) return null;
  if (words.every((word) => greetings.has(word))) return "hello";
  if (words.every((word) => thanks.has(word))) return "thanks";
  return null;
}

const wishes: Record<Language, RegExp> = {
  en: /\b(talk|speak|chat|connect|transfer)\b.{0,20}\b(human|person|agent|someone|representative|operator|employee)\b|\b(real|live) (human|person|agent)\b|^(human|agent|person)( please)?\W*$/i,
  de: /\b(mit|einen|einem)\b.{0,20}\b(menschen?|mitarbeiter(in)?|berater(in)?|person)\b.{0,20}\b(sprechen|reden|verbinden)\b|^(mensch|mitarbeiter)( bitte)?\W*$/i,
  es: /\b(hablar|chatear|comunicarme)\b.{0,20}\b(persona|humano|agente|alguien)\b/i,
  fr: /\b(parler|discuter)\b.{0,25}\b(personne|humain|agent|conseiller|quelqu'un)\b/i,
  hr: /\b(razgovarati|pričati|govoriti)\b.{0,20}\b(osobom|čovjekom|agentom|djelatnikom)\b/i,
  ru: /(поговорить|связаться|соедини\S*).{0,20}(человек\S*|оператор\S*|сотрудник\S*)|^(оператор|человек)\P{L}*$/iu,
  zh: /(人工|真人)(客服|服务)?|转人工/,
};

/** Whether the visitor asks for a person, in any of the languages. */
export function asksForPerson(text: string): boolean {
  return text.length <= 200 && Object.values(wishes).some((wish) => wish.test(text));
}
