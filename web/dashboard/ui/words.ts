const NAMES: Readonly<Record<string, string>> = {
  retrieval: "The documents hold an answer",
  grounded: "It rests on the sources",
  smallTalk: "Only a greeting or thanks",
  askedForPerson: "Asked for a person",
};
/** Signals that are 1 or 0 for yes or no. */
const FLAGS: ReadonlySet<string> = new Set(["grounded", "smallTalk", "askedForPerson"]);

/** Whether there was something to be sure of: greetings and the wish for a person are answered without documents. */
export function isJudged({ signals }: { readonly signals: Readonly<Record<string, number>> }): boolean {
  return signals.smallTalk === undefined && signals.askedForPerson === undefined;
}

/** A part of the confidence in words. */
export function signalName(name: string): string {
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? spelledOut(name);
}

export function signalValue(name: string, value: number): string {
  if (FLAGS.has(name)) return value >= 0.5 ? "yes" : "no";
  return String(Math.round(value * 100) / 100);
}

/** A program's name for people: "topScore" → "Top score", "prompt_tokens" → "Prompt tokens". */
export function spelledOut(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
