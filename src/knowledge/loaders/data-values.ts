/** What data files are made of, whatever their syntax: texts, lists and objects. Numbers are text as it was written. */
export type DataValue = string | readonly DataValue[] | DataObject;
/** A name may stand more than once (XML). */
export interface DataObject {
  readonly members: readonly DataMember[];
}
export type DataMember = readonly [name: string, value: DataValue];

/** A longer text, or one of several lines, is a paragraph and no field of a record. */
const MAX_FIELD = 200;

export function isText(value: DataValue): value is string {
  return typeof value === "string";
}

export function isList(value: DataValue): value is readonly DataValue[] {
  return Array.isArray(value);
}

/** Nothing to read in it, at any depth. */
export function isEmpty(value: DataValue): boolean {
  if (isText(value)) return value.trim() === "";
  return isList(value) ? value.every(isEmpty) : value.members.every(([, member]) => isEmpty(member));
}

export function isField(text: string): boolean {
  return text.length <= MAX_FIELD && !/\n\s*\S/.test(text) && !looksHtml(text);
}

/** Exports of help desks keep their articles as HTML inside of JSON or XML. */
export function looksHtml(text: string): boolean {
  return /<(?:p|div|br|ul|ol|li|h[1-6]|table|strong|em|a|span|b|i)(?:\s[^<>]*)?\/?>/i.test(text);
}

/** "a, b, c" when a list holds nothing but fields. */
export function joinedFields(list: readonly DataValue[]): string | undefined {
  const texts = list.filter(isText);
  if (texts.length < list.length || !texts.every(isField)) return undefined;
  const joined = texts.filter((text) => text.trim() !== "").join(", ");
  return isField(joined) ? joined : undefined;
}

/**
 * The members as names and short texts, those of inner objects by their path ("size.width"); undefined when one of
 * them is more than that.
 */
export function flatFields(object: DataObject, prefix = ""): (readonly [string, string])[] | undefined {
  const fields: (readonly [string, string])[] = [];
  for (const [name, value] of object.members) {
    if (isEmpty(value)) continue;
    const path = `${prefix}${name}`;
    if (isText(value)) {
      if (!isField(value)) return undefined;
      fields.push([path, value]);
    } else if (isList(value)) {
      const joined = joinedFields(value);
      if (joined === undefined) return undefined;
      fields.push([path, joined]);
    } else {
      const inner = flatFields(value, `${path}.`);
      if (!inner) return undefined;
      fields.push(...inner);
    }
  }
  return fields;
}
