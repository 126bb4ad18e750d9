/** What a turn begins with: the message, what was said before it, and the settings in force. */
import { type Conversation, findConversation } from "../conversations/conversation-table.ts";
import { findMessage, findReply, lastMessages, type StoredMessage } from "../conversations/messages.ts";
import type { Reader } from "../db/transaction.ts";
import { lexiconOf } from "../knowledge/question-lexicon.ts";
import { questionWords } from "../knowledge/question-text.ts";
import { splitSentences } from "../knowledge/sentences.ts";
import { detectLanguage, type Language } from "../language.ts";
import { readSettings, type Settings } from "../tenants/settings.ts";

export interface Question {
  readonly text: string;
  readonly history: readonly StoredMessage[];
  readonly settings: Settings;
  readonly language: Language;
}

export interface Situation extends Question {
  readonly conversation: Conversation;
  readonly message: StoredMessage;
}

const historyLimit = 12;

/** Null: there is nothing to answer; it was answered, or a person has taken over. */
export function readSituation(reader: Reader, conversationId: string, messageId: string): Situation | null {
  const conversation = findConversation(reader, conversationId);
  const message = findMessage(reader, conversationId, messageId);
  if (conversation === undefined || message === undefined || conversation.status !== "ai") return null;
  if (findReply(reader, messageId) !== undefined) return null;
  const history = lastMessages(reader, conversationId, message.seq, historyLimit);
  const { settings } = readSettings(reader);
  return {
    conversation,
    message,
    text: message.text,
    history,
    settings,
    language: languageOf(settings, message.text, history),
  };
}

/** The set language, or the visitor's own: of this message, else of the ones before. */
export function languageOf(settings: Settings, text: string, history: readonly StoredMessage[]): Language {
  if (settings.assistant.language !== "auto") return settings.assistant.language;
  const own = detectLanguage(text);
  if (own !== null) return own;
  const before = history.findLast(
    (message) => message.authorKind === "contact" && detectLanguage(message.text) !== null,
  );
  return (before === undefined ? null : detectLanguage(before.text)) ?? "en";
}

const refersBack =
  /^(and|also|but|what about|how about|und|auch|aber|was ist mit|y|pero|et|mais|a|i|А|И)\b|\b(it|its|that|this|they|them|those|these|there|one|es|das|dies|diese|davon|dafür|damit|eso|esto|ellos|ça|cela|ceci|to|ono|ovo)\b|(?:^|\P{L})(?:это|этого|он|она|они|этот)(?=\P{L}|$)|[那它这]/iu;
const mostWords = 8;

/**
 * What stands for something said before, by language. Articles that are pronouns too (French "le") and Croatian "je",
 * which is "is" as well, are left out: they stand in nearly every question.
 */
const standsFor: Readonly<Record<Language, RegExp>> = {
  en: /(?<!\p{L})(?:it|its|that|this|they|them|those|these|there|ones?|he|she|him)(?!\p{L})/iu,
  // "Sie" is whom the question is put to.
  de: /(?<!\p{L})(?:es|er|ihn|ihm|sie|das|diese?[ns]?|dies|davon|dafür|damit|dazu|dort)(?!\p{L})/u,
  es: /(?<!\p{L})(?:eso|esto|ello|lo|ellos|ellas|allí)(?!\p{L})/iu,
  fr: /(?<!\p{L})(?:ça|cela|ceci|ils?|elles?)(?!\p{L})/iu,
  hr: /(?<!\p{L})(?:to|ono|ovo|ga|ju|njega|nju|tamo)(?!\p{L})/iu,
  ru: /(?<!\p{L})(?:это|этого|этот|он|она|оно|они|его|её|ее|их|им|там)(?!\p{L})/iu,
  zh: /[那它这]/u,
};

/** A question mark, and what may stand behind it at the end of a sentence or before the next that begins small. */
const asking = /[?？؟](?=["'”’)!?\s]|$)/u;

/**
 * What a message asks, without what it tells beside that ("Hello, I was in your shop last week. Do you repair lamps?"):
 * its sentences with a question mark, each with the one before it where it refers to that. Null where nothing is left
 * out, or where no sentence asks.
 */
export function askedPart(message: string, language: Language): string | null {
  const sentences = splitSentences(message, 1).map(({ start, end }) => message.slice(start, end));
  const asks = sentences.map((sentence) => asking.test(sentence));
  const kept = sentences.filter(
    (_, index) => asks[index] || (asks[index + 1] && standsFor[language].test(sentences[index + 1] ?? "")),
  );
  return asks.includes(true) && kept.length < sentences.length ? kept.join(" ") : null;
}

const callsForHelp =
  /^(?:help|helps|helping|assist|assistance|ask|question|questions|speak|english|call|callback|back|contact|reply|something|anything|anyone|anybody|someone|somebody|hilfe|helfen|hilft|frage|fragen|etwas|jemand|weiterhelfen|sprechen|deutsch|zuruckrufen|ayuda|ayudar|ayudarme|pregunta|preguntar|algo|alguien|hablan|habla|espanol|ingles|aide|aider|question|demander|quelqu|chose|parlez|francais|anglais|pomoc|pomoci|pomozite|pitanje|pitati|netko|govorite|engleski|помочь|помощь|помогите|помогает|вопрос|спросить|говорите|русски|кто|нибудь)$/iu;

/** How many words of a question say something of their own; none of "Can you help me with something?" does. */
export function ownWords(question: string, language: Language): number {
  const { small, asking: asks } = lexiconOf(language);
  return questionWords(question).filter(
    (word) => /[\p{L}\p{N}]/u.test(word) && !small.has(word) && !asks.has(word) && !callsForHelp.test(word),
  ).length;
}

/**
 * Short questions that refer back ("and how much is it?") cannot stand alone. Shortness is not enough: a short question
 * about something else would be answered from what was asked before.
 */
export function leansOnEarlier(question: string): boolean {
  return (question.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) <= mostWords && refersBack.test(question);
}
