/** The terms that the word index makes of texts, found by its own tokenizer and remembered word by word. */
import type { Connection } from "../db/transaction.ts";
import { cutIntoWords, isWordUnit, wordPattern } from "./index-words.ts";
import { stemOf } from "./stems.ts";

export interface TextInLanguage {
  readonly text: string;
  /** ISO 639-1; null: not known. */
  readonly language: string | null;
}

/** A text as its words are looked up. */
interface Line {
  readonly line: string;
  /** The language whose stems are taken; null: none. */
  readonly stemmed: string | null;
}

/** By the language whose stems are taken. */
type Missing = Map<string | null, Set<string>>;

/** Words of all languages together. */
const mostWords = 100_000;

/**
 * A search looks at thousands of words, nearly all of them known: a text is scanned and its words are looked up where
 * they stand, without making a string of each (which took a quarter of a search's time). Terms are numbers, good until
 * `refresh` says otherwise.
 */
export class TermDictionary {
  /** By the language whose stems are taken; null: none. */
  readonly #words = new Map<string | null, KnownWords>();
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  /** @param most words that are remembered */
  constructor(readonly most = mostWords) {}

  /**
   * Begins anew when it has grown too large. To be called between searches only.
   * @returns whether the numbers given out before are no longer good
   */
  refresh(): boolean {
    let size = 0;
    for (const words of this.#words.values()) size += words.size;
    if (size <= this.most) return false;
    this.#words.clear();
    this.#numbers.clear();
    this.#names.length = 0;
    return true;
  }

  /** Numbers of the terms of each text; those that stand in it several times may come several times. */
  termsOf(connection: Connection, texts: readonly TextInLanguage[]): number[][] {
    return this.#find(
      connection,
      texts.map(({ text, language }) => ({
        line: cutIntoWords(text).toLowerCase(),
        stemmed: stemOf(language) === null ? null : language,
      })),
    );
  }

  /** Terms of single words in lower case, as they stand: neither cut nor stemmed. */
  termsOfWords(connection: Connection, words: readonly string[]): string[][] {
    const lines = words.map((line) => ({ line, stemmed: null }));
    return this.#find(connection, lines).map((numbers) => numbers.map((number) => this.nameOf(number)));
  }

  /** The number of a term, given to it now if it has none yet. */
  numberOf(term: string): number {
    const known = this.#numbers.get(term);
    if (known !== undefined) return known;
    const number = this.#names.push(term) - 1;
    this.#numbers.set(term, number);
    return number;
  }

  nameOf(number: number): string {
    return this.#names[number] ?? "";
  }

  #find(connection: Connection, lines: readonly Line[]): number[][] {
    const missing: Missing = new Map();
    const found = lines.map((line) => this.#scan(line, missing));
    if (missing.size === 0) return found;
    for (const [language, words] of missing) this.#learn(connection, language, [...words]);
    return lines.map((line) => this.#scan(line, missing));
  }

  /** @param missing is given the words that are not known */
  #scan({ line, stemmed }: Line, missing: Missing): number[] {
    const known = this.#wordsOf(stemmed);
    const terms: number[] = [];
    let start = -1;
    let hash = 0;
    for (let at = 0; at <= line.length; at += 1) {
      const unit = at < line.length ? line.charCodeAt(at) : 0;
      if (isWordUnit(unit, line, at)) {
        if (start < 0) {
          start = at;
          hash = hashStart;
        }
        hash = Math.imul(hash ^ unit, hashFactor);
      } else if (start >= 0) {
        if (!known.addTerms(line, start, at, hash, terms)) {
          const words = missing.get(stemmed) ?? new Set();
          missing.set(stemmed, words.add(line.slice(start, at)));
        }
        start = -1;
      }
    }
    return terms;
  }

  #wordsOf(language: string | null): KnownWords {
    const words = this.#words.get(language) ?? new KnownWords();
    this.#words.set(language, words);
    return words;
  }

  /** Looks the words up that are not known yet, all in one go. */
  #learn(connection: Connection, language: string | null, words: readonly string[]): void {
    const stem = stemOf(language);
    const forms = words.map((word) => (stem === null ? [word] : (stem(word).match(wordPattern) ?? [])));
    const terms = tokenise(connection, forms.flat());
    const known = this.#wordsOf(language);
    let from = 0;
    for (const [index, word] of words.entries()) {
      const to = from + (forms[index]?.length ?? 0);
      known.add(
        word,
        terms.slice(from, to).flatMap((own) => own.map((term) => this.numberOf(term))),
      );
      from = to;
    }
  }
}

/** FNV-1a over UTF-16 code units, 32 bits; from another start in each process, so that nobody can make words collide. */
const hashStart = crypto.getRandomValues(new Int32Array(1))[0] ?? 0;
const hashFactor = 0x01000193;

const firstSlots = 4096;
const firstUnits = 32_768;
/** Of a slot: the hash, where the word begins among the units plus 1 (0: free), its length, its term. */
const slotSize = 4;
/** In the place of the term: the word has none or several, see `#lists`. */
const listed = -1;

/**
 * A hash table with open addressing whose keys can be looked up where they stand in a text. All of it lies in two arrays
 * of integers: objects here and there cost more time than the comparing.
 */
class KnownWords {
  #slots = new Int32Array(firstSlots * slotSize);
  /** The words, one after the other. */
  #units = new Uint16Array(firstUnits);
  #used = 0;
  #size = 0;
  /** Terms of words that have none or several, by where they begin among the units. */
  readonly #lists = new Map<number, readonly number[]>();

  get size(): number {
    return this.#size;
  }

  /** Adds the terms of the word at `from` to `to` in the text; false: it is not known. */
  addTerms(text: string, from: number, to: number, hash: number, terms: number[]): boolean {
    const slots = this.#slots;
    const mask = slots.length / slotSize - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const at = slot * slotSize;
      const start = (slots[at + 1] ?? 0) - 1;
      if (start < 0) return false;
      if (slots[at] !== hash || slots[at + 2] !== to - from || !this.#standsAt(text, from, to, start))
        continue;
      const term = slots[at + 3] ?? listed;
      if (term === listed) terms.push(...(this.#lists.get(start) ?? []));
      else terms.push(term);
      return true;
    }
  }

  /** @param word that is not known yet */
  add(word: string, terms: readonly number[]): void {
    const start = this.#used;
    this.#reserve(word.length);
    let hash = hashStart;
    for (let at = 0; at < word.length; at += 1) {
      const unit = word.charCodeAt(at);
      hash = Math.imul(hash ^ unit, hashFactor);
      this.#units[start + at] = unit;
    }
    this.#used += word.length;
    this.#size += 1;
    if (terms.length !== 1) this.#lists.set(start, terms);
    if (this.#size * slotSize * 2 > this.#slots.length) this.#grow();
    this.#put(hash, start + 1, word.length, terms.length === 1 ? (terms[0] ?? listed) : listed);
  }

  #standsAt(text: string, from: number, to: number, start: number): boolean {
    const units = this.#units;
    for (let at = from, unit = start; at < to; at += 1, unit += 1)
      if (text.charCodeAt(at) !== units[unit]) return false;
    return true;
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#units.length) return;
    const units = new Uint16Array(Math.max(this.#used + more, this.#units.length * 2));
    units.set(this.#units);
    this.#units = units;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += slotSize)
      if (before[at + 1] !== 0)
        this.#put(before[at] ?? 0, before[at + 1] ?? 0, before[at + 2] ?? 0, before[at + 3] ?? 0);
  }

  #put(hash: number, begin: number, length: number, term: number): void {
    const mask = this.#slots.length / slotSize - 1;
    let slot = hash & mask;
    while (this.#slots[slot * slotSize + 1] !== 0) slot = (slot + 1) & mask;
    this.#slots.set([hash, begin, length, term], slot * slotSize);
  }
}

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
