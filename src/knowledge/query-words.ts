/** Which words of a question are searched for, how rare each is, and which of them a sentence holds. */
import type { Connection } from "../db/transaction.ts";
import { detectLanguage } from "../language.ts";
import { formsOf, questionWords } from "./index-words.ts";
import { lexiconOf } from "./question-lexicon.ts";
import { questionWords as foldedWords } from "./question-text.ts";
import type { TermDictionary, TextInLanguage } from "./term-dictionary.ts";
import { WordCounts } from "./word-counts.ts";

export interface QueryWord {
  /** The word as it stands in the question. */
  readonly surface: string;
  /** In the forms in which the index may have been given it, one a language. */
  readonly forms: readonly string[];
  /** The terms that the index makes of them (folded and stemmed). */
  readonly terms: readonly string[];
  /** Passages that hold it. */
  readonly documents: number;
  /** ln(1 + (N - n + 0.5) / (n + 0.5)): high for rare words, never negative. */
  readonly idf: number;
  /** It says nothing of its own ("the", "when"), in the language that the question seems to be in. */
  readonly isSmall: boolean;
  /** What a text that holds it is credited with: its idf, but little where the word says nothing of its own. */
  readonly credit: number;
}

export interface QuestionWords {
  /** All distinct words of the question in their order, those that no passage holds included (`documents` 0). */
  readonly all: readonly QueryWord[];
  /** Sum of `idf` over `all`. */
  readonly idfSum: number;
  readonly passages: number;
}

export interface QueryWords extends QuestionWords {
  /** Those that were searched for; where only meaning counts, those that would have been. */
  readonly searched: readonly QueryWord[];
}

/**
 * Where there are few passages, "Sie" and "how" are as rare as what the question is about. Of small businesses' near
 * misses .105 are answered with this, .116 without; 0 costs answers (.75 of the plain questions instead of .82).
 */
const smallWordCredit = 0.5;
const maxWords = 64;
const mostLanguages = 6;

/** Languages of the tenant's documents, each found by one look into the index. */
function languagesOf(connection: Connection): string[] {
  const languages: string[] = [];
  while (languages.length < mostLanguages) {
    const next = connection.reader.get<{ language: string | null }>(
      "SELECT min(language) AS language FROM documents WHERE language > ?",
      languages.at(-1) ?? "",
    )?.language;
    if (next === undefined || next === null) break;
    languages.push(next);
  }
  return languages;
}

/** Cuts the question into words and looks up how many passages hold each. */
export function analyseQuery(
  connection: Connection,
  dictionary: TermDictionary,
  question: string,
): QuestionWords {
  const languages = languagesOf(connection);
  const counts = WordCounts.of(connection);
  const { passages } = counts;
  const words = [...new Set(questionWords(question.slice(0, 4000)))]
    .slice(0, maxWords)
    .map((surface) => ({ surface, forms: formsOf(surface, languages) }));
  const allForms = words.flatMap(({ forms }) => forms);
  const termsOfForms = dictionary.termsOfWords(connection, allForms);
  const known = new Map(allForms.map((form, index) => [form, termsOfForms[index] ?? []]));
  const smallWord = smallWordsOf(question);
  const seen = new Set<string>();
  const all = words.flatMap(({ surface, forms }) => {
    const terms = [...new Set(forms.flatMap((form) => known.get(form) ?? []))];
    const name = terms.join(" ");
    if (terms.length === 0 || seen.has(name)) return [];
    seen.add(name);
    const documents = Math.min(
      passages,
      terms.reduce((sum, term) => sum + counts.documentsWith(term), 0),
    );
    const idf = inverseDocumentFrequency(documents, passages);
    const small = smallWord(surface);
    const credit = small === "small" ? Math.min(idf, smallWordCredit) : idf;
    return [{ surface, forms, terms, documents, idf, credit, isSmall: small !== null }];
  });
  const idfSum = all.reduce((sum, word) => sum + word.idf, 0);
  return { all, idfSum, passages };
}

/** "small": the word says nothing of its own; "asking": it says what is asked for ("when"); null: neither. */
function smallWordsOf(question: string): (surface: string) => "small" | "asking" | null {
  const { small, asking } = lexiconOf(detectLanguage(question));
  return (surface) => {
    const word = foldedWords(surface)[0] ?? "";
    return small.has(word) ? "small" : asking.has(word) ? "asking" : null;
  };
}

/** ln(1 + (N - n + 0.5) / (n + 0.5)) of a word that n of N passages hold. */
export function inverseDocumentFrequency(documents: number, passages: number): number {
  return Math.log(1 + Math.max(0, passages - documents + 0.5) / (documents + 0.5));
}

/** An FTS5 expression that finds any of the words: letters and digits in quotes, so nothing in them is an operator. */
export function anyOf(words: readonly QueryWord[]): string {
  return words.flatMap((word) => word.forms.map((form) => `"${form}"`)).join(" OR ");
}

/** Finds a question's words in texts. */
export class WordFinder {
  readonly #connection: Connection;
  readonly #dictionary: TermDictionary;
  /** By the numbers of their terms. */
  readonly #words = new Map<number, QueryWord[]>();

  constructor(connection: Connection, dictionary: TermDictionary, { all }: QuestionWords) {
    this.#connection = connection;
    this.#dictionary = dictionary;
    for (const word of all)
      for (const term of word.terms) {
        const number = dictionary.numberOf(term);
        const words = this.#words.get(number);
        if (words === undefined) this.#words.set(number, [word]);
        else words.push(word);
      }
  }

  /** Those that are among terms of the dictionary. */
  among(terms: readonly number[]): HeldWords {
    let held: Set<QueryWord> | null = null;
    for (const term of terms)
      for (const word of this.#words.get(term) ?? none) {
        held ??= new Set();
        held.add(word);
      }
    return held ?? noWords;
  }

  /** Those that stand in a text. */
  in(text: TextInLanguage): HeldWords {
    return this.among(this.#dictionary.termsOf(this.#connection, [text])[0] ?? []);
  }
}

/** The words of a question that a text holds. */
export type HeldWords = ReadonlySet<QueryWord>;
export const noWords: HeldWords = new Set();
const none: readonly QueryWord[] = [];

/** The share of the question's words, weighted by rarity, that these texts hold together; 0..1. */
export function coverage({ idfSum }: QuestionWords, held: HeldWords, ...more: readonly HeldWords[]): number {
  if (idfSum === 0) return 0;
  let sum = 0;
  for (const word of held) sum += word.credit;
  for (const [index, others] of more.entries())
    for (const word of others)
      if (!held.has(word) && !more.slice(0, index).some((before) => before.has(word))) sum += word.credit;
  return sum / idfSum;
}

/** The share of the question's words that stand in some passage; 0..1. */
export function knownShare(words: QuestionWords): number {
  if (words.all.length === 0) return 0;
  return words.all.filter((word) => word.documents > 0).length / words.all.length;
}
