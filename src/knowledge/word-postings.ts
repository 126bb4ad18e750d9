/**
 * Postings of the words that stand in many passages, read from FTS5 once and kept in memory: adding them up there takes
 * a hundredth of the time. Measured: docs/decisions/2026-11-26-postings-in-memory.md.
 */
import type { Connection } from "../db/transaction.ts";
import { machineMemory } from "../memory.ts";
import { Postings } from "./postings.ts";
import { anyOf, type QueryWord } from "./query-words.ts";

interface Kept {
  readonly connection: Connection;
  /** How many passages there were when it was begun: the weight of a word depends on it. */
  readonly passages: number;
  readonly postings: Postings;
  /** All that there was has been read once; what came since is read in time. */
  isWhole: boolean;
  /** What was known before, used until `postings` are whole; null: they are, or nothing was known. */
  before: Postings | null;
}

export interface KnownWord {
  readonly word: QueryWord;
  readonly postings: Postings;
}

/** A thirty-second of the machine's memory, for all databases together; a word takes 6 bytes a passage that holds it. */
const defaultBudget = Math.max(96 * 1024 * 1024, machineMemory() / 32);
/** Postings read at once: 3 ms and, of words that stand in more than 40,000 passages, as long as FTS5 takes to begin. */
const readAtOnce = 4_000;
const sharedBegin = 1 / 20;
/** Between slices while questions come. */
const pauseMs = 15;
/** Words in no more passages are quickly read: FTS5 begins with them in a millisecond. */
const quicklyRead = 20_000;
/** Read anew when the number of passages has changed by more; those that take long, later. */
const tolerance = 0.02;
const toleranceOfLong = 0.1;
/** Passages that were replaced leave their postings behind: read anew when so many more are kept than there are. */
const mostLeftBehind = 1.25;
const fewLeftBehind = 300;
/** What came since is read at once if it is no more than so many passages, and the word quickly read. */
const fewPassages = 5_000;

export class WordPostings {
  /** By database and word; the last used is last. */
  readonly #kept = new Map<string, Kept>();
  /** Words to be read, with the key up to which. */
  readonly #waiting = new Map<string, number>();
  #reading = false;
  #lastAsked = 0;

  /** @param budget bytes */
  constructor(readonly budget = defaultBudget) {}

  /**
   * The postings of those words that are known. The rest is read between searches and known afterwards.
   * @param words the ones first that are to be read at once
   * @param readNow the postings that may be read at once
   */
  of(
    connection: Connection,
    path: string,
    words: readonly QueryWord[],
    passages: number,
    readNow: number,
  ): KnownWord[] {
    this.#lastAsked = performance.now();
    if (words.length === 0) return [];
    const newest =
      connection.reader.get<{ key: number | null }>("SELECT max(key) AS key FROM chunks")?.key ?? 0;
    let left = readNow;
    const known = words.flatMap((word): KnownWord[] => {
      const name = `${path} ${anyOf([word])}`;
      const kept = this.#take(connection, name, word, passages);
      const { postings } = kept;
      if (!this.#isKnown(kept, name, word, newest)) {
        if (word.documents > left) {
          this.#readLater(name, newest);
          return kept.before === null ? [] : [{ word, postings: kept.before }];
        }
        left -= word.documents;
        while (postings.readTo < newest) postings.readOn(connection.reader, newest, Number.MAX_SAFE_INTEGER);
      }
      kept.before = null;
      kept.isWhole = true;
      return [{ word, postings }];
    });
    this.#keepWithinBudget();
    return known;
  }

  /** Whether words are being read. */
  get isReading(): boolean {
    return this.#reading;
  }

  /** Lets go of what belongs to a connection that is closed. */
  forget(connection: Connection): void {
    for (const [name, kept] of this.#kept) if (kept.connection === connection) this.#kept.delete(name);
  }

  /** What is kept of the word, or a new beginning. */
  #take(connection: Connection, name: string, word: QueryWord, passages: number): Kept {
    const known = this.#kept.get(name);
    this.#kept.delete(name);
    const own = known?.connection === connection ? known : undefined;
    const share = word.documents <= quicklyRead ? tolerance : toleranceOfLong;
    const isGood =
      own !== undefined &&
      Math.abs(own.passages - passages) <= passages * share &&
      own.postings.size <= word.documents * mostLeftBehind + fewLeftBehind;
    const kept = isGood
      ? own
      : {
          connection,
          passages,
          postings: new Postings(anyOf([word]), word.documents),
          isWhole: false,
          before: own?.isWhole === true ? own.postings : (own?.before ?? null),
        };
    this.#kept.set(name, kept);
    return kept;
  }

  /** Whether it holds all passages, but for a few new ones where those take long: they have other words too. */
  #isKnown({ connection, postings }: Kept, name: string, word: QueryWord, newest: number): boolean {
    const missing = newest - postings.readTo;
    if (missing <= 0) return true;
    if (postings.readTo === 0 || missing > fewPassages) return false;
    if (word.documents <= quicklyRead) postings.readOn(connection.reader, newest, Number.MAX_SAFE_INTEGER);
    else this.#readLater(name, newest);
    return true;
  }

  #readLater(name: string, newest: number): void {
    this.#waiting.set(name, newest);
    if (!this.#reading) setTimeout(() => this.#readWaiting(), 0);
    this.#reading = true;
  }

  /** One slice after the other, a word at a time; while somebody asks, so that most of the time is left to him. */
  #readWaiting(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#reading = false;
      return;
    }
    const [name, newest] = next;
    const kept = this.#kept.get(name);
    // Let go of meanwhile: the connection may be closed.
    if (kept === undefined || kept.postings.readTo >= newest) this.#waiting.delete(name);
    else
      try {
        const { connection, postings } = kept;
        postings.readOn(connection.reader, newest, readAtOnce + Math.ceil(postings.capacity * sharedBegin));
        this.#keepWithinBudget();
      } catch {
        // The database is busy or damaged: who asks next learns of it.
        this.#kept.delete(name);
      }
    const isAsked = performance.now() - this.#lastAsked < pauseMs;
    setTimeout(() => this.#readWaiting(), isAsked ? pauseMs : 0);
  }

  #keepWithinBudget(): void {
    const bytesOf = ({ postings, before }: Kept) => postings.bytes + (before?.bytes ?? 0);
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += bytesOf(kept);
    for (const [name, kept] of this.#kept) {
      if (bytes <= this.budget) break;
      this.#kept.delete(name);
      bytes -= bytesOf(kept);
    }
  }
}
