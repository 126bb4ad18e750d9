/** Which words of a question are searched for, how rare each is, and which of them a sentence holds. */
import type { Connection } from "../db/transaction.ts";
import { detectLanguage } from "../language.ts";
import { formsOf, indexedText, questionWords, wordPattern } from "./index-words.ts";
import { lexiconOf } from "./question-lexicon.ts";
import { questionWords as foldedWords } from "./question-text.ts";
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

/**
 * Terms of each word, found by a scratch FTS5 table of this connection with the index's own tokenizer settings: it is
 * given the words and its vocabulary read back. All in a savepoint that is rolled back, so that it stays empty:
 * deleting would leave its index longer each time, and inserting word by word would write it out each time.
 */
function tokenise(connection: Connection, words: readonly string[]): string[][] {
  const { handle, reader } = connection;
  handle.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.scratch USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2');
     CREATE VIRTUAL TABLE IF NOT EXISTS temp.scratch_terms USING fts5vocab (temp, scratch, instance);
     SAVEPOINT scratch;`,
  );
  try {
    const insert = handle.prepare("INSERT INTO temp.scratch (rowid, text) VALUES (?, ?)");
    const terms = words.map((): string[] => []);
    // As one text first, where the n-th term is the n-th word's: a row each costs ten times as much.
    insert.run(-1, words.join(" "));
    const together = reader.all<{ place: number; term: string }>(
      'SELECT "offset" AS place, term FROM temp.scratch_terms',
    );
    if (together.length === words.length) {
      for (const row of together) terms[row.place]?.push(row.term);
      return terms;
    }
    // Some word is cut into several terms, or is none.
    handle.exec("ROLLBACK TO scratch");
    for (const [index, word] of words.entries()) insert.run(index, word);
    for (const row of reader.all<{ doc: number; term: string }>("SELECT doc, term FROM temp.scratch_terms"))
      terms[row.doc]?.push(row.term);
    return terms;
  } finally {
    handle.exec("ROLLBACK TO scratch; RELEASE scratch;");
  }
}

/**
 * Terms of words seen lately. The same words come again and again, and asking FTS5 for each text anew took most of a
 * search's time (twenty passages: over 36 ms, against 3 ms by this table).
 */
const dictionary = new Map<string, readonly string[]>();
const dictionarySize = 100_000;

/** Looks the words up that are not known yet, all in one go. */
function learn(connection: Connection, words: readonly string[]): void {
  const missing = new Set<string>();
  for (const word of words) if (!dictionary.has(word)) missing.add(word);
  if (missing.size === 0) return;
  const isFull = dictionary.size + missing.size > dictionarySize;
  if (isFull) dictionary.clear();
  const unknown = [...(isFull ? new Set(words) : missing)];
  const terms = tokenise(connection, unknown);
  for (const [index, word] of unknown.entries()) dictionary.set(word, terms[index] ?? []);
}

export interface TextInLanguage {
  readonly text: string;
  /** ISO 639-1; null: not known. */
  readonly language: string | null;
}

/** Terms of each text, by the index's own tokenizer. */
export function termsOf(connection: Connection, texts: readonly TextInLanguage[]): Set<string>[] {
  const split = texts.map(
    ({ text, language }) => indexedText(text, language).toLowerCase().match(wordPattern) ?? [],
  );
  // One look at each word, in plain loops: a search cuts hundreds of sentences up.
  const unknown: string[] = [];
  const setOf = (words: readonly string[]): Set<string> => {
    const terms = new Set<string>();
    for (const word of words) {
      const own = dictionary.get(word);
      if (own === undefined) unknown.push(word);
      else for (const term of own) terms.add(term);
    }
    return terms;
  };
  const found = split.map(setOf);
  if (unknown.length === 0) return found;
  // All of them: the dictionary may be begun anew.
  learn(connection, split.flat());
  return split.map(setOf);
}

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
export function analyseQuery(connection: Connection, question: string): QuestionWords {
  const languages = languagesOf(connection);
  const counts = WordCounts.of(connection);
  const { passages } = counts;
  const words = [...new Set(questionWords(question.slice(0, 4000)))]
    .slice(0, maxWords)
    .map((surface) => ({ surface, forms: formsOf(surface, languages) }));
  learn(
    connection,
    words.flatMap(({ forms }) => forms),
  );
  const smallWord = smallWordsOf(question);
  const seen = new Set<string>();
  const all = words.flatMap(({ surface, forms }) => {
    const terms = [...new Set(forms.flatMap((form) => dictionary.get(form) ?? []))];
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

/** The share of the question's words, weighted by rarity, that are among `terms` (or `more`); 0..1. */
export function coverage(
  words: QuestionWords,
  terms: ReadonlySet<string>,
  ...more: readonly (ReadonlySet<string> | undefined)[]
): number {
  if (words.idfSum === 0) return 0;
  let sum = 0;
  for (const word of words.all)
    if (word.terms.some((term) => terms.has(term) || more.some((set) => set?.has(term)))) sum += word.credit;
  return sum / words.idfSum;
}

/** The share of the question's words that stand in some passage; 0..1. */
export function knownShare(words: QuestionWords): number {
  if (words.all.length === 0) return 0;
  return words.all.filter((word) => word.documents > 0).length / words.all.length;
}
