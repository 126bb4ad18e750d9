/**
 * The small words of questions in the languages that the product speaks: which say nothing of their own, and which
 * turn a question into another one. In a language that is not here every word counts.
 */
import { type Language, languages } from "../language.ts";
import { questionWords } from "./question-text.ts";

/** What is asked for: two questions that ask for different things are different, whatever else they share. */
const concepts = [
  "price",
  "time",
  "place",
  "person",
  "reason",
  "duration",
  "count",
  "distance",
  "often",
] as const;
type Concept = (typeof concepts)[number];

interface Words {
  /** Say nothing of their own. */
  readonly small: string;
  /** Turn a question into its opposite. */
  readonly not: string;
  readonly mine: string;
  readonly yours: string;
  /** Say where from: what follows belongs to them. */
  readonly from: string;
  /** Words and phrases, separated by commas. */
  readonly asks: Readonly<Partial<Record<Concept, string>>>;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    small:
      "a an the is are am be do does can could may might will would shall should must i me you we us they it its he she s m re ve ll to of in on at for by with as and or if there here this that these those what whats which how please have has had get want need like know tell possible any some also just about offer hi hello hey thanks thank",
    not: "not no never none nothing dont doesnt didnt cant cannot couldnt wont wouldnt isnt arent wasnt werent havent hasnt shouldnt",
    mine: "my mine our ours",
    yours: "your yours",
    from: "from",
    asks: {
      price: "how much, cost, costs, price, prices, pricing, priced",
      time: "when, what time",
      place: "where",
      person: "who, whos, whom, whose",
      reason: "why",
      duration: "how long",
      count: "how many",
      distance: "how far",
      often: "how often",
    },
  },
  de: {
    small:
      "der die das den dem des ein eine einen einem einer eines ist sind sei bin bist seid kann kannst konnen konnt konnte konnten darf durfen durft mochte mochten will wollen soll sollte sollen muss mussen wird werden wurde würden ich mich mir du dich dir sie ihr ihnen wir uns euch man es er zu zum zur von vom in im am an auf fur bei beim mit per nach und oder wenn ob da dort hier dies diese dieser dieses was wie welche welcher welches bitte haben habe habt hat hatte hatten gibt gern gerne moglich auch denn mal etwas hallo danke",
    not: "nicht kein keine keinen keinem keiner nie niemals nichts",
    mine: "mein meine meinen meinem meiner meines unser unsere unseren unserem unserer",
    yours: "ihr ihre ihren ihrem ihrer ihres euer eure euren eurem eurer dein deine deinen deinem deiner",
    from: "aus von",
    asks: {
      price: "wie viel, wieviel, kostet, kosten, preis, preise, wie teuer",
      time: "wann, um wie viel uhr, um wieviel uhr",
      place: "wo, wohin, woher",
      person: "wer, wem, wen, wessen",
      reason: "warum, wieso, weshalb",
      duration: "wie lange, wie lang",
      count: "wie viele, wieviele",
      distance: "wie weit",
      often: "wie oft",
    },
  },
  es: {
    small:
      "el la los las un una unos unas es son esta estan ser puedo puede pueden podria podrian se me te le nos les lo yo tu usted ustedes de del en a al por para con y o si hay que cual cuales como favor quiero quisiera necesito tengo tiene tienen posible esto este esa ese aqui hola gracias",
    not: "no nunca nada ninguno ninguna jamas",
    mine: "mi mis mio nuestro nuestra nuestros nuestras",
    yours: "su sus tu tus vuestro vuestra",
    from: "desde",
    asks: {
      price: "cuanto cuesta, cuanto cuestan, cuanto vale, cuesta, cuestan, precio, precios",
      time: "cuando, a que hora",
      place: "donde, adonde",
      person: "quien, quienes",
      reason: "por que",
      duration: "cuanto tiempo, cuanto dura, cuanto tarda",
      count: "cuantos, cuantas",
      distance: "a que distancia",
    },
  },
  fr: {
    small:
      "le la les l un une des de du d est sont etre puis peut peux pouvez pouvons je j tu il elle on nous vous ils elles se s me m te t y en a au aux pour par avec et ou si que qu quoi quel quelle quels quelles comment ce cet cette ces c voudrais veux veut plait possible avez ai ont avoir bonjour merci",
    not: "ne n pas jamais rien aucun aucune",
    mine: "mon ma mes notre nos",
    yours: "votre vos ton ta tes",
    from: "depuis",
    asks: {
      price: "combien coute, combien coutent, coute, coutent, prix, tarif, tarifs",
      time: "quand, a quelle heure",
      place: "ou se trouve, ou est, ou sont",
      person: "qui",
      reason: "pourquoi",
      duration: "combien de temps",
      count: "combien de",
    },
  },
  hr: {
    small:
      "je su si sam smo ste li da se ja mi vi ti on ona ono u na za s sa po od do i ili ako sto koji koja koje kako mogu moze mozete molim imate ima imam zelim trebam moguce to taj ta ovo bok hvala",
    not: "ne nije nisu nemate nema nemam nikad nikada bez",
    mine: "moj moja moje moju mog mojeg nas nasa nase",
    yours: "vas vasa vase vasu vaseg tvoj tvoja tvoje",
    from: "iz",
    asks: {
      price: "koliko kosta, koliko kostaju, kosta, kostaju, cijena, cijene",
      time: "kada, kad, u koliko sati",
      place: "gdje, kamo",
      person: "tko",
      reason: "zasto",
      duration: "koliko traje, koliko dugo",
      count: "koliko",
    },
  },
  ru: {
    small:
      "я мы вы ты он она оно они мне нам вам меня вас в во на за с со по к ко у о об и или если что как какой какая какое какие ли это есть можно могу можете пожалуйста хочу нужно здравствуйте спасибо возможна возможен возможно бы",
    not: "не нет ни никогда без нельзя",
    mine: "мой моя мое мои мою моего наш наша наше наши",
    yours: "ваш ваша ваше ваши вашу вашего твой твоя",
    from: "из от",
    asks: {
      price: "сколько стоит, сколько стоят, стоит, стоят, цена, цены",
      time: "когда, во сколько",
      place: "где, куда",
      person: "кто",
      reason: "почему, зачем",
      duration: "сколько времени, как долго",
      count: "сколько",
    },
  },
  zh: {
    small: "请问 吗 呢 吧 啊 你们 您 你 我们 我 的 了 是 可以 能 有 在 要 想",
    not: "不 没 别 无",
    mine: "",
    yours: "",
    from: "",
    asks: {
      price: "多少钱, 价格",
      time: "什么时候, 几点",
      place: "哪里, 在哪",
      person: "谁",
      reason: "为什么",
      duration: "多久",
    },
  },
};

export interface Lexicon {
  readonly small: ReadonlySet<string>;
  readonly not: ReadonlySet<string>;
  readonly mine: ReadonlySet<string>;
  readonly yours: ReadonlySet<string>;
  readonly from: ReadonlySet<string>;
  /** Single words that ask for a time, a place, a person or a reason: "when". */
  readonly asking: ReadonlySet<string>;
  /** Words of a phrase, folded, with what it asks for; the longest first. */
  readonly asks: readonly { readonly phrase: readonly string[]; readonly concept: Concept }[];
}

function setOf(text: string): Set<string> {
  return new Set(text.split(" ").flatMap(questionWords));
}

const askedByOneWord: readonly Concept[] = ["time", "place", "person", "reason"];

function lexicon({ asks, ...sets }: Words): Lexicon {
  const phrases = concepts.flatMap((concept) =>
    (asks[concept]?.split(", ") ?? []).map((phrase) => ({ phrase: questionWords(phrase), concept })),
  );
  return {
    small: setOf(sets.small),
    not: setOf(sets.not),
    mine: setOf(sets.mine),
    yours: setOf(sets.yours),
    from: setOf(sets.from),
    asking: new Set(
      phrases.flatMap(({ phrase, concept }) =>
        phrase.length === 1 && askedByOneWord.includes(concept) ? phrase : [],
      ),
    ),
    asks: phrases.sort((a, b) => b.phrase.length - a.phrase.length),
  };
}

const nothing: Lexicon = lexicon({ small: "", not: "", mine: "", yours: "", from: "", asks: {} });
const known = new Map<Language, Lexicon>();

/** @param language null: none is known, so no word is left out */
export function lexiconOf(language: Language | null): Lexicon {
  if (language === null) return nothing;
  const found = known.get(language) ?? lexicon(words[language]);
  known.set(language, found);
  return found;
}

const week = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 1 + day));
const year = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 15));
/** ISO 3166-1: asking for all pairs of letters instead takes three times as long. */
const regionCodes =
  "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split(
    " ",
  );
let names: ReadonlyMap<string, string> | undefined;

/**
 * Names that come in sets of which a question means one: countries, weekdays and months, in the languages above, from
 * the runtime's own tables. @returns a name that is the same in all of them, by the folded words
 */
export function setNames(): ReadonlyMap<string, string> {
  if (names !== undefined) return names;
  const made = new Map<string, string>();
  const add = (text: string, name: string) => {
    const folded = questionWords(text).join(" ");
    if (folded !== "" && !made.has(folded)) made.set(folded, name);
  };
  for (const language of languages) {
    const days = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
    for (const [index, day] of week.entries()) add(days.format(day), `day:${index}`);
    const months = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
    for (const [index, month] of year.entries()) add(months.format(month), `month:${index}`);
    const regions = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of regionCodes) {
      const name = regions.of(code);
      if (name !== undefined) add(name, `region:${code}`);
    }
  }
  names = made;
  return made;
}
