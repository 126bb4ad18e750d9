import {
  type DataMember,
  type DataObject,
  type DataValue,
  isEmpty,
  isField,
  isList,
  isText,
} from "./data-values.ts";

/** An object that is one piece of help: a heading with its text. */
export interface Article {
  readonly heading: string;
  readonly body: DataMember;
  readonly rest: DataObject;
}

const QUESTIONS = ["question", "q", "frage", "pregunta", "domanda", "pergunta", "вопрос", "prompt"];
const ANSWERS = [
  "answer",
  "a",
  "answers",
  "antwort",
  "respuesta",
  "risposta",
  "resposta",
  "réponse",
  "reponse",
  "ответ",
  "response",
  "completion",
];
// biome-ignore format: lists
const TITLES = ["title", "heading", "headline", "subject", "name", "label", "topic"];
const BODIES = ["body", "content", "text", "html", "markdown", "message", "article", "body_html", "encoded"];
/** These stand in records too ("name, description, price"): only a long one makes an article. */
const DESCRIPTIONS = ["description", "summary", "abstract", "details", "excerpt"];
const LONG_DESCRIPTION = 120;
const MAX_HEADING = 300;

/** @returns undefined when the object is no heading with a text */
export function asArticle(object: DataObject): Article | undefined {
  const question = find(object, QUESTIONS, isHeading);
  const answer = question && find(object, ANSWERS);
  if (question && answer) return articleOf(object, question, answer);
  const title = find(object, TITLES, isHeading);
  if (!title) return undefined;
  const body = find(object, [...BODIES, ...ANSWERS.slice(0, 1)]) ?? find(object, DESCRIPTIONS, isLong);
  return body && articleOf(object, title, body);
}

/** The member that names an object, if one does. */
export function titleOf(object: DataObject): DataMember | undefined {
  return find(object, [...TITLES, "id", "key"], isHeading);
}

/** The name of a file's whole content; false when it has none, because the name of its first part is not its own. */
export function nameOf(content: DataValue): string | false {
  if (isText(content) || isList(content)) return false;
  const name = find(content, TITLES, isHeading)?.[1];
  return name !== undefined && isText(name) && name;
}

export function without(object: DataObject, ...members: readonly DataMember[]): DataObject {
  return { members: object.members.filter((member) => !members.includes(member)) };
}

function articleOf(object: DataObject, heading: DataMember, body: DataMember): Article | undefined {
  const [, text] = heading;
  return isText(text) ? { heading: text, body, rest: without(object, heading, body) } : undefined;
}

function find(
  object: DataObject,
  names: readonly string[],
  fits: (value: DataValue) => boolean = () => true,
): DataMember | undefined {
  for (const name of names) {
    const member = object.members.find(
      ([key, value]) => key.toLowerCase() === name && !isEmpty(value) && fits(value),
    );
    if (member) return member;
  }
  return undefined;
}

function isHeading(value: DataValue): boolean {
  return isText(value) && value.length <= MAX_HEADING;
}

function isLong(value: DataValue): boolean {
  return isText(value) && (value.length > LONG_DESCRIPTION || !isField(value));
}
