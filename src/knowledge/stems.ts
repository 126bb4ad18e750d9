/** Stems of words by the Snowball algorithms. English is not here: FTS5's Porter tokenizer does it. */
import { stemmer as ar } from "@orama/stemmers/arabic";
import { stemmer as bg } from "@orama/stemmers/bulgarian";
import { stemmer as da } from "@orama/stemmers/danish";
import { stemmer as nl } from "@orama/stemmers/dutch";
import { stemmer as fi } from "@orama/stemmers/finnish";
import { stemmer as fr } from "@orama/stemmers/french";
import { stemmer as de } from "@orama/stemmers/german";
import { stemmer as el } from "@orama/stemmers/greek";
import { stemmer as hu } from "@orama/stemmers/hungarian";
import { stemmer as it } from "@orama/stemmers/italian";
import { stemmer as no } from "@orama/stemmers/norwegian";
import { stemmer as pt } from "@orama/stemmers/portuguese";
import { stemmer as ro } from "@orama/stemmers/romanian";
import { stemmer as ru } from "@orama/stemmers/russian";
import { stemmer as sr } from "@orama/stemmers/serbian";
import { stemmer as es } from "@orama/stemmers/spanish";
import { stemmer as sv } from "@orama/stemmers/swedish";
import { stemmer as tr } from "@orama/stemmers/turkish";

type Stem = (word: string) => string;

/** Croatian and Bosnian differ from Serbian in few endings; the algorithm takes Latin letters. */
const stems: ReadonlyMap<string, Stem> = new Map(
  Object.entries({ ar, bg, bs: sr, da, de, el, es, fi, fr, hr: sr, hu, it, nl, no, pt, ro, ru, sr, sv, tr }),
);

/** Words come again and again; stemming one takes 1.5 µs. */
const known = new Map<string, string>();
const mostKnown = 200_000;
/** Longer ones are no words. */
const longest = 40;

/** The stemmer of a language (ISO 639-1), for words in lower case; null when it has none. */
export function stemOf(language: string | null): Stem | null {
  const stem = language === null ? undefined : stems.get(language);
  if (stem === undefined) return null;
  return (word) => {
    if (word.length > longest) return word;
    const name = `${language} ${word}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    // A stemmer that leaves nothing of a word would make it unfindable.
    const made = stem(word) || word;
    if (known.size >= mostKnown) known.clear();
    known.set(name, made);
    return made;
  };
}
