/**
 * Whether two questions ask the same, by their words. Cosines cannot tell: "Do you deliver from Austria?" is nearer to
 * "Do you deliver to Austria?" (.990) than most other ways to ask it. So nothing but small words may differ; what was
 * measured: docs/decisions/2026-11-25-question-answer-pairs.md.
 */
import { detectLanguage } from "../language.ts";
import { type Lexicon, lexiconOf, setNames } from "./question-lexicon.ts";
import { questionWords } from "./question-text.ts";

interface Sense {
  /** Words that mean something of their own, folded. */
  readonly content: readonly string[];
  /** Countries, weekdays and months, as names that are the same in all languages. */
  readonly names: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  /** What is asked for. */
  readonly asks: ReadonlySet<string>;
  readonly negated: boolean;
  readonly owners: ReadonlySet<"mine" | "yours">;
  /** Where from: "from the airport" gives airport. */
  readonly origins: ReadonlySet<string>;
}

const longestName = 4;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Endings that words take without becoming others. */
const endings =
  /^(?:s|es|n|en|e|er|em|r|d|ed|t|et|st|a|o|u|i|y|om|em|im|am|ama|ima|as|os|x|ы|и|а|у|е|о|я|ю|й|ь|ом|ем|ой|ей|ам|ах|ов)?$/u;

/** The same question in other words: nothing but small words, order and endings differs. */
export function asksTheSame(one: string, other: string): boolean {
  const [a, b] = senses(one, other);
  return (
    !differ(a, b) &&
    sameSet(a.asks, b.asks) &&
    a.content.length + a.names.size + a.numbers.size > 0 &&
    covers(a.content, b.content) &&
    covers(b.content, a.content)
  );
}

/**
 * Questions that one answer hardly fits: a name or the like differs, other things are asked for, or they share words
 * and each has another one where the other's stands ("gluten-free cakes", "sugar-free cakes").
 */
export function contradict(one: string, other: string): boolean {
  const [a, b] = senses(one, other);
  return differ(a, b) || (a.asks.size > 0 && b.asks.size > 0 && !sameSet(a.asks, b.asks)) || swapsWords(a, b);
}

/** In numbers, names, negation, whose it is, or where from. */
function differ(a: Sense, b: Sense): boolean {
  return (
    a.negated !== b.negated ||
    !sameSet(a.numbers, b.numbers) ||
    !sameSet(a.names, b.names) ||
    !sameSet(a.origins, b.origins) ||
    (a.owners.size > 0 && b.owners.size > 0 && !sameSet(a.owners, b.owners))
  );
}

function swapsWords(a: Sense, b: Sense): boolean {
  const left = (words: readonly string[], others: readonly string[]) =>
    words.filter((word) => !others.some((other) => sameWord(word, other))).length;
  const [leftA, leftB] = [left(a.content, b.content), left(b.content, a.content)];
  const shared = a.content.length - leftA + a.names.size + a.numbers.size;
  return shared > 0 && leftA > 0 && leftB > 0;
}

function senses(one: string, other: string): [Sense, Sense] {
  // Questions in two languages share too few words to be the same by them, so one language serves both.
  const lexicon = lexiconOf(detectLanguage(`${one} ${other}`));
  return [senseOf(one, lexicon), senseOf(other, lexicon)];
}

function senseOf(question: string, lexicon: Lexicon): Sense {
  const asks = new Set<string>();
  const names = new Set<string>();
  const numbers = new Set<string>();
  const owners = new Set<"mine" | "yours">();
  const origins = new Set<string>();
  const content: string[] = [];
  let negated = false;
  const words = questionWords(question).flatMap((word) =>
    unspaced.test(word) ? cutUp(word, lexicon) : [word],
  );
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const asked = lexicon.asks.find(({ phrase }) =>
      phrase.every((part, index) => words[at + index] === part),
    );
    // "May I…": a small word before it is a name.
    const name = lexicon.small.has(word) ? null : nameAt(words, at);
    if (asked !== undefined) {
      asks.add(asked.concept);
      at += asked.phrase.length - 1;
    } else if (name !== null) {
      names.add(name.name);
      at += name.length - 1;
    } else if (/^\p{N}/u.test(word)) numbers.add(word);
    else if (lexicon.not.has(word)) negated = true;
    else if (lexicon.from.has(word)) origins.add(nextWord(words, at, lexicon));
    else if (lexicon.mine.has(word)) owners.add("mine");
    else if (lexicon.yours.has(word)) owners.add("yours");
    else if (!lexicon.small.has(word)) content.push(word);
  }
  return { content, names, numbers, asks, negated, owners, origins };
}

const cuts = new WeakMap<Lexicon, readonly string[]>();

/** What is kept whole when a run without spaces is cut: the lexicon's words, and names; the longest first. */
function unspacedWords(lexicon: Lexicon): readonly string[] {
  const known = cuts.get(lexicon);
  if (known !== undefined) return known;
  const made = [
    ...lexicon.asks.flatMap(({ phrase }) => phrase),
    ...lexicon.small,
    ...lexicon.not,
    ...setNames().keys(),
  ]
    .filter((word) => unspaced.test(word))
    .sort((a, b) => b.length - a.length);
  cuts.set(lexicon, made);
  return made;
}

/** The words of a run that is written without spaces, as far as they are known; what is left, letter by letter. */
function cutUp(run: string, lexicon: Lexicon): string[] {
  const words = unspacedWords(lexicon);
  const found: string[] = [];
  for (let at = 0; at < run.length; ) {
    const word =
      words.find((part) => run.startsWith(part, at)) ?? String.fromCodePoint(run.codePointAt(at) ?? 0);
    found.push(word);
    at += Math.max(1, word.length);
  }
  return found;
}

function nameAt(words: readonly string[], at: number): { name: string; length: number } | null {
  const all = setNames();
  for (let length = Math.min(longestName, words.length - at); length > 0; length -= 1) {
    const text = words.slice(at, at + length).join(" ");
    const name = all.get(text) ?? (text.endsWith("s") ? all.get(text.slice(0, -1)) : undefined);
    if (name !== undefined) return { name, length };
  }
  return null;
}

/** What a word of direction belongs to: "from the airport" and "from you to the airport" are not the same. */
function nextWord(words: readonly string[], at: number, lexicon: Lexicon): string {
  const next = words.slice(at + 1).find((word) => !lexicon.small.has(word) || pronoun.test(word));
  return next ?? "";
}
const pronoun = /^(?:you|me|us|ihnen|uns|euch|mir|vous|nous|вас|нас)$/u;

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function covers(words: readonly string[], others: readonly string[]): boolean {
  return words.every((word) => others.some((other) => sameWord(word, other)));
}

/** Equal up to an ending. Numbers in a word ("x200") are part of its name. */
function sameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (/\p{N}/u.test(a + b)) return false;
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  const [restA, restB] = [a.slice(shared), b.slice(shared)];
  // Two endings that replace each other need more of a word before them than one that is added.
  const least = restA === "" || restB === "" ? 3 : 5;
  return shared >= least && endings.test(restA) && endings.test(restB);
}
